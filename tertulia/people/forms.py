"""The forms of coming back, of the staff's door, of agreeing to something, and of giving roles to colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tertulia.kit.asked import DeviceField, KindField
from tertulia.kit.errors import Refusal
from tertulia.people.models import PSEUDONYM_LENGTH, Account, Purpose, StaffRole
from tertulia.people.queries import WayIn, way_in

WRONG = _("This did not open anything. Please look at each word or digit again, and at their order.")
WRONG_CODE = _("This code opens nothing. Please look at each digit again, or make a new code.")
CODE_LENGTH = 40  # with whatever stands between the digits
UNTIL_TAKEN_BACK, A_YEAR = "until_taken_back", "a_year"
LASTS = [(UNTIL_TAKEN_BACK, _("Until I take it back")), (A_YEAR, _("For a year"))]
DAYS_OF_A_YEAR = 365
LONGEST_PASSWORD = 200


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
            # Digits begin at the left also where words begin at the right.
            attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
        ),
    )

    device = DeviceField()

    def clean_phrase(self) -> WayIn:
        """Where the phrase leads in."""
        way = way_in(cast("str", self.cleaned_data["phrase"]))
        if way is None:
            raise forms.ValidationError(WRONG)
        return way


class DeviceForm(forms.Form):
    """Whose device it is on which somebody comes in."""

    device = DeviceField()


class CodeForm(DeviceForm):
    """The ten digits that another device shows."""

    code = PhraseField(
        label=_("The code"),
        help_text=_("Ten digits; spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "maxlength": CODE_LENGTH}),
    )
    field_order = ("code", "device")

    def refuse(self) -> None:
        """Say that the code opens nothing, whyever."""
        self.is_valid()
        self.add_error("code", WRONG_CODE)


class KindForm(forms.Form):
    """What a new way back in is made of."""

    def __init__(self, languages: Sequence[str], *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self.fields["kind"] = KindField(languages, label=_("Made of"))


class ProveForm(forms.Form):
    """A password and a code, from who is in already."""

    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits that your app shows now, or a recovery code."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}),
    )


class StaffForm(ProveForm):
    """The same, and who one is."""

    name = forms.CharField(
        label=_("Your name for colleagues"),
        max_length=PSEUDONYM_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("name", "password", "code")


class AppForm(forms.Form):
    """A new password, and the first code of the app; `box` holds the app's secret, sealed."""

    box = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("A password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    code = forms.CharField(
        label=_("The six digits that the app shows now"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}),
    )

    def __init__(self, account: Account, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self._account = account
        self.rules = password_validators_help_texts()

    def clean_password(self) -> str:
        """The password, if it is hard enough to guess."""
        password = cast("str", self.cleaned_data["password"])
        validate_password(password, self._account)
        return password

    def clean_again(self) -> str:
        """The same password."""
        again = cast("str", self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again


class PasskeyForm(forms.Form):
    """What a new passkey is to be called; `answer` is what the device says."""

    name = forms.CharField(
        label=_("What you call it"), help_text=_("Such as “phone” or “blue key”."), max_length=60, required=False
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False)


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


class RoleForm(forms.Form):
    """A role, and the event it is limited to, if it is."""

    # Nothing is chosen beforehand: the first of them may do everything.
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *StaffRole.choices])
    scope = forms.SlugField(
        label=_("For one event"),
        help_text=_("The last part of its address, such as nine-open-nights. Empty: for all events."),
        max_length=80,
        required=False,
    )

    def given(self) -> dict[str, Any]:
        """What the form says, as `appoint` takes it."""
        return {"role": StaffRole(self.cleaned_data["role"]), "scope": self.cleaned_data["scope"]}

    def place_of(self, refusal: Refusal) -> str | None:
        """The field that a refusal is about; None: the whole form."""
        where = getattr(refusal, "where", "")
        return where if where in self.fields else None


class InviteForm(RoleForm):
    """A new colleague: the name by which others know them, and their first role."""

    pseudonym = forms.CharField(
        label=_("What colleagues call them"),
        help_text=_("Any name; not their own, if that is safer. Nobody can have it again."),
        max_length=PSEUDONYM_LENGTH,
    )
    field_order = ("pseudonym", "role", "scope")

    def given(self) -> dict[str, Any]:
        """What the form says, as `invite` takes it."""
        return {"pseudonym": self.cleaned_data["pseudonym"], **super().given()}
