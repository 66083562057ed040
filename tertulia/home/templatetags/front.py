"""What the front page's template asks for; Wagtail's page has no view of ours that could give it."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from tertulia.design.share import Share
from tertulia.home.models import HomePage
from tertulia.home.queries import front_share

register = template.Library()


@register.simple_tag
def shared(page: HomePage) -> Share:
    """What the front page says of itself where it is passed on."""
    return front_share(page, get_language() or "en")
