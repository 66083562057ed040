"""Accounts, their ways back in, and sessions."""

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

    No e-mail, no time of any kind. A password is held by members of staff alone, and opens nothing without a code.
    """

    id = RandomKey()
    public_id = models.CharField(max_length=16, unique=True, default=public_id)
    pseudonym = models.CharField(_("name for colleagues"), max_length=PSEUDONYM_LENGTH, blank=True)
    way_back = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    pepper_version = models.PositiveSmallIntegerField(default=0, editable=False)
    is_active = models.BooleanField(default=True)
    # Argon2; empty is none.
    password = models.CharField(max_length=128, blank=True, default="", editable=False)

    # What Django's base would store and nobody here needs.
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
            models.CheckConstraint(
                condition=models.Q(password="") | models.Q(way_back=None), name="people_account_password_of_staff"
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
        """Whether it has a password: a member of staff who uses one-time codes."""
        return bool(self.password)

    def get_session_auth_hash(self) -> str:
        """Its own for each account; changes with the way back in or the password, which so ends every session."""
        own = f"{self.pk} {bytes(self.way_back or b'').hex()}{self.password}"
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
