"""Accounts, sessions, staff roles, sign-in links, and the persons whom the record credits."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tertulia.kit.fields import RandomKey
from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention

PSEUDONYM_LENGTH = 80


class Accounts(BaseUserManager["Account"]):
    """How Django finds an account."""


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can come back: a participant with a way back in, or a member of staff.

    No e-mail, no password, no time of any kind.
    """

    id = RandomKey()
    public_id = models.CharField(max_length=16, unique=True, default=public_id)
    pseudonym = models.CharField(_("name for colleagues"), max_length=PSEUDONYM_LENGTH, blank=True)
    way_back = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    pepper_version = models.PositiveSmallIntegerField(default=0, editable=False)
    is_active = models.BooleanField(default=True)

    # What Django's base would store and nobody here needs.
    password = None  # type: ignore[assignment]
    last_login = None

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    retention = Retention(Ends.WHEN_ASKED, "one comes back with it until one deletes it")

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            # Participants have none.
            models.UniqueConstraint(
                Lower("pseudonym"), condition=~models.Q(pseudonym=""), name="people_account_pseudonym_once"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym or f"account {self.public_id}"

    def get_full_name(self) -> str:
        """What colleagues see in the staff screens."""
        return str(self)

    @property
    def first_name(self) -> str:
        """What Wagtail's menu calls a colleague."""
        return str(self)

    def has_usable_password(self) -> bool:
        """No account has a password."""
        return False

    def get_session_auth_hash(self) -> str:
        """Its own for each account; changes with the way back in, so that changing it ends every session."""
        own = f"{self.pk} {bytes(self.way_back or b'').hex()}"
        return salted_hmac("tertulia.people.session", own, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        """No older secret keys are accepted."""
        return iter(())


class NewWayBack(models.Model):
    """A way back in that is to take the place of another, and has not yet: nobody is left without one meanwhile.

    `expires_on` is the first day of a month, so that it does not say on which day it was made.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="new_way_back")
    digest = models.BinaryField(max_length=32, unique=True)
    pepper_version = models.PositiveSmallIntegerField()
    expires_on = models.DateField(db_index=True)

    retention = Retention(
        Ends.WHEN_USED, "it takes the place of the old one when it is kept, or ends after 4 to 9 weeks"
    )

    def __str__(self) -> str:
        return "new way back in"


class Session(models.Model):
    """An open session: no time, no address, no device; `expires_on` is a day.

    The hash is no key: SQLite would then keep a row id of its own beside it, which counts arrivals.
    """

    token_hash = models.BinaryField(unique=True, max_length=32)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="sessions")
    held = models.TextField()
    expires_on = models.DateField(db_index=True)

    retention = Retention(Ends.WHEN_USED, "it keeps one signed in until one leaves or its day passes")

    def __str__(self) -> str:
        return "session"


class StaffRole(models.TextChoices):
    """What a member of staff may be; Wagtail's groups are derived from it."""

    ADMINISTRATOR = "administrator", _("administrator")
    ORGANISER = "organiser", _("organiser")


class Appointment(models.Model):
    """A role that an account holds; `scope` is the public name of an event, or empty for all."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20, choices=StaffRole.choices)
    scope = models.CharField(max_length=80, blank=True)

    retention = Retention(Ends.WITH_OWNER, "it says what a colleague may do")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role", "scope"], name="people_appointment_once"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class SignInLink(models.Model):
    """A link that signs a member of staff in once; only its hash is kept."""

    token_hash = models.BinaryField(unique=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_in_links")
    expires_at = models.DateTimeField()
    loopback_only = models.BooleanField(default=False)

    retention = Retention(Ends.WHEN_USED, "it is used once, or ends after some minutes")

    def __str__(self) -> str:
        return "sign-in link"


class Person(models.Model):
    """Whoever the record credits, with or without an account; the name stands here alone."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(_("name as credited"), max_length=200)
    biography = models.TextField(_("in their own words"), blank=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")

    retention = Retention(Ends.WHEN_ASKED, "it is their credit, shown until they take it back")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return f"person {self.public_id}"
