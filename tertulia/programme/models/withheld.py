"""Whose name an event does not say any more, and by what it is known when a file says it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models import Person
from tertulia.programme.models.event import Event
from tertulia.programme.models.session import Session


class Withheld(models.Model):
    """A person took their name back: a later file of the event's programme does not bring it in again.

    `source_id` is how the person is recognised in a file.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="withheld")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="withheld")
    source_id = models.CharField(_("identity in the imported file"), max_length=120)

    retention = Retention(Ends.WHEN_ASKED, "so that no later file says a name that was taken back, until it is given")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="programme_withheld_once"),
        ]

    def __str__(self) -> str:
        return "withheld"


class NameMark(models.Model):
    """A name under which an event credited somebody before they were called otherwise, or took it back.

    `mark` is an HMAC of the name, under a key outside of the database, `head` one byte of such an HMAC of how it
    begins, `length` how many words or letters it has; `is_telling` that it could hardly be another word.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="name_marks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_marks")
    mark = models.BinaryField(max_length=32)
    head = models.PositiveSmallIntegerField(null=True)
    length = models.PositiveSmallIntegerField()
    is_telling = models.BooleanField()

    retention = Retention(Ends.WITH_OWNER, "a file or a text that says an earlier name is known to speak of the person")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person", "mark"], name="programme_name_mark_once"),
        ]

    def __str__(self) -> str:
        return "mark of a name"


class FormerCredit(models.Model):
    """A session credited a person and does no more: its text may still say the name, and a file credit them again."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="former_credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_credits")
    source_id = models.CharField(_("identity in the imported file"), max_length=120, blank=True)

    retention = Retention(Ends.WITH_OWNER, "a name that is taken back is looked for in the session's text")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "person"], name="programme_former_credit_once"),
        ]

    def __str__(self) -> str:
        return "former credit"
