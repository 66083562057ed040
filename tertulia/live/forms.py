"""What is sent to a room without JavaScript, what is searched there, and the forms of those who moderate it."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tertulia.live.models import Audience, Room
from tertulia.live.queries import Message
from tertulia.live.relay.entries import TEXT_LENGTH

LONGEST_SEARCH = 100
PACES = [
    (0, _("As often as one likes")),
    (10, _("Once in 10 seconds")),
    (30, _("Once in 30 seconds")),
    (60, _("Once a minute")),
    (300, _("Once in 5 minutes")),
]
FIRST_WORDS = [
    (0, _("At once")),
    (5, _("After 5 minutes of listening")),
    (15, _("After 15 minutes of listening")),
]
AN_HOUR, A_DAY, WHOLE_EVENT = 60, 1440, 0
MUTED_FOR = [(10, _("10 minutes")), (AN_HOUR, _("One hour")), (A_DAY, _("One day"))]
AWAY_FOR = [(AN_HOUR, _("One hour")), (A_DAY, _("One day")), (WHOLE_EVENT, _("The whole event"))]


def new_client_id() -> str:
    """A fresh name for a message that is about to be written."""
    return secrets.token_hex(8)


def words_field(label: Any) -> forms.CharField:
    """A box for one message."""
    return forms.CharField(
        label=label,
        # With `max_length` the box would bear it too, and browsers cut what is pasted into such a box without a word.
        validators=[MaxLengthValidator(TEXT_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "send"}),
    )


class WordsForm(forms.Form):
    """Something sent to a room; `client_id` makes pressing the button twice harmless."""

    client_id = forms.SlugField(widget=forms.HiddenInput, initial=new_client_id, min_length=8, max_length=64)

    def refuse(self, why: str, where: str | None = None) -> None:
        """Show a refusal of the action beside the field it is about."""
        fallback = "text" if "text" in self.fields else None
        self.add_error(where if where in self.fields else fallback, why)


class SayForm(WordsForm):
    """One message."""

    text = words_field(_("Write to the room"))

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {"client_id": self.cleaned_data["client_id"], "text": self.cleaned_data["text"]}


class AboutForm(WordsForm):
    """Something that is done about a message; `act` says what."""

    def __init__(self, message: Message, given: Any = None, *, act: str) -> None:
        super().__init__(given, auto_id=f"{act}_%s", initial={"text": message.text} if act == "edit" else None)


class ReplyForm(AboutForm):
    """An answer."""

    text = words_field(_("Your answer"))


class EditForm(AboutForm):
    """Other words for what one said."""

    text = words_field(_("Your message"))


class DeleteForm(AboutForm):
    """Nothing more is asked."""


class SearchForm(forms.Form):
    """Words that are looked for in a room."""

    q = forms.CharField(
        label=_("Search in this room"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search", "autocomplete": "off"}),
    )


def choice_of(label: Any, choices: list[tuple[int, Any]]) -> forms.TypedChoiceField:
    """Numbers to choose one from, all seen at once."""
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, widget=forms.RadioSelect)


class RulesForm(forms.Form):
    """How a room is kept, and who can read it."""

    is_open = forms.BooleanField(label=_("People can write here"), required=False)
    hold = forms.BooleanField(label=_("A moderator reads each message before the others do"), required=False)
    slow = choice_of(_("How often each person can write"), PACES)
    newcomers = choice_of(_("When those who have just come can write"), FIRST_WORDS)
    audience = forms.ChoiceField(label=_("Who can read"), choices=Audience.choices, widget=forms.RadioSelect)

    @staticmethod
    def held_by(room: Room) -> dict[str, Any]:
        """How the room is kept now."""
        given = {"is_open": room.is_open, "hold": room.is_held, "slow": room.slow_seconds}
        return {**given, "newcomers": room.newcomer_minutes, "audience": room.audience}

    def rules(self) -> dict[str, Any]:
        """What `set_rules` takes."""
        return {name: self.cleaned_data[name] for name in ("slow", "hold", "newcomers")}

    def changes_rules(self) -> bool:
        """Whether one of them is another than before."""
        return any(self.initial[name] != value for name, value in self.rules().items())


class MuteForm(forms.Form):
    """For how long somebody may only read."""

    time = choice_of(_("For how long"), MUTED_FOR)

    def minutes(self) -> int:
        """How long, in minutes."""
        return int(self.cleaned_data["time"])


class BanForm(forms.Form):
    """For how long somebody is to leave."""

    time = choice_of(_("For how long"), AWAY_FOR)

    def until(self) -> int | None:
        """How long, in minutes; None for the whole event."""
        return int(self.cleaned_data["time"]) or None
