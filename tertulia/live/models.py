"""Rooms in which people talk; what they say is in the relay's log, not here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.programme.models import Event
from tertulia.programme.models import Room as Place


class Audience(models.TextChoices):
    """Who may read a room; only who has come in may write."""

    PUBLIC = "public", _("anybody can read this room")
    ACCOUNT = "account", _("people who have come in can read this room")


class Room(models.Model):
    """The talk that belongs to one place of an event's programme."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="live_rooms")
    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="live_room")
    audience = models.CharField(_("who can read"), max_length=10, choices=Audience.choices, default=Audience.ACCOUNT)
    is_open = models.BooleanField(_("open for writing"), default=True)
    is_erased = models.BooleanField(_("what was said is erased"), default=False, editable=False)

    retention = Retention(Ends.WITH_EVENT, "people talk here until the event's talk is erased", days=30)

    class Meta:
        verbose_name = _("live room")
        verbose_name_plural = _("live rooms")
        ordering: ClassVar = ["place__position", "place__name"]

    def __str__(self) -> str:
        return self.place.name
