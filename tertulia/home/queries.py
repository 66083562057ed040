"""What the front page says of itself, and until when something stands in copies."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi, gettext

from tertulia.design.cards import Card, cut
from tertulia.design.share import Share
from tertulia.home.models import HomePage
from tertulia.kit.registry import goings

DESCRIPTION = 160


def days_in_copies() -> dict[str, int]:
    """For how many days after the close of an event sealed copies hold names, and what was said: what is offered."""
    return {one.name: one.days for one in goings if one.days is not None and one.name.endswith("_in_copies")}


def front_share(page: HomePage, language: str) -> Share:
    """What the front page says of itself where it is passed on, with the words around it in `language`."""
    words = (
        page.search_description
        or page.welcome
        or gettext("Talk, poems, films and ideas, under one sky. Come as you are: no real name, no e-mail, no camera.")
    )
    card = _card(page, language)
    picture = reverse("home:front_card", args=[card.name])
    return Share(
        page.motto or settings.ORGANISATION, Truncator(" ".join(words.split())).chars(DESCRIPTION), card, picture
    )


def _card(page: HomePage, language: str) -> Card:
    return Card(
        title=cut(page.motto or settings.ORGANISATION),
        title_language=page.locale.language_code if page.motto else language,
        language=language,
        foot=settings.ORGANISATION if page.motto else "",
        seed=settings.ORGANISATION,
        dusk=settings.ORGANISATION,
        is_from_right=get_language_bidi(),
    )
