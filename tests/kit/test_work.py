"""A piece of work: whoever has done it is believed, for ten minutes and one purpose; nobody else is."""

from __future__ import annotations

import hashlib
import time

import pytest

from tertulia.kit.work import PIECES, SECONDS, do, is_done, seed, task

pytestmark = pytest.mark.parser


@pytest.fixture(scope="module")
def box() -> str:
    return task("festival")


@pytest.fixture(scope="module")
def done(box: str) -> str:
    return do(box)


def test_who_has_done_it_is_believed(box: str, done: str) -> None:
    assert is_done(box, done, "festival")
    assert len(done.split(".")) == PIECES == 32


def test_each_counter_is_a_hit_of_thirteen_bits(box: str, done: str) -> None:
    for place, counter in enumerate(map(int, done.split("."))):
        plain = bytes.fromhex(seed(box)) + place.to_bytes(4) + counter.to_bytes(4)
        assert int(hashlib.sha256(plain).hexdigest()[:4], 16) < 2**3


def test_every_piece_has_to_be_done(box: str, done: str) -> None:
    counters = done.split(".")
    for place in range(PIECES):
        spoilt = [*counters[:place], str(int(counters[place]) + 1), *counters[place + 1 :]]
        assert not is_done(box, ".".join(spoilt), "festival")


@pytest.mark.parametrize(
    "given", ["", ".", "1", ".".join(["0"] * 32), ".".join(["-1"] * 32), ".".join(["٣"] * 32), "9" * 5000]
)
def test_what_is_no_work_is_not_believed(box: str, given: str) -> None:
    assert not is_done(box, given, "festival")


def test_more_than_was_asked_is_not_believed(box: str, done: str) -> None:
    assert not is_done(box, f"{done}.0", "festival")
    assert not is_done(box, f"{done}.{10**4000}", "festival")


def test_it_is_for_one_purpose_and_of_this_house(box: str, done: str) -> None:
    assert not is_done(box, done, "another festival")
    for strange in ("", "x", box[:-2], box.swapcase()):
        assert not is_done(strange, done, "festival")


def test_it_holds_for_ten_minutes(box: str, done: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    for later, holds in ((SECONDS / 2, True), (SECONDS + 1, False), (-3600, False)):
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        assert is_done(box, done, "festival") is holds
