"""Exports of people's data that were asked for."""

from __future__ import annotations

from django.db import models

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account


class Export(models.Model):
    """A colleague asks for an export; it can be taken once, when another one has approved it.

    The row goes when it is taken, declined, or one to two days old. The data is in no row: it is read when it is taken.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=60)
    scope = models.CharField(max_length=80)
    asked_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports_asked")
    approved_by = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="exports_approved")
    expires_at = models.DateTimeField(db_index=True)

    retention = Retention(Ends.WHEN_USED, "it is taken once, or ends after a day")

    def __str__(self) -> str:
        return "export"
