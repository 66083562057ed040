"""The forms of coming back."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tertulia.kit.phrases import KINDS, LONGEST, Kind
from tertulia.people.queries import WayIn, way_in

WRONG = _("This did not open anything. Please look at each word again, and at their order.")


class ComeBackForm(forms.Form):
    """Words or digits that somebody kept; whatever opens nothing is answered alike."""

    phrase = forms.CharField(
        label=_("Your way back in"),
        help_text=_("Your six words or 24 digits. Capitals, spaces and commas do not matter."),
        max_length=LONGEST,
        error_messages={"required": WRONG, "max_length": WRONG},
        widget=forms.Textarea(
            attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_phrase(self) -> WayIn:
        """Where the phrase leads in."""
        way = way_in(cast("str", self.cleaned_data["phrase"]))
        if way is None:
            raise forms.ValidationError(WRONG)
        return way


class KindForm(forms.Form):
    """What a new way back in is made of."""

    kind = forms.ChoiceField(
        label=_("Your way back in"), choices=KINDS, initial=Kind.WORDS.value, widget=forms.RadioSelect
    )
