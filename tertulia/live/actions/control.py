"""How a room is kept: its rules, who may not write or be there, and that the relay is told of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.ends import next_full
from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.tasks import enqueue
from tertulia.live.facts import Banned, Muted, RestrictionLifted, RoomClosed, RoomOpened, RulesSet
from tertulia.live.models import AUTHOR_DIGITS, Restriction, RestrictionKind, Room
from tertulia.live.queries.control import control_of
from tertulia.live.relay.control import MOST_MINUTES, MOST_SECONDS
from tertulia.live.relay.hub import LOOK_SECONDS, ask
from tertulia.live.relay.writer import NotStored
from tertulia.live.rules import can_moderate
from tertulia.people.models import Account
from tertulia.programme.models import Event

STEP = timedelta(minutes=5)
LONGEST_MINUTES = 60 * 24 * 30
_MARK = re.compile(rf"[0-9a-f]{{{AUTHOR_DIGITS}}}")


def set_rules(room: Room, *, slow: int, hold: bool, newcomers: int, by: Account | None = None) -> None:
    """Say how fast one may write in the room, and whether a moderator reads it first.

    `slow` seconds (0 to 3,600) lie between two messages of one person, `newcomers` minutes (0 to 60) before the first;
    with `hold` every message waits for a moderator. `by` None is the operator at the machine.
    NotAllowed if `by` does not moderate the room; Invalid for other numbers.
    """
    check_moderates(by, room)
    if not (0 <= slow <= MOST_SECONDS and 0 <= newcomers <= MOST_MINUTES):
        raise Invalid(_("Choose one of these."))
    with transaction.atomic():
        change_control(Room.objects.filter(pk=room.pk), slow_seconds=slow, is_held=hold, newcomer_minutes=newcomers)
        announce(RulesSet(room.pk, by.pk if by else None))
    room.slow_seconds, room.is_held, room.newcomer_minutes = slow, hold, newcomers


def close_room(room: Room, by: Account | None = None) -> None:
    """Take nothing more that is written in the room. `by` as above; NotAllowed."""
    check_moderates(by, room)
    with transaction.atomic():
        change_control(Room.objects.filter(pk=room.pk), is_open=False)
        announce(RoomClosed(room.pk, by.pk if by else None))
    room.is_open = False


def open_room(room: Room, by: Account | None = None) -> None:
    """Let people write in the room again. `by` as above; NotAllowed; Gone if its talk is erased."""
    check_moderates(by, room)
    with transaction.atomic():
        if not change_control(Room.objects.filter(pk=room.pk, is_erased=False), is_open=True):
            raise Gone(_("What was said here has been erased, as was promised."))
        announce(RoomOpened(room.pk, by.pk if by else None))
    room.is_open = True


def mute(room: Room, author: str, minutes: int, by: Account | None = None) -> Restriction:
    """Let the `author` (the mark beside their messages) only read in this room, for so many `minutes`.

    `by` as above; NotAllowed; Invalid for what is no mark, or no time (1 minute to 30 days). The end is put at the next
    full five minutes, so that it does not tell the moment at which this was done.
    """
    check_moderates(by, room)
    until = _end(author, minutes)
    with transaction.atomic():
        change_control(Room.objects.filter(pk=room.pk))
        restriction = _restrict(room.event, room, author, RestrictionKind.MUTE, until)
        announce(Muted(room.pk, minutes, by.pk if by else None))
    return restriction


def ban(room: Room, author: str, minutes: int | None, by: Account | None = None) -> Restriction:
    """Ask the `author` to leave all rooms of this room's event, for so many `minutes` or (None) for the whole event.

    `by` as above; NotAllowed; Invalid as for `mute`.
    """
    check_moderates(by, room)
    until = _end(author, minutes)
    with transaction.atomic():
        change_control(Room.objects.filter(event=room.event_id, is_erased=False))
        restriction = _restrict(room.event, None, author, RestrictionKind.BAN, until)
        announce(Banned(room.event_id, minutes, by.pk if by else None))
    return restriction


def lift(room: Room, restriction: Restriction, by: Account | None = None) -> None:
    """End a restriction that holds in the room before its time is over.

    `by` as above; NotAllowed; Gone if it is over.
    """
    check_moderates(by, room)
    with transaction.atomic():
        change_control(_reached_by(restriction))
        if not Restriction.objects.in_force(room).filter(pk=restriction.pk).delete()[0]:
            raise Gone(_("This is over already."))
        announce(RestrictionLifted(room.event_id, restriction.kind, by.pk if by else None))


def end_restrictions() -> int:
    """Remove the restrictions whose time is over, and let the relay know; how many went."""
    over = list(Restriction.objects.filter(until__lte=timezone.now()))
    for restriction in over:
        with transaction.atomic():
            change_control(_reached_by(restriction))
            # Not if it was made longer meanwhile.
            Restriction.objects.filter(pk=restriction.pk, until__lte=timezone.now()).delete()
    return len(over)


def close_rooms_of(event_id: int) -> None:
    """Have the relay take nothing more in the rooms of the event with that key, which is being closed."""
    change_control(Room.objects.filter(event=event_id, is_erased=False))


def carry_out(room_id: int) -> None:
    """Hand the relay the whole control of the room with that key, and note that it has it. NotStored if it has not.

    Done again it changes nothing; a room that is gone or erased needs it no more.
    """
    room = Room.objects.select_related("event").filter(pk=room_id, is_erased=False).first()
    if room is None or room.control_carried >= room.control_version:
        return
    # The version was read before the restrictions: they are of that version, or newer and then come once more.
    request = {"room": room.public_id, "control": control_of(room), "version": room.control_version}
    answer = ask(settings.LIVE_SOCKET, request, LOOK_SECONDS)
    if answer.get("refused") == "no such room":
        answer = {"version": room.control_version}
    if "version" not in answer:
        raise NotStored("the relay did not take the control of a room")
    _note(room, int(answer["version"]))


def carry_out_what_waits() -> int:
    """Hand the relay what it has not got yet of the control of any room; in how many rooms that was so.

    NotStored if it cannot be reached.
    """
    waiting = Room.objects.filter(control_carried__lt=F("control_version"), is_erased=False)
    rooms = list(waiting.order_by("pk").values_list("pk", flat=True))
    for room_id in rooms:
        carry_out(room_id)
    return len(rooms)


def check_moderates(by: Account | None, room: Room) -> None:
    """NotAllowed if `by` (None: the operator at the machine) does not moderate the room."""
    if by is not None and not can_moderate(by, room):
        raise NotAllowed(_("Only those who organise or moderate this event may do this."))


def change_control(rooms: QuerySet[Room], **values: object) -> int:
    """Write `values` and count the change in each of the rooms, in one order for everybody; how many there are.

    The relay is told once that is committed.
    """
    keys = list(rooms.select_for_update().order_by("pk").values_list("pk", flat=True))
    Room.objects.filter(pk__in=keys).update(control_version=F("control_version") + 1, **values)
    for key in keys:
        enqueue("live.carry_out", key)
    return len(keys)


def _note(room: Room, holds: int) -> None:
    """Note which version the relay holds now; after a restore its log may be ahead of the database."""
    mine = Room.objects.filter(pk=room.pk)
    if holds > room.control_version and mine.filter(control_version__lt=holds).update(control_version=holds + 1):
        carry_out(room.pk)
        return
    mine.filter(control_carried__lt=room.control_version).update(control_carried=room.control_version)


def _reached_by(restriction: Restriction) -> QuerySet[Room]:
    reached = Q(pk=restriction.room_id) if restriction.room_id else Q(event=restriction.event_id)
    return Room.objects.filter(reached, is_erased=False)


def _restrict(
    event: Event, room: Room | None, author: str, kind: RestrictionKind, until: datetime | None
) -> Restriction:
    """A restriction that holds `until` then, in place of an earlier one of its kind."""
    restriction, _is_new = Restriction.objects.update_or_create(
        event=event, room=room, author=author, kind=kind, defaults={"until": until}
    )
    return restriction


def _end(author: str, minutes: int | None) -> datetime | None:
    if not _MARK.fullmatch(author) or not (minutes is None or 0 < minutes <= LONGEST_MINUTES):
        raise Invalid(_("Choose one of these."))
    if minutes is None:
        return None
    return next_full(STEP, timezone.now() + timedelta(minutes=minutes))
