"""What is in a room, and what one may do there."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from tertulia.kit.held import Held, Section
from tertulia.live.models import WITH_PASS, Restriction, Room, event_key_name, mark_of
from tertulia.live.queries.door import DOOR_COOKIE, pass_paths
from tertulia.live.relay.boxes import Boxes, held_name
from tertulia.live.relay.changes import message_name
from tertulia.live.relay.entries import Entry, Position
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import RoomLog
from tertulia.live.relay.tickets import COOKIE, Ticket, issue
from tertulia.live.rules import belongs, can_speak
from tertulia.people.models import Account
from tertulia.programme.models import Event, Participation, Session, SessionText, Slot
from tertulia.programme.queries.texts import in_language

# So many entries of a log are read at a time, and so many at most for a search.
AT_ONCE = 200
SEARCHED = 20_000
# Where a room stands whose log has been erased: no log has this epoch.
NOWHERE = Position("0", 0)


@dataclass(frozen=True)
class Message:
    """Something said; `author` means nothing outside the event, `at` is to the minute.

    `reply` is the sequence of what it answers, which is `quoted` where it is to be shown. Of one that was taken out
    only `gone_by` is left: "author", "moderator".
    """

    sequence: int
    author: str = ""
    name: str = ""
    text: str = ""
    at: datetime | None = None
    reply: int | None = None
    is_edited: bool = False
    gone_by: str = ""
    quoted: Message | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Talk:
    """Messages of a room, the position from which a stream goes on, and whether there is `earlier` and `later` talk."""

    position: Position
    messages: list[Message]
    earlier: bool = False
    later: bool = False


@dataclass(frozen=True)
class On:
    """A slot, and the title of its session in one language."""

    slot: Slot
    text: SessionText

    @property
    def local_day(self) -> date:
        """The day on which it begins, on the clock of its place."""
        start: datetime = self.slot.starts_at.astimezone(ZoneInfo(self.slot.zone))
        return start.date()


def room_called(public_id: str) -> Room | None:
    """The room with that public id, with its event and place."""
    return Room.objects.select_related("event", "place").filter(public_id=public_id).first()


def rooms_of(event: Event) -> QuerySet[Room]:
    """The rooms of an event, in the order of its programme."""
    return Room.objects.filter(event=event).select_related("place")


def latest_talk(room: Room, limit: int = 60, before: int | None = None) -> Talk:
    """The last `limit` messages said in the room, before the one with the sequence `before` if given.

    Read from the log; empty once the talk has been erased. What was taken out is there without its words.
    """
    log, boxes = room_log(), Boxes(settings.KEYS)
    if not boxes.has_room(room.public_id):
        return Talk(NOWHERE, [])
    head = log.head(room.public_id)
    messages: list[Message] = []
    last = upto = min(head.last, (before or head.last + 1) - 1)
    while last > 0 and len(messages) <= limit:
        first = max(0, last - AT_ONCE)
        messages = _messages(log, boxes, room.public_id, first, last) + messages
        last = first
    shown = _with_quotes(room, messages[-limit:])
    return Talk(Position(head.epoch, head.last), shown, earlier=len(messages) > limit, later=upto < head.last)


def talk_around(room: Room, sequence: int, limit: int = 60) -> Talk:
    """About half of `limit` messages before the one with that `sequence`, and as many after it; as `latest_talk`."""
    return latest_talk(room, limit, before=sequence + limit // 2 + 1)


def waiting_talk(room: Room) -> list[Message]:
    """What waits in the room for a moderator, the first to come first."""
    log, boxes, held = room_log(), Boxes(settings.KEYS), held_name(room.public_id)
    if not boxes.has_room(held):
        return []
    return [one for one in _messages(log, boxes, held, 0, log.head(held).last) if not one.gone_by]


def search_talk(room: Room, words: str, limit: int = 50) -> list[Message]:
    """The last `limit` messages in which all the `words` stand, whatever their case and accents; the latest first.

    Sealed text is in no index: the last SEARCHED entries are opened and read.
    """
    wanted = folded(words).split()
    log, boxes = room_log(), Boxes(settings.KEYS)
    if not wanted or not boxes.has_room(room.public_id):
        return []
    found: list[Message] = []
    last = log.head(room.public_id).last
    until = max(0, last - SEARCHED)
    while last > until and len(found) < limit:
        first = max(until, last - AT_ONCE)
        messages = reversed(_messages(log, boxes, room.public_id, first, last))
        found += [one for one in messages if all(word in folded(one.text) for word in wanted)]
        last = first
    return found[:limit]


def folded(text: str) -> str:
    """`text` as it is compared in a search: without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def on_at(room: Room, moment: datetime, language: str) -> tuple[On | None, On | None]:
    """What is on in the room's place at `moment` (aware) and what comes next, titled in `language` if it can be."""
    slots = Slot.objects.filter(room=room.place, ends_at__gt=moment).select_related("session")
    first, second = [*slots.prefetch_related("session__texts").order_by("starts_at")[:2], None, None][:2]
    if first and first.starts_at > moment:
        first, second = None, first
    return _on(first, language), _on(second, language)


