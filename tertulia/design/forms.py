"""The form in which a visitor chooses zone and colours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tertulia.design.queries import zones_by_continent
from tertulia.design.rules import MOVES, is_way_back


class PreferencesForm(forms.Form):
    """Zone, colours, movement, and the page to return to."""

    zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_("Every time is then shown on your clock as well as on the event’s."),
        required=False,
    )
    scheme = forms.ChoiceField(
        label=_("Colours"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("As my device says")),
            ("light", _("Light")),
            ("dark", _("Dark")),
            ("contrast", _("High contrast")),
        ],
    )
    motion = forms.BooleanField(
        label=_("Let the sky drift"),
        help_text=_("Very slowly, behind the headlines. Nothing moves unless you ask for it."),
        required=False,
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = zones_by_continent(get_language() or "en")
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101 - tells the type checker
        zone.choices = [("", _("As my device says")), *zones]

    def chosen(self) -> dict[str, str]:
        """The cookies that say what was chosen, by name; "" where nothing was."""
        kept = self.cleaned_data
        return {"zone": kept["zone"], "scheme": kept["scheme"], "motion": MOVES if kept["motion"] else ""}

    def clean_next(self) -> str:
        """The page to return to; anywhere else than on this site becomes the front page."""
        address: str = self.cleaned_data["next"]
        return address if is_way_back(address) else "/"
