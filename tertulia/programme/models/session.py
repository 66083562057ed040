"""A session, its texts, whom it credits, and when and where it is on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models import Person
from tertulia.programme.models.event import PUBLIC_RECORD, Event, Room, SessionType, Track


class Session(models.Model):
    """A panel, an interview, a poem, a film: one identity, texts by language, slots by time."""

    class State(models.TextChoices):
        """Where the session stands."""

        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="sessions")
    slug = models.SlugField(_("address"), max_length=120)
    source_id = models.CharField(_("identity in the imported file"), max_length=120, blank=True)
    track = models.ForeignKey(
        Track, models.SET_NULL, null=True, blank=True, verbose_name=_("track"), related_name="sessions"
    )
    session_type = models.ForeignKey(
        SessionType, models.SET_NULL, null=True, blank=True, verbose_name=_("kind of session"), related_name="sessions"
    )
    language = models.CharField(_("spoken language"), max_length=35, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CONFIRMED)
    do_not_record = models.BooleanField(_("not recorded"), default=False)

    retention = PUBLIC_RECORD

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "slug"], name="programme_session_slug_once"),
            models.UniqueConstraint(
                fields=["event", "source_id"], condition=~models.Q(source_id=""), name="programme_session_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SessionText(models.Model):
    """What a session says of itself in one language; `revision` counts changes of the original."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=35)
    title = models.CharField(_("title"), max_length=300)
    subtitle = models.CharField(_("subtitle"), max_length=300, blank=True)
    abstract = models.TextField(_("in short"), blank=True)
    description = models.TextField(_("description"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    source_revision = models.PositiveIntegerField(null=True, blank=True)

    retention = PUBLIC_RECORD

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "language"], name="programme_session_text_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Credit(models.Model):
    """A person's part in a session; the name stands with the person and is resolved when shown."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    source_id = models.CharField(_("identity in the imported file"), max_length=120, blank=True)
    position = models.PositiveIntegerField(default=0)

    retention = Retention(Ends.WITH_OWNER, "it goes with the session or with the person")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "person"], name="programme_credit_once"),
        ]

    def __str__(self) -> str:
        return "credit"


class Slot(models.Model):
    """When and where a session is on: the local clock, its zone, and the moments in UTC computed from both."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slots")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    local_start = models.CharField(_("local start"), max_length=19, help_text="2021-11-16T09:00:00")
    zone = models.CharField(_("time zone"), max_length=64)
    starts_at = models.DateTimeField(_("start"), db_index=True)
    ends_at = models.DateTimeField(_("end"))

    retention = PUBLIC_RECORD

    class Meta:
        ordering: ClassVar = ["starts_at", "room__position"]

    def __str__(self) -> str:
        return f"{self.local_start} {self.zone}"