def _on(slot: Slot | None, language: str) -> On | None:
    return On(slot, in_language(slot.session.texts.all(), language)) if slot else None


def author_of(participation: Participation) -> str:
    """Who somebody is in the rooms of one event: HMAC-SHA-256 of the account under the event's key, 16 hex digits.

    The event's key goes at the end of retention; nothing joins the authors of two events.
    """
    key = settings.KEYS.make(event_key_name(participation.event_id))
    return mark_of(key, participation.account_id)


def authors_of(account_id: int) -> list[str]:
    """Who the account with this key is, or was, or would be, in the rooms of each event whose talk is not erased."""
    events = set(Room.objects.filter(is_erased=False).values_list("event_id", flat=True))
    names = [event_key_name(event_id) for event_id in sorted(events)]
    return [mark_of(settings.KEYS.get(name), account_id) for name in names if settings.KEYS.has(name)]


def ticket_for(room: Room, participation: Participation | None, *, moderates: bool = False) -> str:
    """A ticket for the relay: to listen, and to speak under the chosen name if one may. The room must be readable.

    It names the author also of who may only listen, so that the relay finds them when that changes; who `moderates`
    hears when something waits for approval.
    """
    key = settings.KEYS.make("tickets")
    if participation is None or not belongs(room, participation):
        return issue(key, Ticket(room.public_id, moderates=moderates, door=room.door))
    ticket = Ticket(
        room.public_id,
        author_of(participation),
        participation.chosen_name,
        may_speak=can_speak(room, participation),
        moderates=moderates,
        door=room.door,
    )
    return issue(key, ticket)


def tickets_of(request: HttpRequest, account: Account) -> list[tuple[str, str]]:  # noqa: ARG001 - a farewell's signature
    """The cookies in which a browser may hold tickets and passes of `account`: (name, path), of rooms of its events."""
    rooms = Room.objects.filter(event__participations__account=account, is_erased=False)
    found: list[tuple[str, str]] = []
    for public_id, audience in rooms.values_list("public_id", "audience"):
        found.append((COOKIE, stream_path(public_id)))
        if audience in WITH_PASS:
            found += [(DOOR_COOKIE, path) for path in pass_paths(public_id)]
    return found


def stream_path(public_id: str) -> str:
    """Where the stream of a room is, which is where its ticket is sent to."""
    return f"/stream/{public_id}"


def room_log() -> RoomLog:
    """The room log, opened once in each process, next to the database that Django uses."""
    return _open_log(log_address())


