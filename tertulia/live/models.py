"""Rooms in which people talk, how they are kept, and whom they are closed to; what is said is in the relay's log."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.programme.models import Event, Participation
from tertulia.programme.models import Room as Place

AUTHOR_DIGITS = 16
INVITATION_LENGTH = 16


def new_invitation() -> str:
    """A key for links that invite into a room; a new one makes the earlier links, and what they opened, void."""
    return public_id(INVITATION_LENGTH)


class Audience(models.TextChoices):
    """Who may read a room; only who has come in may write. Those who moderate it may always read it."""

    PUBLIC = "public", _("anybody can read this room")
    ACCOUNT = "account", _("people who have come in can read this room")
    INVITED = "invited", _("people who were invited can read this room")
    COMMUNITY = "community", _("people of this community can read this room")


# Besides having come in, these need a pass: a sealed cookie that nobody here keeps a note of.
WITH_PASS = frozenset({Audience.INVITED, Audience.COMMUNITY})


class Room(models.Model):
    """The talk that belongs to one place of an event's programme, and how it is kept.

    `control_version` counts the changes of that, `control_carried` is the version that the relay was last seen to have;
    `door` counts how often it was made harder to read here.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="live_rooms")
    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="live_room")
    audience = models.CharField(_("who can read"), max_length=10, choices=Audience.choices, default=Audience.ACCOUNT)
    invitation = models.CharField(max_length=INVITATION_LENGTH, default=new_invitation, editable=False)
    door = models.IntegerField(default=0, editable=False)
    is_open = models.BooleanField(_("open for writing"), default=True)
    is_held = models.BooleanField(_("messages wait for approval"), default=False)
    slow_seconds = models.PositiveSmallIntegerField(_("seconds between two messages"), default=0)
    newcomer_minutes = models.PositiveSmallIntegerField(_("minutes before one’s first message"), default=0)
    control_version = models.IntegerField(default=1, editable=False)
    control_carried = models.IntegerField(default=0, editable=False)
    is_erased = models.BooleanField(_("what was said is erased"), default=False, editable=False)

    retention = Retention(Ends.WITH_EVENT, "people talk here until the event's talk is erased", days=30)

    class Meta:
        verbose_name = _("live room")
        verbose_name_plural = _("live rooms")
        ordering: ClassVar = ["place__position", "place__name"]

    def __str__(self) -> str:
        return self.place.name


class RestrictionKind(models.TextChoices):
    """What somebody may not do."""

    MUTE = "mute", _("may not write")
    BAN = "ban", _("was asked to leave")


class Restrictions(models.QuerySet["Restriction"]):
    """The restrictions that were asked for."""

    def in_force(self, room: Room) -> Restrictions:
        """Those that hold in the room now: its own, and those of all rooms of its event."""
        return self.filter(Q(room=room) | Q(room=None), event=room.event_id).exclude(until__lte=timezone.now())


class Restriction(models.Model):
    """Somebody may not write in a room, or not be there, for a while; without a room, in all rooms of the event.

    It knows no account: `author` is the mark beside the messages, which means nothing once the event's key is gone.
    Without `until` it holds until the event's talk is erased.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="restrictions")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, related_name="restrictions")
    author = models.CharField(max_length=AUTHOR_DIGITS)
    kind = models.CharField(max_length=4, choices=RestrictionKind.choices)
    until = models.DateTimeField(null=True)

    retention = Retention(Ends.WITH_EVENT, "a room stays bearable for the others; earlier if its time is over", days=30)
    objects = Restrictions.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        ordering: ClassVar = ["kind", "until", "author"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "author", "kind"], condition=Q(room__isnull=False), name="one_in_a_room"
            ),
            models.UniqueConstraint(
                fields=["event", "author", "kind"], condition=Q(room__isnull=True), name="one_at_an_event"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def event_key_name(event_id: int) -> str:
    """What the key of an event's authors is called in the key store."""
    return f"events/{event_id}"


def mark_of(event_key: bytes, account_id: int) -> str:
    """The mark of an account under the key of an event's authors: HMAC-SHA-256, of which 16 hex digits are kept."""
    return hmac.digest(event_key, str(account_id).encode(), hashlib.sha256).hex()[:AUTHOR_DIGITS]


def restriction_on(room: Room, participation: Participation | None, *kinds: RestrictionKind) -> Restriction | None:
    """The restriction of one of the `kinds` that holds for somebody in the room now, the longest; None if none does."""
    name = event_key_name(room.event_id)
    if participation is None or participation.event_id != room.event_id or not settings.KEYS.has(name):
        return None
    author = mark_of(settings.KEYS.get(name), participation.account_id)
    found = Restriction.objects.in_force(room).filter(author=author, kind__in=kinds)
    return max(found, key=_length, default=None)


def _length(restriction: Restriction) -> tuple[bool, float]:
    until: datetime | None = restriction.until
    return until is None, until.timestamp() if until else 0.0
