"""The front page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from tertulia.kit.retention import Ends, Retention


class HomePage(Page):  # type: ignore[misc] # Wagtail carries no types
    """The organisation's first page: what it says, and below it what the parts of the site offer."""

    motto = models.CharField(
        _("headline"), max_length=120, blank=True, help_text=_("The large line. Empty: the organisation’s name.")
    )
    welcome = models.TextField(
        _("welcome"), blank=True, help_text=_("A few plain sentences. Empty: a greeting in each reader’s language.")
    )

    max_count = 1
    # Its title names it among pages; what one reads is the headline.
    content_panels: ClassVar = [FieldPanel("motto"), FieldPanel("welcome")]
    promote_panels: ClassVar = [FieldPanel("title"), *Page.promote_panels]
    retention = Retention(Ends.NEVER, "what the organisation says in public; no person is in it")

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")
