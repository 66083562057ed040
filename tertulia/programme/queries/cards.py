"""What stands on the share cards of events and sessions: no person, since nobody was asked for that."""

from __future__ import annotations

import html
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi, gettext

from tertulia.design.cards import Card, cut
from tertulia.design.clock import utc_hour
from tertulia.design.queries import place_of
from tertulia.design.share import Share
from tertulia.programme.queries.events import Shown
from tertulia.programme.queries.programme import Airing
from tertulia.programme.queries.sessions import SessionShown
from tertulia.programme.templatetags.festival import days, long_day, paragraphs

DESCRIPTION = 160


def event_card(shown: Shown, language: str) -> Card:
    """The card of an event, with the words of the page around it in `language`."""
    return Card(
        title=cut(shown.text.title),
        title_language=shown.text.language,
        language=language,
        over=days(shown.event.starts_on, shown.event.ends_on),
        foot=settings.ORGANISATION,
        seed=shown.event.slug,
        dusk=shown.event.slug,
        is_from_right=get_language_bidi(),
    )


def session_card(shown: Shown, found: SessionShown, language: str) -> Card:
    """The card of the session that was `found`: its event, its title, and its first time with the dial, if it has one.

    The words around its title are in `language`.
    """
    first = found.airings[0] if found.airings else None
    return Card(
        title=cut(found.text.title),
        title_language=found.text.language,
        language=language,
        over=cut(shown.text.title, 80),
        under=_when(first, language) if first else "",
        foot=settings.ORGANISATION,
        seed=found.session.slug,
        dusk=shown.event.slug,
        points=18,
        ground=300,
        hour=utc_hour(first.slot.starts_at) if first else None,
        is_from_right=get_language_bidi(),
    )


def event_share(shown: Shown, language: str) -> Share:
    """What an event's page says of itself where it is passed on, in `language`."""
    card = event_card(shown, language)
    picture = reverse("programme:event_card", args=[shown.event.slug, card.name])
    return Share(shown.text.title, _short(shown.text.tagline or shown.text.title), card, picture)


def programme_share(shown: Shown, language: str) -> Share:
    """As `event_share`, for the page of the whole programme; `shown` is the event, `language` that of the page."""
    return replace(event_share(shown, language), title=gettext("Programme of %(title)s") % {"title": shown.text.title})


def session_share(shown: Shown, found: SessionShown, language: str) -> Share:
    """What the page of the session that was `found` says of itself where it is passed on, in `language`."""
    card = session_card(shown, found, language)
    picture = reverse("programme:session_card", args=[shown.event.slug, found.session.slug, card.name])
    return Share(found.text.title, _short(found.text.abstract or found.text.title), card, picture, kind="article")


def _when(airing: Airing, language: str) -> str:
    """`Tuesday, 16 November 2021 · Lisbon, 09:00`."""
    slot = airing.slot
    told = {"place": place_of(slot.zone, language), "hour": slot.local_start[11:16]}
    return f"{long_day(airing.local_day)} · {gettext('%(place)s, %(hour)s') % told}"


def _short(text: str) -> str:
    bare = html.unescape(strip_tags(paragraphs(text)))
    return Truncator(" ".join(bare.split())).chars(DESCRIPTION)
