"""How a room is kept: rules, restrictions, and that the relay has them, now or later."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from tertulia.kit.errors import Gone, Invalid, NotAllowed, TooFast
from tertulia.kit.tasks import run
from tertulia.live import actions
from tertulia.live.models import Restriction, RestrictionKind, Room, restriction_on
from tertulia.live.queries import author_of, control_of, event_key_name, latest_talk, room_log, ticket_for
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.writer import NotStored
from tertulia.live.rules import can_read, can_speak
from tertulia.people.queries.held import everything_held
from tertulia.programme.actions.closing import close_event
from tertulia.programme.models import Participation
from tests.factories import make_account, make_event, make_room
from tests.live.scenes import a_moderator, a_room, say_all, somebody_in
from tests.live.stand import Stand, stand

pytestmark = pytest.mark.django_db
A_STRANGER = "0123456789abcdef"
NOW = datetime(2026, 11, 22, 20, 1, 30, tzinfo=UTC)


def fresh(room: Room) -> Room:
    return Room.objects.select_related("event", "place").get(pk=room.pk)


def held_by_relay(room: Room) -> tuple[int, dict[str, Any]]:
    """The version and the control that the relay has written down for the room."""
    order = room_log().order(room.public_id)
    assert order
    control = Boxes(settings.KEYS).open_order(room.public_id, order)
    return order.version, {**control.rules(), "muted": control.muted, "banned": control.banned, "door": control.door}


def enqueued() -> list[tuple[str, int]]:
    return sorted(tuple(row.args_kwargs["args"]) for row in DBTaskResult.objects.all())


class TestWhoMay:
    def test_a_moderator_of_another_event_and_a_participant_may_nothing(self, room: Room, wren: Participation) -> None:
        mark = author_of(wren)
        restriction = actions.mute(room, mark, 10)
        before = (fresh(room).control_version, Restriction.objects.count())
        make_event("elsewhere")
        for by in (make_account("moderator", scope="elsewhere"), make_account("programmer"), wren.account):
            for act in (
                lambda by=by: actions.set_rules(room, slow=10, hold=False, newcomers=0, by=by),
                lambda by=by: actions.close_room(room, by),
                lambda by=by: actions.open_room(room, by),
                lambda by=by: actions.mute(room, mark, 10, by),
                lambda by=by: actions.ban(room, mark, 10, by),
                lambda by=by: actions.lift(room, restriction, by),
                lambda by=by: actions.remove_message(room, 1, by),
                lambda by=by: actions.decide_waiting(room, 1, approve=True, by=by),
                lambda by=by: actions.renew_invitation(room, by),
            ):
                with pytest.raises(NotAllowed):
                    act()
        assert (fresh(room).control_version, Restriction.objects.count()) == before

    @pytest.mark.parametrize(("slow", "newcomers"), [(-1, 0), (3601, 0), (0, -1), (0, 61)])
    def test_rules_that_no_relay_takes_are_refused(self, room: Room, slow: int, newcomers: int) -> None:
        with pytest.raises(Invalid):
            actions.set_rules(room, slow=slow, hold=False, newcomers=newcomers)
        assert fresh(room).control_version == room.control_version

    @pytest.mark.parametrize(("author", "minutes"), [("", 10), ("A" * 16, 10), ("0" * 15, 10), ("0" * 16, 0)])
    def test_what_is_no_mark_and_no_time_is_refused(self, room: Room, author: str, minutes: int) -> None:
        for restrict in (actions.mute, actions.ban):
            with pytest.raises(Invalid):
                restrict(room, author, minutes)
        assert Restriction.objects.count() == 0


class TestAtOnce:
    """What Django holds to by itself, whether the relay was reached or not."""

    def test_who_is_muted_reads_and_does_not_write(self, room: Room, wren: Participation) -> None:
        other = a_room(room.event, name="Courtyard")
        actions.mute(room, author_of(wren), 10)
        assert [(can_read(one, wren), can_speak(one, wren)) for one in (room, other)] == [(True, False), (True, True)]
        with pytest.raises(NotAllowed):
            actions.say(room, wren, "message-1", "hello")

    def test_who_was_asked_to_leave_reads_no_room_of_the_event_and_others_do(
        self, room: Room, wren: Participation
    ) -> None:
        other = a_room(room.event, name="Courtyard")
        heron = somebody_in(room, "Heron")
        actions.ban(room, author_of(wren), None)
        assert [(can_read(one, wren), can_speak(one, wren)) for one in (room, other)] == [(False, False)] * 2
        assert (can_read(room, heron), can_speak(room, heron)) == (True, True)

    def test_it_ends_by_itself_at_the_next_full_five_minutes(self, room: Room, wren: Participation) -> None:
        with time_machine.travel(NOW, tick=False):
            restriction = actions.mute(room, author_of(wren), 10)
        assert restriction.until == datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
        spoke = []
        for seconds in (-1, 0):
            with time_machine.travel(restriction.until + timedelta(seconds=seconds), tick=False):
                spoke.append(can_speak(room, wren))
        assert spoke == [False, True]

    def test_a_second_one_takes_the_place_of_the_first(self, room: Room, wren: Participation) -> None:
        for minutes in (1440, 10):
            actions.mute(room, author_of(wren), minutes)
        restriction = Restriction.objects.get()
        assert restriction.until
        assert restriction.until < datetime.now(UTC) + timedelta(minutes=16)

    def test_of_two_the_longer_one_is_named(self, room: Room, wren: Participation) -> None:
        mark = author_of(wren)
        here, everywhere = actions.mute(room, mark, 10), actions.ban(room, mark, None)
        assert restriction_on(room, wren, *RestrictionKind) == everywhere
        assert restriction_on(room, wren, RestrictionKind.MUTE) == here

    def test_lifted_it_is_over_and_cannot_be_lifted_twice(self, room: Room, wren: Participation) -> None:
        restriction = actions.ban(room, author_of(wren), 60)
        actions.lift(room, restriction, a_moderator(room))
        assert (can_read(room, wren), can_speak(room, wren)) == (True, True)
        with pytest.raises(Gone):
            actions.lift(room, restriction)

    def test_nothing_of_another_event_is_lifted(self, room: Room) -> None:
        restriction = actions.ban(a_room(), A_STRANGER, 60)
        with pytest.raises(Gone):
            actions.lift(room, restriction, a_moderator(room))
        assert Restriction.objects.get() == restriction

    def test_it_leads_to_nobody_once_the_key_of_the_authors_is_gone(self, room: Room, wren: Participation) -> None:
        actions.ban(room, author_of(wren), None)
        settings.KEYS.destroy(event_key_name(room.event_id))
        assert restriction_on(room, wren, RestrictionKind.BAN) is None


class TestTheRelayIsTold:
    def test_each_change_counts_and_puts_a_task_into_the_queue(self, room: Room) -> None:
        other = a_room(room.event, name="Courtyard")
        elsewhere = a_room()
        actions.set_rules(room, slow=30, hold=True, newcomers=5)
        actions.close_room(room)
        actions.open_room(room)
        actions.mute(room, A_STRANGER, 10)
        actions.ban(room, A_STRANGER, 10)
        assert [fresh(one).control_version for one in (room, other, elsewhere)] == [6, 2, 1]
        carried = [("live.carry_out", room.pk)] * 5 + [("live.carry_out", other.pk)]
        assert enqueued() == sorted(carried)

    @pytest.mark.usefixtures("relay")
    def test_it_holds_the_whole_control(self, room: Room) -> None:
        with time_machine.travel(datetime.now(UTC), tick=False):
            actions.set_rules(room, slow=30, hold=True, newcomers=5)
            muted = actions.mute(room, A_STRANGER, 10)
            actions.ban(room, "f" * 16, None)
        run("live.carry_out", room.pk)
        version, control = held_by_relay(room)
        assert muted.until
        assert control == control_of(fresh(room))
        assert control["muted"] == {A_STRANGER: muted.until.timestamp()}
        assert (control["slow"], control["hold"], control["newcomers"], list(control["banned"])) == (
            30,
            True,
            5,
            ["f" * 16],
        )
        assert (version, fresh(room).control_carried) == (4, 4)

    @pytest.mark.usefixtures("relay")
    def test_at_once_after_the_commit(self, room: Room, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.set_rules(room, slow=30, hold=False, newcomers=0)
        assert held_by_relay(room)[1]["slow"] == 30

    def test_without_a_relay_it_waits_and_the_schedule_finds_it(
        self, room: Room, tmp_path: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.close_room(room)
        with pytest.raises(NotStored):
            run("live.carry_out", room.pk)
        run("live.look_after_control")
        assert (fresh(room).control_carried, caplog.records) == (0, [])
        with stand(tmp_path):
            run("live.look_after_control")
            assert held_by_relay(room)[1]["open"] is False
        assert fresh(room).control_carried == fresh(room).control_version

    @pytest.mark.usefixtures("relay")
    def test_slow_mode_holds_for_who_writes(self, room: Room, wren: Participation) -> None:
        actions.set_rules(room, slow=60, hold=False, newcomers=0)
        actions.carry_out_what_waits()
        say_all(room, wren, "one")
        with pytest.raises((TooFast, Gone)):
            say_all(room, wren, "two")
        assert [message.text for message in latest_talk(room).messages] == ["one"]

    def test_a_stream_of_who_was_asked_to_leave_ends_and_those_of_others_stay(
        self, relay: Stand, room: Room, wren: Participation
    ) -> None:
        heron = somebody_in(room, "Heron")
        lines = [relay.knock(room.public_id, ticket_for(room, one))[1] for one in (wren, heron)]
        with closing(lines[0]), closing(lines[1]):
            actions.ban(a_room(room.event, name="Courtyard"), author_of(wren), 60)
            actions.carry_out_what_waits()
            assert lines[0].recv(1) == b""
            lines[1].setblocking(False)
            with pytest.raises(BlockingIOError):
                lines[1].recv(1)

    def test_who_is_free_again_is_told_to_get_a_new_ticket(self, relay: Stand, room: Room, wren: Participation) -> None:
        restriction = actions.mute(room, author_of(wren), 10)
        actions.carry_out_what_waits()
        _status, line = relay.knock(room.public_id, ticket_for(room, wren))
        assert restriction.until
        with closing(line), time_machine.travel(restriction.until, tick=False):
            run("live.look_after_control")
            assert line.recv(100) == b"event: ticket\ndata: {}\n\n"
        assert (Restriction.objects.count(), held_by_relay(room)[1]["muted"]) == (0, {})

    @pytest.mark.usefixtures("relay")
    def test_a_closed_event_takes_nothing_any_more(self, room: Room, django_capture_on_commit_callbacks: Any) -> None:
        actions.carry_out_what_waits()
        with django_capture_on_commit_callbacks(execute=True):
            close_event(room.event)
        assert held_by_relay(room)[1]["open"] is False

    @pytest.mark.usefixtures("relay")
    def test_a_room_that_is_opened_later_keeps_out_who_was_asked_to_leave(self, room: Room) -> None:
        actions.ban(room, A_STRANGER, None)
        late = a_room(room.event, name="Courtyard")
        run("live.look_after_control")
        assert list(held_by_relay(late)[1]["banned"]) == [A_STRANGER]

    @pytest.mark.usefixtures("relay")
    def test_a_log_that_is_ahead_of_a_restored_database_is_overtaken(self, room: Room) -> None:
        actions.close_room(room)
        actions.carry_out_what_waits()
        # As if the database had been copied before.
        Room.objects.filter(pk=room.pk).update(control_version=1, control_carried=1, is_open=True)
        actions.take_up_restored_log()
        run("live.look_after_control")
        assert held_by_relay(room) == (3, control_of(fresh(room)))
        assert control_of(fresh(room))["open"] is True
        assert fresh(room).control_carried == fresh(room).control_version

    def test_rooms_that_are_erased_are_left_alone(self, room: Room) -> None:
        actions.ban(room, A_STRANGER, None)
        actions.erase_talk(room)
        run("live.carry_out", room.pk)
        assert actions.carry_out_what_waits() == 0
        waiting = Room.objects.filter(control_carried__lt=F("control_version"))
        assert list(waiting) == [fresh(room)]


class TestTheEnd:
    def test_restrictions_go_with_the_talk(self, room: Room) -> None:
        other, elsewhere = a_room(room.event, name="Courtyard"), a_room()
        actions.mute(room, A_STRANGER, 10)
        everywhere = actions.ban(room, A_STRANGER, None)
        stays = actions.ban(elsewhere, A_STRANGER, None)
        actions.erase_talk(room)
        assert set(Restriction.objects.all()) == {everywhere, stays}
        actions.erase_talk(other)
        assert list(Restriction.objects.all()) == [stays]

    def test_those_whose_time_is_over_are_removed(self, room: Room) -> None:
        over, stays = actions.mute(room, A_STRANGER, 10), actions.ban(room, A_STRANGER, None)
        assert over.until
        with time_machine.travel(over.until, tick=False):
            assert (actions.end_restrictions(), actions.end_restrictions()) == (1, 0)
        assert list(Restriction.objects.all()) == [stays]

    def test_one_is_told_on_the_page_of_what_is_held(self, room: Room, wren: Participation) -> None:
        heron = somebody_in(room, "Heron")
        author_of(heron)
        actions.mute(room, author_of(wren), 10)
        told = {}
        for one in (wren, heron):
            talk = next(section for section in everything_held(one.account) if section.name == "talk")
            told[one.chosen_name] = [(row.name, row.value) for row in talk.rows]
        assert told["Wren"] == [("author", author_of(wren)), ("mute", "may not write")]
        assert told["Heron"] == [("author", author_of(heron))]


def test_a_new_room_of_an_event_begins_as_the_relay_begins_one() -> None:
    event = make_event()
    make_room(event)
    assert control_of(actions.open_rooms(event)[0]) == {
        "open": True,
        "slow": 0,
        "hold": False,
        "newcomers": 0,
        "muted": {},
        "banned": {},
        "door": 0,
    }
