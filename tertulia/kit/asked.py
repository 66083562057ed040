"""What is asked at the doors, wherever one stands: fields of forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tertulia.kit.phrases import kinds_for, offered

SHARED, OWN = "shared", "own"
DEVICES = [
    (SHARED, _("A device that others use too: you leave when the browser is closed, or after 30 minutes without you")),
    (OWN, _("This device is mine: I stay in for 30 days")),
]


class KindField(forms.ChoiceField):
    """What a way back in is to be made of, as suits who reads `languages` (tags, the dearest first)."""

    def __init__(self, languages: Sequence[str] = (), **options: Any) -> None:
        chosen = kinds_for(languages)[0].value
        super().__init__(choices=offered(languages), initial=chosen, widget=forms.RadioSelect, **options)
        self.label = self.label or _("Your way back in")


class DeviceField(forms.ChoiceField):
    """Whose device it is. Whatever is not called one's own is taken for one that others use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=DEVICES, initial=SHARED, widget=forms.RadioSelect, **options)
        self.label = self.label or _("Whose device is this?")

    def clean(self, value: Any) -> bool:
        """Whether one stays on it."""
        return bool(value == OWN)
