"""Who is in at an event, under a name chosen for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models import Account
from tertulia.programme.models.event import Event

NAME_LENGTH = 40


class Participation(models.Model):
    """An account is in at an event, under a chosen name; nothing says when it came."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="participations")
    chosen_name = models.CharField(_("name you choose"), max_length=NAME_LENGTH)

    retention = Retention(Ends.WITH_EVENT, "one talks under this name while the event lasts", days=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "account"], name="programme_participation_once"),
        ]

    def __str__(self) -> str:
        return "participation"
