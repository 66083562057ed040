"""A room's text opens with the room's key alone, and with its key it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertulia.kit.sealing import KeyStore, Unreadable
from tertulia.live.relay.boxes import Boxes, key_name
from tertulia.live.relay.entries import Draft, Entry

pytestmark = pytest.mark.parser


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path)
    store.make(key_name("one"))
    store.make(key_name("two"))
    return store


def test_what_is_sealed_is_opened(keys: KeyStore) -> None:
    sealed = Boxes(keys).seal(Draft("one", "a1", "12345678", b'{"text": "hello"}'))
    assert sealed.room == "one"
    assert b"hello" not in sealed.box
    assert Boxes(keys).open("one", 7, sealed.box) == Entry(7, b'{"text": "hello"}')


def test_a_box_of_one_room_does_not_open_in_another_even_under_the_same_key(keys: KeyStore, tmp_path: Path) -> None:
    boxes = Boxes(keys)
    sealed = boxes.seal(Draft("one", "a1", "12345678", b"{}"))
    with pytest.raises(Unreadable):
        boxes.open("two", 1, sealed.box)
    (tmp_path / "rooms" / "two").write_bytes(keys.get(key_name("one")))
    with pytest.raises(Unreadable):
        Boxes(keys).open("two", 1, sealed.box)


def test_two_tries_of_a_draft_are_told_from_two_drafts(keys: KeyStore) -> None:
    boxes = Boxes(keys)
    first = boxes.seal(Draft("one", "a1", "12345678", b"{}")).once
    assert len(first) == 16
    assert boxes.seal(Draft("one", "a1", "12345678", b"changed")).once == first
    others = [
        Draft("one", "a2", "12345678", b"{}"),
        Draft("one", "a1", "12345679", b"{}"),
        Draft("two", "a1", "12345678", b"{}"),
    ]
    assert len({first, *(boxes.seal(other).once for other in others)}) == 4


def test_a_room_is_there_until_its_key_goes_even_if_it_was_remembered(keys: KeyStore) -> None:
    boxes = Boxes(keys)
    sealed = boxes.seal(Draft("one", "a1", "12345678", b"{}"))
    assert boxes.has_room("one")
    keys.destroy(key_name("one"))
    assert not boxes.has_room("one")
    with pytest.raises(Unreadable):
        boxes.open("one", 1, sealed.box)
    assert boxes.has_room("two")


@pytest.mark.parametrize("name", ["", "three", "../one", "one/x", "é", "a" * 300])
def test_rooms_that_there_are_not(keys: KeyStore, name: str) -> None:
    assert not Boxes(keys).has_room(name)


def test_a_room_whose_key_is_damaged_is_not_there(keys: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "rooms" / "one").write_bytes(bytes(32))
    assert not Boxes(keys).has_room("one")
