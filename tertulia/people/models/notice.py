"""The inbox of people who have no e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account
from tertulia.people.models.person import Person


class Notice(models.Model):
    """Something a person or an account should know: a kind and what it is about, by its id; words are made on reading.

    It is for one of the two: who only takes part is no person of the record.
    `month` is the first day of the month in which it came.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="notices")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=60)
    reference = models.CharField(_("what it is about"), max_length=40, blank=True)
    month = models.DateField(_("month"), db_index=True)
    is_read = models.BooleanField(_("read"), default=False)

    retention = Retention(Ends.WHEN_USED, "they may read it when they come back; they delete it, or it goes", days=365)

    class Meta:
        ordering: ClassVar = ["is_read", "-month", "public_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(person=None, account__isnull=False) | models.Q(person__isnull=False, account=None),
                name="people_notice_for_one",
            ),
        ]

    def __str__(self) -> str:
        return "notice"
