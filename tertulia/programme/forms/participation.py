"""The forms of coming in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tertulia.kit.asked import DeviceField, KindField
from tertulia.kit.names import LONGEST

MOST_AT_A_SCREEN = 1000


class NameForm(forms.Form):
    """The name that one chooses for an event; the action says which names it takes."""

    chosen_name = forms.CharField(
        label=_("The name you choose"),
        help_text=_("Others see it. It need not be your own, and it is for this event alone."),
        # Twice as long as a name may be: composed letters count less than they are typed with.
        max_length=2 * LONGEST,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST}),
    )


class ArrivingForm(NameForm):
    """The name, and for several people at one screen about how many they are."""

    people = forms.IntegerField(
        label=_("How many of you share this screen?"),
        help_text=_(
            "Only if you are several: about how many. It is counted without your name, as “2 to 5”, “6 to 10” and "
            "so on."
        ),
        required=False,
        min_value=1,
        max_value=MOST_AT_A_SCREEN,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class ComeInForm(ArrivingForm):
    """A name, and what the way back in is to be made of, for who reads `languages` (tags, the dearest first)."""

    def __init__(self, *given: Any, languages: Sequence[str] = (), **told: Any) -> None:
        super().__init__(*given, **told)
        self.fields["kind"] = KindField(languages, help_text=_("It is shown to you once, on the next page."))
        self.fields["device"] = DeviceField()
