"""The forms of coming back, and of agreeing to something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tertulia.kit.asked import DeviceField, KindField
from tertulia.people.models import Purpose
from tertulia.people.queries import WayIn, way_in

WRONG = _("This did not open anything. Please look at each word again, and at their order.")
UNTIL_TAKEN_BACK, A_YEAR = "until_taken_back", "a_year"
LASTS = [(UNTIL_TAKEN_BACK, _("Until I take it back")), (A_YEAR, _("For a year"))]
DAYS_OF_A_YEAR = 365


class PhraseField(forms.CharField):
    """Words or digits. What has not their form is looked up like any other: it takes the same time."""

    def validate(self, value: Any) -> None:
        """Refuse nothing before it was looked up."""


class ComeBackForm(forms.Form):
    """Words or digits that somebody kept; whatever opens nothing is answered alike."""

    phrase = PhraseField(
        label=_("Your way back in"),
        help_text=_("Your words or digits. Capitals, accents, spaces and commas do not matter."),
        widget=forms.Textarea(
            attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    device = DeviceField()

    def clean_phrase(self) -> WayIn:
        """Where the phrase leads in."""
        way = way_in(cast("str", self.cleaned_data["phrase"]))
        if way is None:
            raise forms.ValidationError(WRONG)
        return way


class KindForm(forms.Form):
    """What a new way back in is made of."""

    def __init__(self, languages: Sequence[str], *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self.fields["kind"] = KindField(languages)


class GiveForm(forms.Form):
    """For how long somebody agrees, to which version of the text, and for a credit under which name."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("The name to be shown"), max_length=200)
    lasts = forms.ChoiceField(
        label=_("For how long"), choices=LASTS, initial=UNTIL_TAKEN_BACK, widget=forms.RadioSelect
    )

    def __init__(self, purpose: Purpose, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        if purpose != Purpose.NAMED:
            del self.fields["name"]

    def given(self) -> dict[str, Any]:
        """What the form says, as `give_consent` takes it."""
        is_for_a_year = self.cleaned_data["lasts"] == A_YEAR
        until = timezone.now().date() + timedelta(days=DAYS_OF_A_YEAR) if is_for_a_year else None
        told = {"version": self.cleaned_data["version"], "until": until}
        return told | {"name": self.cleaned_data.get("name", "")}
