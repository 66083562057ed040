"""What rooms do when something happens elsewhere."""

from __future__ import annotations

import contextlib

from django.utils.translation import gettext_lazy as _

from tertulia.kit.facts import after_fact, on_fact, with_fact
from tertulia.kit.registry import Told
from tertulia.live import facts
from tertulia.live.actions import carry_out_what_waits, close_rooms_of, send_away
from tertulia.live.models import Room
from tertulia.live.relay.writer import NotStored
from tertulia.people.actions import keep_record
from tertulia.people.facts import AccountDeleted, PasskeyRemoved, WayBackRenewed
from tertulia.programme.facts import EventClosed, ScheduleImported
from tertulia.programme.models import Event

RoomFact = (
    facts.AudienceSet
    | facts.InvitationRenewed
    | facts.RulesSet
    | facts.RoomClosed
    | facts.RoomOpened
    | facts.MessageRemoved
)
# After these the relay is told at once; where that fails, a task does it.
CHANGES_OF_CONTROL = (
    facts.RulesSet,
    facts.RoomClosed,
    facts.RoomOpened,
    facts.Muted,
    facts.Banned,
    facts.RestrictionLifted,
    EventClosed,
)


def listen() -> None:
    """Open the rooms of a programme that was read, close those of an event; send away who is in by what has ended.

    What is done with rooms, and with what is said there, is kept in the audit log.
    """
    on_fact(ScheduleImported, "live.open_rooms", lambda fact: (fact.event_id,))
    after_fact(AccountDeleted, _send_away)
    after_fact(WayBackRenewed, _send_away)
    after_fact(PasskeyRemoved, _send_away)
    with_fact(EventClosed, lambda fact: close_rooms_of(fact.event_id))
    for change in CHANGES_OF_CONTROL:
        after_fact(change, _carry_out)
    _keep_records()


def _keep_records() -> None:
    keep_record(facts.AudienceSet, _("It was said who can read a room"), _door)
    keep_record(facts.InvitationRenewed, _("The link that invites into a room was renewed"), _room)
    keep_record(facts.RulesSet, _("The rules of a room were set"), _room)
    keep_record(facts.RoomClosed, _("A room was closed for writing"), _room)
    keep_record(facts.RoomOpened, _("A room was opened for writing"), _room)
    keep_record(facts.Muted, _("Somebody was muted in a room"), _muted)
    keep_record(facts.Banned, _("Somebody was asked to leave"), _banned)
    keep_record(facts.RestrictionLifted, _("Somebody may write or come again"), _lifted)
    keep_record(facts.MessageRemoved, _("A message was removed"), _room)
    keep_record(facts.WaitingDecided, _("A message that waited was decided about"), _decided)
    keep_record(facts.TalkErased, _("The talk of a room was erased"), lambda fact: Told("room", fact.room))


def _send_away(fact: AccountDeleted | WayBackRenewed | PasskeyRemoved) -> None:
    send_away(fact.account_id)


def _carry_out(_fact: object) -> None:
    # The task that was enqueued with the change tries again.
    with contextlib.suppress(NotStored):
        carry_out_what_waits()


def _name(room_id: int) -> str:
    return str(Room.objects.values_list("public_id", flat=True).get(pk=room_id))


def _slug(event_id: int) -> str:
    return str(Event.objects.values_list("slug", flat=True).get(pk=event_id))


def _room(fact: RoomFact) -> Told:
    return Told("room", _name(fact.room_id), fact.by_id)


def _door(fact: facts.AudienceSet) -> Told:
    public_id, audience = Room.objects.values_list("public_id", "audience").get(pk=fact.room_id)
    return Told("room", public_id, fact.by_id, audience)


def _muted(fact: facts.Muted) -> Told:
    return Told("room", _name(fact.room_id), fact.by_id, f"{fact.minutes} min")


def _banned(fact: facts.Banned) -> Told:
    return Told("event", _slug(fact.event_id), fact.by_id, f"{fact.minutes} min" if fact.minutes else "")


def _lifted(fact: facts.RestrictionLifted) -> Told:
    return Told("event", _slug(fact.event_id), fact.by_id, fact.kind)


def _decided(fact: facts.WaitingDecided) -> Told:
    return Told("room", _name(fact.room_id), fact.by_id, "published" if fact.is_approved else "refused")
