"""What changes in rooms: opening, saying, erasing."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tertulia.kit.facts import announce
from tertulia.live.facts import RoomsOpened, TalkErased
from tertulia.live.models import Restriction, Room, event_key_name
from tertulia.live.queries import authors_of, room_log
from tertulia.live.relay.boxes import Boxes, held_name, key_name
from tertulia.live.relay.changes import Change, drafted
from tertulia.live.relay.hub import NoRelay, ask
from tertulia.programme.models import Event

ERASED_ROOM = "live.room"


def open_rooms(event: Event) -> list[Room]:
    """Open a room for talk at every place of the event that has none; the new ones.

    A room's key is made before the room: a key without a room harms nobody.
    """
    with transaction.atomic():
        places = event.rooms.filter(live_room=None)
        rooms = [Room(event=event, place=place) for place in places]
        for room in rooms:
            settings.KEYS.make(key_name(room.public_id))
        Room.objects.bulk_create(rooms)
        if rooms:
            announce(RoomsOpened(event.pk, len(rooms)))
    return rooms


def send_away(account_id: int) -> int:
    """Have the relay end the streams of the account with this key, and take none of its earlier tickets; how many.

    Where no relay runs, no stream stands open: 0. NotStored if one runs and does not answer.
    """
    authors = authors_of(account_id)
    try:
        return int(ask(settings.LIVE_SOCKET, {"send_away": authors})["sent_away"]) if authors else 0
    except NoRelay:
        return 0


def erase_talk(room: Room) -> None:
    """Destroy the room's key and its log: what was said can be read in no copy any more. It stays closed.

    TimeoutError while somebody still reads from the log's files, which keep the sealed text until this is done again.
    """
    settings.ERASURES.note(ERASED_ROOM, room.public_id)
    settings.ERASURES.destroy_key(key_name(room.public_id))
    for name in (room.public_id, held_name(room.public_id)):
        room_log().erase(name)
    with transaction.atomic():
        Room.objects.filter(pk=room.pk).update(is_open=False, is_erased=True)
        _forget_restrictions(room)
        announce(TalkErased(room.public_id))


def _forget_restrictions(room: Room) -> None:
    """Those of the room, and of all rooms of its event once nothing is left that could be read there."""
    has_ended = not Room.objects.filter(event=room.event_id, is_erased=False).exists()
    Restriction.objects.filter(room=room).delete()
    if has_ended:
        Restriction.objects.filter(event=room.event_id).delete()


def erase_what_is_over() -> int:
    """Erase the talk, and the key of the authors, of events whose days of keeping are over; how many rooms went."""
    ends = timezone.now().date() - timedelta(days=Room.retention.days)
    rooms = list(Room.objects.filter(event__closed_on__lte=ends, is_erased=False))
    for room in rooms:
        # The authors first: whatever stops this half-way, a room that is left brings it back here.
        settings.ERASURES.destroy_key(event_key_name(room.event_id))
        erase_talk(room)
    return len(rooms)


def erase_again(public_id: str) -> None:
    """Erase the talk of the room with that public id, which a restore has brought back."""
    erase_talk(Room.objects.get(public_id=public_id))


def take_out_again(name: str) -> None:
    """Take the message of that name out of the log, into which a restore has brought it back."""
    room, _, once = name.partition("/")
    log, boxes = room_log(), Boxes(settings.KEYS)
    for sequence, found in log.names(room):
        if bytes(found).hex() == once:
            [(_sequence, box)] = log.read(room, sequence - 1, 1)
            change = Change(room, "", f"restored {sequence}", sequence, None)
            if draft := drafted(change, boxes.open(room, sequence, box)):
                log.append([boxes.seal(draft)])


def take_up_restored_log() -> int:
    """After a restore: remove from the log the rooms that the database does not know; how many there were.

    The database was copied first, the log after it: rooms opened in between are in the log alone, and nobody could
    enter or erase them. Every room begins a new epoch, so that listeners forget what is no longer there.
    """
    log = room_log()
    known = list(Room.objects.values_list("public_id", flat=True))
    strays = set(log.rooms()) - {*known, *map(held_name, known)}
    for name in sorted(strays):
        log.erase(name)
    log.renew()
    # The log may hold a later control than the database, or an earlier one.
    Room.objects.update(control_carried=-1)
    return len(strays)
