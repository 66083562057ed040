"""An event, and what its sessions are sorted by: tracks, session types, rooms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention

# An event that nobody closes is closed so many days after its last day and the last change of its programme.
DAYS_UNTIL_CLOSED = 14
PUBLIC_RECORD = Retention(Ends.NEVER, "the public record of what was on")


class Event(models.Model):
    """A festival, a conference, an evening: some days with a programme, in one zone."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    zone = models.CharField(_("time zone"), max_length=64)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    language = models.CharField(_("first language"), max_length=35, default="en")
    schedule_version = models.CharField(_("schedule version"), max_length=80, blank=True)
    programme_changed_at = models.DateTimeField(_("last change of the programme"), default=timezone.now, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample content"), default=False)

    retention = PUBLIC_RECORD

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["-starts_on", "slug"]

    def __str__(self) -> str:
        return self.slug


class EventText(models.Model):
    """What an event is called and says of itself in one language; `revision` counts changes of the original."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=35)
    title = models.CharField(_("title"), max_length=200)
    tagline = models.CharField(_("one sentence"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    source_revision = models.PositiveIntegerField(null=True, blank=True)

    retention = PUBLIC_RECORD

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "language"], name="programme_event_text_once"),
        ]

    def __str__(self) -> str:
        return self.title


class _Sorted(models.Model):
    """A named thing of one event, in an order."""

    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Track(_Sorted):
    """A theme that sessions belong to; `colour` is the name of a colour of the look."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tracks")
    colour = models.CharField(_("colour"), max_length=20, default="violet")

    retention = PUBLIC_RECORD

    class Meta(_Sorted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "name"], name="programme_track_once"),
        ]


class SessionType(_Sorted):
    """A format: panel, interview, poetry, film."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="session_types")

    retention = PUBLIC_RECORD

    class Meta(_Sorted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "name"], name="programme_session_type_once"),
        ]


class Room(_Sorted):
    """A place of the programme, online or not."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rooms")
    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)

    retention = PUBLIC_RECORD

    class Meta(_Sorted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "name"], name="programme_room_once"),
        ]
