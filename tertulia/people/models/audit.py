"""The audit log: what colleagues and the machine did, each entry sealed to the one before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import PSEUDONYM_LENGTH

DAYS_OF_RECORDS = 730


class AuditEntry(models.Model):
    """Something was done: what, on which day, by whom, about what. The database refuses to change or remove it.

    `by` is the pseudonym of a colleague, empty for the machine itself or its operator; `roles` are those they held
    then. `subject` is a public name: of a colleague, an event, a room; of who takes part or is credited there is none.
    """

    number = models.PositiveBigIntegerField(unique=True)
    day = models.DateField(_("day"), db_index=True)
    what = models.CharField(max_length=60)
    by = models.CharField(max_length=PSEUDONYM_LENGTH, blank=True)
    roles = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=160, blank=True)
    seal = models.BinaryField(max_length=32)

    retention = Retention(
        Ends.WHEN_USED, "what was done with other people's data can be looked into for two years", days=DAYS_OF_RECORDS
    )

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"audit entry {self.number}"


class AuditHead(models.Model):
    """Where the audit log ends, and where it begins since its oldest entries went; one row, sealed as well."""

    number = models.PositiveBigIntegerField(default=0)
    seal = models.BinaryField(max_length=32, default=b"")
    base_number = models.PositiveBigIntegerField(default=0)
    base_seal = models.BinaryField(max_length=32, default=b"")
    mark = models.BinaryField(max_length=32, default=b"")

    retention = Retention(Ends.NEVER, "two numbers and two seals, which show whether entries are missing")

    def __str__(self) -> str:
        return "head of the audit log"
