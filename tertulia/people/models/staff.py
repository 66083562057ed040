"""Staff roles, and the links that let colleagues in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account


class StaffRole(models.TextChoices):
    """What a member of staff may be; Wagtail's groups are derived from it."""

    ADMINISTRATOR = "administrator", _("administrator")
    ORGANISER = "organiser", _("organiser")
    PROGRAMMER = "programmer", _("programmer")
    REVIEWER = "reviewer", _("reviewer")
    MODERATOR = "moderator", _("moderator")
    INTERPRETER = "interpreter", _("interpreter")
    CARE = "care", _("care")
    EDITOR = "editor", _("editor")
    ANALYST = "analyst", _("analyst")
    CORRESPONDENT = "correspondent", _("correspondent")
    COMMUNICATIONS = "communications", _("communications")


# Those that can be held for one event; all others hold for the whole house.
OF_EVENTS = frozenset(
    {
        StaffRole.ORGANISER,
        StaffRole.PROGRAMMER,
        StaffRole.REVIEWER,
        StaffRole.MODERATOR,
        StaffRole.INTERPRETER,
        StaffRole.CARE,
    }
)


class FactorKind(models.TextChoices):
    """By what a member of staff comes in; recovery codes stand in for those of the app."""

    PASSKEY = "passkey", _("passkey")
    APP = "app", _("password and one-time code")
    RECOVERY_CODE = "recovery_code", _("password and recovery code")


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
    """A link by which a member of staff sets up how they come in; only its hash is kept.

    One for the machine itself (`loopback_only`) signs them in.
    """

    token_hash = models.BinaryField(unique=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_in_links")
    expires_at = models.DateTimeField()
    loopback_only = models.BooleanField(default=False)

    retention = Retention(Ends.WHEN_USED, "it is used once, or ends after some minutes")

    def __str__(self) -> str:
        return "sign-in link"
