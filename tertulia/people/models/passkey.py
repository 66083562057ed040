"""Passkeys of participants: those of staff are kept by the library that lets staff in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account


class Passkey(models.Model):
    """A device, or a service that keeps passkeys, lets its owner into an account.

    `digest` is an HMAC of what the device answers with, under the pepper; `box` its public key, sealed under a key of
    the key store: who finds the passkey on a device, and has this table alone, cannot tell whose it is. No time, no
    name of a device, no make of it, and no count of its uses, which passkeys that are copied between devices do not
    have. `number` tells those of one account apart, here and on the device; it is drawn by lot.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    number = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32, unique=True)
    pepper_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()

    retention = Retention(Ends.WITH_OWNER, "one comes back with it until one removes it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="people_passkey_number_once"),
        ]

    def __str__(self) -> str:
        return "passkey"


class SpentChallenge(models.Model):
    """What a passkey has answered once and cannot answer again; it leads to nobody."""

    digest = models.BinaryField(max_length=32, unique=True)
    expires_on = models.DateField(db_index=True)

    retention = Retention(Ends.WHEN_USED, "an answer that was copied on its way opens nothing; it ends after a day")

    def __str__(self) -> str:
        return "spent challenge"
