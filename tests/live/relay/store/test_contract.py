"""What every room log promises, whichever way it is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Damaged, Kept, Order, RoomLog, Sealed

ROOT = Path(__file__).resolve().parents[4]


def draft(number: int, room: str = "one") -> Sealed:
    return Sealed(room, b"%016d" % number, b"box %d" % number)


def test_a_room_begins_empty_and_keeps_its_epoch(store: RoomLog, address: str) -> None:
    head = store.head("one")
    assert (len(head.epoch), head.last) == (12, 0)
    assert store.head("one") == head
    assert store.head("two").epoch != head.epoch
    assert store.read("one", 0, 10) == []
    assert store.latest("one", 10) == []
    other = open_log(address)
    assert other.head("one") == head
    other.close()


def test_sequences_count_from_one_in_each_room(store: RoomLog) -> None:
    kept = store.append([draft(1), draft(1, "two"), draft(2), draft(2, "two"), draft(3)])
    assert kept == [Kept(1, True), Kept(1, True), Kept(2, True), Kept(2, True), Kept(3, True)]
    assert store.append([draft(4)]) == [Kept(4, True)]
    assert [store.head(room).last for room in ("one", "two")] == [4, 2]
    assert store.read("two", 0, 10) == [(1, b"box 1"), (2, b"box 2")]


def test_rooms_are_named_and_all_begin_anew_after_a_restore(store: RoomLog) -> None:
    store.append([draft(1, "two"), draft(1), draft(2)])
    before = [store.head(room) for room in store.rooms()]
    assert store.rooms() == ["one", "two"]
    store.renew()
    after = [store.head(room) for room in store.rooms()]
    assert [head.last for head in after] == [head.last for head in before] == [2, 1]
    assert len({head.epoch for head in (*before, *after)}) == 4
    assert store.read("one", 0, 10) == [(1, b"box 1"), (2, b"box 2")]


def test_nothing_appended_changes_nothing(store: RoomLog) -> None:
    assert store.append([]) == []
    assert store.head("one").last == 0


def test_a_second_try_keeps_the_sequence_and_the_first_box(store: RoomLog) -> None:
    again = Sealed("one", draft(1).once, b"sealed once more")
    assert store.append([draft(1), again, draft(2)]) == [Kept(1, True), Kept(1, False), Kept(2, True)]
    assert store.append([again, draft(3), draft(2)]) == [Kept(1, False), Kept(3, True), Kept(2, False)]
    assert store.append([Sealed("two", draft(1).once, b"elsewhere")]) == [Kept(1, True)]
    assert store.read("one", 0, 10) == [(1, b"box 1"), (2, b"box 2"), (3, b"box 3")]


def test_reading_goes_on_after_a_sequence_up_to_a_limit(store: RoomLog) -> None:
    store.append([draft(number) for number in range(1, 8)])
    assert [sequence for sequence, _ in store.read("one", 2, 3)] == [3, 4, 5]
    assert [sequence for sequence, _ in store.read("one", 5, 3)] == [6, 7]
    assert store.read("one", 7, 3) == []
    assert [sequence for sequence, _ in store.latest("one", 2)] == [6, 7]


def test_an_erased_room_begins_anew_under_another_epoch(store: RoomLog) -> None:
    store.append([draft(1), draft(1, "two")])
    epoch = store.head("one").epoch
    store.erase("one")
    store.erase("never")
    assert store.read("one", 0, 10) == []
    assert store.head("one").epoch != epoch
    assert store.append([draft(1)]) == [Kept(1, True)]
    assert store.read("two", 0, 10) == [(1, b"box 1")]
    store.verify()


def test_boxes_of_any_bytes_come_back(store: RoomLog) -> None:
    box = bytes(range(256)) * 40
    store.append([Sealed("one", bytes(16), box)])
    assert [(sequence, bytes(found)) for sequence, found in store.read("one", 0, 1)] == [(1, box)]


def test_a_whole_log_is_verified(store: RoomLog) -> None:
    store.head("empty")
    store.append([draft(1), draft(2), draft(1, "two")])
    store.verify()


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM {entry} WHERE sequence = 1",
        "DELETE FROM {entry} WHERE sequence = 2",
        "DELETE FROM {entry} WHERE sequence = 3",
        "DELETE FROM {entry}",
        "DELETE FROM {room}",
        "UPDATE {room} SET last = 2",
        "UPDATE {room} SET last = 4",
        "UPDATE {entry} SET sequence = 0 WHERE sequence = 1",
        "UPDATE {entry} SET sequence = 9 WHERE sequence = 3",
    ],
)
def test_a_log_that_contradicts_itself_is_damaged(store: RoomLog, harm: str) -> None:
    store.append([draft(1), draft(2), draft(3)])
    schema = "rooms." if type(store).__name__ == "PostgresLog" else ""
    store._connection().execute(harm.format(entry=f"{schema}entry", room=f"{schema}room"))  # type: ignore[attr-defined]
    with pytest.raises(Damaged, match=r"room one.*contradicts itself|contradicts itself in room one.*"):
        store.verify()


def change(number: int, about: int, *, ends: bool = False, room: str = "one") -> Sealed:
    return Sealed(room, b"%016d" % number, b"change %d" % number, about, b"instead %d" % number, b"blank", ends)


def boxes(store: RoomLog, room: str = "one") -> list[bytes]:
    return [bytes(box) for _, box in store.read(room, 0, 100)]


def test_what_an_entry_is_about_is_rewritten_and_so_is_what_was_about_it_before(store: RoomLog) -> None:
    store.append([draft(1), draft(2), draft(1, "two")])
    assert store.append([change(3, 1)]) == [Kept(3, True)]
    assert boxes(store) == [b"instead 3", b"box 2", b"change 3"]
    assert store.append([change(4, 1), change(5, 2), change(6, 1)]) == [Kept(4, True), Kept(5, True), Kept(6, True)]
    assert boxes(store) == [b"instead 6", b"instead 5", b"blank", b"blank", b"change 5", b"change 6"]
    assert boxes(store, "two") == [b"box 1"]
    store.verify()


def test_nothing_is_about_what_was_ended_or_is_not_there_or_is_itself_a_change(store: RoomLog) -> None:
    store.append([draft(1), draft(2)])
    assert store.append([change(3, 1, ends=True), change(4, 1)]) == [Kept(3, True), Kept(0, False)]
    assert store.append([change(5, 1, ends=True), change(6, 9), change(7, 3), change(8, 2)])[:3] == [Kept(0, False)] * 3
    assert boxes(store) == [b"instead 3", b"instead 8", b"change 3", b"change 8"]
    assert store.append([change(3, 1, ends=True)]) == [Kept(3, False)]
    store.verify()


def test_an_order_holds_until_a_later_one(store: RoomLog, address: str) -> None:
    assert store.order("one") is None
    assert store.command("one", Order(2, b"second"), draft(1))
    assert not store.command("one", Order(2, b"again"), draft(2))
    assert not store.command("one", Order(1, b"first"), draft(3))
    assert store.command("two", Order(1, b"elsewhere"), None)
    other = open_log(address)
    assert [other.order(room) for room in ("one", "two")] == [Order(2, b"second"), Order(1, b"elsewhere")]
    other.close()
    assert boxes(store) == [b"box 1"]
    store.erase("one")
    assert store.order("one") is None
    store.verify()


def test_who_was_sent_away_is_known_until_it_is_over(store: RoomLog, address: str) -> None:
    now = time.time()
    store.send_away(["a1", "a2"], now + 600)
    store.send_away(["a3"], now - 1)
    store.send_away(["a1"], now + 700)
    other = open_log(address)
    assert other.sent_away() == {"a1": pytest.approx(now + 700), "a2": pytest.approx(now + 600)}
    other.close()


APPENDER = """
import json, sys
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Sealed
log, writer = open_log(sys.argv[1]), int(sys.argv[2])
sequences = []
for batch in range(12):
    drafts = [Sealed("shared", b"%015d%d" % (batch * 10 + place, writer), b"box") for place in range(5)]
    kept = log.append([*drafts, Sealed("retried", b"%016d" % batch, b"box")])
    sequences += [one.sequence for one in kept[:5]]
