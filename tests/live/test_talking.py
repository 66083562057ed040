"""Answering, editing and taking back: what each promises, and in which words one is refused."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from django.conf import settings

from tertulia.kit.errors import Gone, Invalid, NotAllowed, Refusal, TooFast
from tertulia.live.actions import HELD, edit_message, erase_talk, remove_own_message, say
from tertulia.live.models import Room
from tertulia.live.queries import author_of, latest_talk, message_at, talk_around, waiting_talk
from tertulia.live.relay.hub import ask
from tertulia.programme.models import Participation
from tests.live.scenes import a_room, say_all, somebody_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relay")]
RULES: dict[str, Any] = {"open": True, "slow": 0, "hold": False, "newcomers": 0, "muted": {}, "banned": {}}
_versions = itertools.count(1)


def keep(room: Room, **rules: Any) -> None:
    """The room is kept by these rules."""
    order = {"room": room.public_id, "control": RULES | rules, "version": next(_versions)}
    assert "refused" not in ask(settings.LIVE_SOCKET, order)


class TestAnswering:
    def test_an_answer_quotes_what_it_answers_as_that_stands_now(self, room: Room, wren: Participation) -> None:
        heron = somebody_in(room, "Heron")
        [first] = say_all(room, heron, "who asks?")
        assert say(room, wren, "message-1", "I do", reply=first) == 2
        edit_message(room, heron, "message-2", first, "who asks whom?")
        [_question, answer] = latest_talk(room).messages
        assert answer.reply == first
        assert answer.quoted
        assert (answer.quoted.name, answer.quoted.text) == ("Heron", "who asks whom?")

    def test_what_is_answered_may_stand_far_above(self, room: Room, wren: Participation) -> None:
        [first, *_others] = say_all(room, wren, *(f"number {place}" for place in range(6)))
        say(room, somebody_in(room, "Heron"), "message-1", "yes", reply=first)
        [answer] = latest_talk(room, 1).messages
        assert answer.quoted
        assert answer.quoted.text == "number 0"

    def test_what_is_not_there_is_quoted_as_nothing(self, room: Room, wren: Participation) -> None:
        say(room, wren, "message-1", "to whom?", reply=900)
        assert latest_talk(room).messages[0].quoted is None


class TestEditing:
    def test_ones_own_words_are_others_then(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "early")
        assert edit_message(room, wren, "message-1", sequence, "late") == sequence + 1
        assert edit_message(room, wren, "message-1", sequence, "late") == sequence + 1
        [message] = latest_talk(room).messages
        assert (message.text, message.is_edited) == ("late", True)

    def test_nobody_edits_or_deletes_what_another_said(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "mine")
        heron = somebody_in(room, "Heron")
        for number, act in enumerate(
            (
                lambda name: edit_message(room, heron, name, sequence, "yours"),
                lambda name: remove_own_message(room, heron, name, sequence),
            )
        ):
            with pytest.raises(Gone, match="This message is not there any more."):
                act(f"message-{number}")
        assert [message.text for message in latest_talk(room).messages] == ["mine"]

    def test_while_a_moderator_reads_first_nothing_is_edited(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "as it was approved")
        keep(room, hold=True)
        with pytest.raises(
            Gone, match=r"While a moderator reads first, nothing is edited\. Delete it, and write it anew\."
        ):
            edit_message(room, wren, "message-1", sequence, "as nobody has read it")
        assert [message.text for message in latest_talk(room).messages] == ["as it was approved"]

    def test_nothing_is_no_message(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "early")
        with pytest.raises(Invalid, match="Write between 1 and 2,000 characters."):
            edit_message(room, wren, "message-1", sequence, " ")

    def test_who_is_not_in_edits_and_deletes_nothing(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "mine")
        for who in (None, somebody_in(a_room())):
            with pytest.raises(NotAllowed):
                edit_message(room, who, "message-1", sequence, "yours")
            with pytest.raises(NotAllowed):
                remove_own_message(room, who, "message-1", sequence)


class TestTakingBack:
    def test_only_that_it_was_there_is_left(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "too much")
        remove_own_message(room, wren, "message-1", sequence)
        [left] = latest_talk(room).messages
        assert (left.gone_by, left.text, left.author, left.at) == ("author", "", "", None)
        assert message_at(room, sequence) is None

    def test_it_is_taken_back_where_one_may_not_write_any_more(self, room: Room, wren: Participation) -> None:
        [sequence] = say_all(room, wren, "too much")
        keep(room, muted={author_of(wren): time.time() + 60})
        Room.objects.filter(pk=room.pk).update(is_open=False)
        room.refresh_from_db()
        remove_own_message(room, wren, "message-1", sequence)
        assert latest_talk(room).messages[0].gone_by == "author"


class TestRefusals:
    @pytest.mark.parametrize(
        ("rules", "kind", "words"),
        [
            ({"muted": True}, Gone, "You cannot write here just now. What you wrote is still here."),
            ({"banned": True}, Gone, "You cannot write here just now. What you wrote is still here."),
            ({"open": False}, Gone, "You cannot write here just now. What you wrote is still here."),
            (
                {"newcomers": 2},
                TooFast,
                "Who has just come listens first. What you wrote is still here. Minutes to wait: 2.",
            ),
        ],
        ids=["muted", "banned", "closed", "newcomer"],
    )
    def test_it_is_said_why_and_that_the_text_is_still_here(
        self, room: Room, wren: Participation, rules: dict[str, Any], kind: type[Refusal], words: str
    ) -> None:
        named = {author_of(wren): time.time() + 60}
        keep(room, **{rule: named if given is True else given for rule, given in rules.items()})
        with pytest.raises(kind) as refused:
            say(room, wren, "message-1", "but")
        assert str(refused.value) == words

    def test_slow_mode_says_how_many_seconds_are_left(self, room: Room, wren: Participation) -> None:
        keep(room, slow=600)
        say(room, wren, "message-1", "one")
        with pytest.raises(TooFast, match=r"This room is in slow mode\. .* Seconds to wait: (599|600)\."):
            say(room, wren, "message-2", "two")

    def test_what_is_held_has_no_place_yet(self, room: Room, wren: Participation) -> None:
        keep(room, hold=True)
        assert say(room, wren, "message-1", "may I?") == HELD
        assert latest_talk(room).messages == []
        assert [message.text for message in waiting_talk(room)] == ["may I?"]


class TestPlaces:
    def test_around_a_message_is_what_was_said_before_and_after_it(self, room: Room, wren: Participation) -> None:
        say_all(room, wren, *(f"number {place}" for place in range(1, 11)))
        shown = talk_around(room, 5, 4)
        assert [message.sequence for message in shown.messages] == [4, 5, 6, 7]
        assert (shown.earlier, shown.later) == (True, True)
        assert talk_around(room, 10, 4) == latest_talk(room, 4)
        assert latest_talk(room, 4).later is False

    def test_a_message_is_found_by_its_number(self, room: Room, wren: Participation) -> None:
        say_all(room, wren, "one", "two")
        found = [message_at(room, sequence) for sequence in (0, 1, 2, 3)]
        assert [message and message.text for message in found] == [None, "one", "two", None]
        erase_talk(room)
        assert message_at(room, 1) is None
