"""What is asked at the doors, wherever one stands: fields of forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tertulia.kit.phrases import kinds_for, offered


class KindField(forms.ChoiceField):
    """What a way back in is to be made of, as suits who reads `languages` (tags, the dearest first)."""

    def __init__(self, languages: Sequence[str] = (), **options: Any) -> None:
        chosen = kinds_for(languages)[0].value
        super().__init__(choices=offered(languages), initial=chosen, widget=forms.RadioSelect, **options)
        self.label = self.label or _("Your way back in")