print(json.dumps(sequences))
"""


def test_processes_that_append_at_once_neither_share_nor_skip_a_sequence(address: str) -> None:
    # Nobody has opened it before: they also lay it out at once.
    commands = [[sys.executable, "-c", APPENDER, address, str(writer)] for writer in range(3)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for command in commands]
    answers = [json.loads(writer.communicate()[0]) for writer in writers]
    assert sorted(chain.from_iterable(answers)) == list(range(1, 181))
    assert all(answer == sorted(answer) for answer in answers)
    log = open_log(address)
    assert log.head("retried").last == 12
    log.verify()
    log.close()


def test_threads_that_append_at_once_neither_share_nor_skip_a_sequence(store: RoomLog) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda number: store.append([draft(number)])[0].sequence, range(60)))
    assert sorted(answers) == list(range(1, 61))
    store.verify()


def test_erasing_and_appending_at_once_leaves_nothing_without_a_room(store: RoomLog) -> None:
    def append(number: int) -> None:
        store.append([draft(number)])

    def erase(_number: int) -> None:
        store.erase("one")

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(erase if number % 3 == 0 else append, number) for number in range(90)]:
            done.result()
    store.verify()


WRITER = """
import sys
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Sealed
log = open_log(sys.argv[1])
number = int(sys.argv[2])
while True:
    number += 1
    drafts = [Sealed("one", b"%014d%02d" % (number, place), b"box") for place in range(3)]
    print(*[kept.sequence for kept in log.append(drafts)], flush=True)
"""


def test_what_was_acknowledged_is_there_after_the_writer_is_killed(address: str) -> None:
    acknowledged: list[int] = []
    for turn in range(3):
        command = [sys.executable, "-c", WRITER, address, str(turn * 100_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(10 + turn)]
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.readlines()
        whole = [line for line in lines if line.endswith("\n")]
        acknowledged += [int(word) for line in whole for word in line.split()]
    log = open_log(address)
    log.verify()
    found = [sequence for sequence, _ in log.read("one", 0, 100_000)]
    assert len(set(acknowledged)) == len(acknowledged)
    assert set(acknowledged) <= set(found)
    assert len(found) % 3 == 0
    log.close()
