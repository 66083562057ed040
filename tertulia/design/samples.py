"""What the gallery shows: samples, made up, of everything a component can hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from tertulia.design.sky import DUSKS

MOMENT = datetime(2021, 11, 17, 9, 12, tzinfo=UTC)
CHIPS = (
    {"label": _("Science"), "colour": "teal", "address": "#lists", "current": True},
    {"label": _("Justice"), "colour": "coral", "address": "#lists"},
    {"label": _("Pleasure"), "colour": "marigold", "address": "#lists"},
    {"label": _("When I am awake"), "address": "#lists"},
)
TABS = (
    {"label": _("Now and next"), "address": "#lists", "current": True},
    {"label": _("Whole day"), "address": "#lists"},
    {"label": _("My agenda"), "address": "#lists"},
)


def samples() -> dict[str, Any]:
    """The context of the gallery."""
    return {
        "form": SampleForm(),
        "faulty": SampleForm({"name": "x" * 50, "topics": ["Z"]}, auto_id="faulty_%s"),
        "moment": MOMENT,
        "dials": (44, 112, 220),
        "skies": range(DUSKS),
        "names": ("Ambar", "Kofi", "mariposa 7", "قمر", "月", "A"),
        "tabs": TABS,
        "chips": CHIPS,
        "sessions": _sessions(),
        "page": Paginator(range(60), 20).page(2),
    }


def _sessions() -> list[dict[str, Any]]:
    now, again = {"badge": _("Now"), "badge_kind": "now"}, {"badge": _("Second airing"), "badge_kind": ""}
    panel = _("Who gets to be an expert? Lived experience on every stage")
    tent = _("What a drug checking tent learns in one weekend")
    return [
        _session(9, "coral", (_("Panel"), _("Justice"), panel, _("Main sky · English, captions in 3 languages"))) | now,
        _session(13, "marigold", (_("Poetry"), _("Pleasure"), _("Small hours: poems"), _("The courtyard · Português"))),
        _session(22, "teal", (_("Interview"), _("Science"), tent, _("Main sky · Español"))) | again,
        _session(3, "violet", (_("Film"), "", _("A door that opens at six"), _("The cinema · 38 minutes"))),
    ]


def _session(hour: int, colour: str, words: tuple[Any, Any, Any, Any]) -> dict[str, Any]:
    kind, track, title, meta = words
    start = MOMENT.replace(hour=hour, minute=0)
    times = {"start": start, "end": start + timedelta(minutes=75)}
    return {"badge": "", "colour": colour, "kind": kind, "track": track, "title": title, "meta": meta, **times}


class SampleForm(forms.Form):
    """Every kind of field, for the gallery."""

    name = forms.CharField(
        label=_("The name you choose"), max_length=40, help_text=_("Others see it. It need not be your own.")
    )
    question = forms.CharField(label=_("Your question"), widget=forms.Textarea, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("es", "Español"), ("ar", "العربية")])
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        help_text=_("As many as you like."),
        widget=forms.CheckboxSelectMultiple,
        choices=[("S", _("Science")), ("J", _("Justice")), ("P", _("Pleasure"))],
    )
    file = forms.FileField(label=_("A file"), help_text=_("Pictures or PDF, at most 10 MB."), required=False)
    seen = forms.BooleanField(label=_("I have kept my six words in a safe place"))
    closed = forms.CharField(label=_("Room"), disabled=True, required=False, initial=_("The courtyard"))
