"""Whose name an event does not say any more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models import Person
from tertulia.programme.models.event import Event


class Withheld(models.Model):
    """A person took their name back: a later file of the event's programme does not bring it in again.

    `mark` is an HMAC of the name, under a key outside of the database, and `words` how many words it has: enough to
    know the name when a file says it, and not to say it. `source_id` is how the person is recognised in a file.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="withheld")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="withheld")
    source_id = models.CharField(_("identity in the imported file"), max_length=120)
    mark = models.BinaryField(max_length=32)
    words = models.PositiveSmallIntegerField()

    retention = Retention(Ends.WHEN_ASKED, "so that no later file says a name that was taken back, until it is given")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="programme_withheld_once"),
        ]

    def __str__(self) -> str:
        return "withheld"