def log_address() -> str:
    """Where the room log is: a file beside the SQLite database, or a schema in the same PostgreSQL database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings.ROOMS_FILE}"
    parameters: dict[str, Any] = connection.get_connection_params()
    wanted = {"dbname", "user", "password", "host", "port", "sslmode"}
    return make_conninfo(**{name: value for name, value in parameters.items() if name in wanted and value})


def close_room_log() -> None:
    """Let go of the room log in this process; it is opened anew when it is next asked for."""
    if _open_log.cache_info().currsize:
        room_log().close()
        _open_log.cache_clear()


def rooms_with_talk() -> list[str]:
    """The public ids of the rooms whose talk is not erased."""
    return list(Room.objects.filter(is_erased=False).values_list("public_id", flat=True))


def messages_in_talk() -> Iterator[str]:
    """What the messages of all talk that is not erased are called on the erasure list."""
    log, boxes = room_log(), Boxes(settings.KEYS)
    for public_id in rooms_with_talk():
        for name in (public_id, held_name(public_id)):
            if boxes.has_room(name):
                yield from (message_name(name, once) for _sequence, once in log.names(name))


def room_names(event: Event) -> list[str]:
    """The public ids of the rooms of an event."""
    return list(Room.objects.filter(event=event).values_list("public_id", flat=True))


def is_talk_erased(event: Event) -> bool:
    """Whether the event is closed and nothing that was said in its rooms can be read any more."""
    return event.closed_on is not None and not Room.objects.filter(event=event, is_erased=False).exists()


@functools.cache
def _open_log(address: str) -> RoomLog:
    return open_log(address)


def _with_quotes(room: Room, messages: list[Message]) -> list[Message]:
    """The same, with what each of them answers."""
    here = {message.sequence: message for message in messages}
    log, boxes = room_log(), Boxes(settings.KEYS)
    for of in {message.reply for message in messages if message.reply} - here.keys():
        here |= {message.sequence: message for message in _messages(log, boxes, room.public_id, of - 1, of)}
    return [replace(message, quoted=here.get(message.reply or 0)) for message in messages]


def _messages(log: RoomLog, boxes: Boxes, name: str, after: int, last: int) -> list[Message]:
    """What was said, and not yet or never taken out, between two sequences (the first not included)."""
    rows = log.read(name, after, last - after)
    found = [_message(boxes.open(name, sequence, box)) for sequence, box in rows if sequence <= last]
    return [message for message in found if message]


def _message(entry: Entry) -> Message | None:
    said = json.loads(entry.body)
    if said["kind"] == "gone":
        return Message(entry.sequence, gone_by=said["by"])
    if said["kind"] != "said":
        return None
    at = datetime.fromisoformat(said["at"])
    words = (said["author"], said["name"], said["text"])
    return Message(entry.sequence, *words, at, said.get("reply"), is_edited=said.get("edited", False))


def rooms_region(event: Event, request: HttpRequest) -> dict[str, Any] | None:  # noqa: ARG001 - a region's signature
    """The rooms of an event, for its page; None without any."""
    rooms = list(rooms_of(event))
    return {"rooms": rooms} if rooms else None


def session_region(session: Session, request: HttpRequest) -> dict[str, Any] | None:  # noqa: ARG001 - as above
    """The rooms in which a session is on, for its page; None without any."""
    rooms = list(Room.objects.filter(place__slots__session=session).select_related("place").distinct())
    return {"rooms": rooms} if rooms else None


def talk_held(account: Account) -> Section | None:
    """What one said in rooms, the mark beside it, what one may not do there, by event; None once all is erased."""
    found = Event.objects.filter(live_rooms__is_erased=False, participations__account=account).distinct()
    events = list(found.prefetch_related("texts").order_by("-starts_on", "pk"))
    names = {event.pk: event_key_name(event.pk) for event in events}
    marks = {
        key: mark_of(settings.KEYS.get(name), account.pk) for key, name in names.items() if settings.KEYS.has(name)
    }
    restrictions = Restriction.objects.filter(event__in=events, author__in=marks.values())
    rows = []
    for event in events:
        mark = marks.get(event.pk, "")
        rows.append(_mark_held(event, mark))
        rows += [_restriction_held(one) for one in restrictions if (one.event_id, one.author) == (event.pk, mark)]
    return Section("talk", _("What you said in rooms"), tuple(rows)) if rows else None


def _mark_held(event: Event, mark: str) -> Held:
    title = in_language(event.texts.all(), get_language() or event.language).title
    return Held(
        "author",
        _("The mark of what you wrote at “%(event)s”") % {"event": title},
        mark or _("none yet"),
        _("What you wrote is sealed; the mark draws your stars beside it, and is another one at each event."),
        _("30 days after the event is closed, with everything that was said."),
        tells_who=bool(mark),
    )


def _restriction_held(restriction: Restriction) -> Held:
    return Held(
        str(restriction.kind),
        _("What a moderator asked of you in the rooms of this event"),
        restriction.get_kind_display(),
        _("So that the room stays bearable for the others. It stands beside your mark; no account is noted."),
        _("When its time is over, or with everything that was said."),
    )
