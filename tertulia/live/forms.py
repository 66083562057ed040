"""The writing box of a room, for who has no JavaScript."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tertulia.live.relay.entries import TEXT_LENGTH


def new_client_id() -> str:
    """A fresh name for a message that is about to be written."""
    return secrets.token_hex(8)


class SayForm(forms.Form):
    """One message; `client_id` makes pressing the button twice harmless."""

    client_id = forms.SlugField(widget=forms.HiddenInput, initial=new_client_id, min_length=8, max_length=64)
    text = forms.CharField(
        label=_("Write to the room"),
        # With `max_length` the box would bear it too, and browsers cut what is pasted into such a box without a word.
        validators=[MaxLengthValidator(TEXT_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "send"}),
    )

    def refuse(self, why: str, where: str | None = None) -> None:
        """Show a refusal of the action beside the field it is about."""
        self.add_error(where if where in self.fields else "text", why)

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {"client_id": self.cleaned_data["client_id"], "text": self.cleaned_data["text"]}
