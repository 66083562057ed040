"""The erasure list only grows, tells nothing without its key, and notices when it was changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tertulia.kit.erasures import DESTROYED_KEY, KEY, ErasureList, Untrusted
from tertulia.kit.sealing import KeyStore


@pytest.fixture
def erased(tmp_path: Path) -> ErasureList:
    """An empty list."""
    return ErasureList(tmp_path / "erasures", KeyStore(tmp_path / "keys"))


def test_what_was_noted_is_held_under_its_kind_alone(erased: ErasureList) -> None:
    erased.note("account", "abc")
    digests = erased.digests()
    held = [erased.holds(kind, name, digests) for kind, name in (("account", "abc"), ("room", "abc"), ("account", "b"))]
    assert held == [True, False, False]


def test_twice_is_once_and_a_line_says_the_month_alone(erased: ErasureList) -> None:
    for _time in range(2):
        erased.note("account", "abc")
    month = f"{datetime.now(UTC):%Y-%m}"
    assert re.fullmatch(rf"{month} [0-9a-f]{{64}} [0-9a-f]{{16}}\n", erased.path.read_text())
    touched = datetime.fromtimestamp(erased.path.stat().st_mtime, UTC)
    assert f"{touched:%Y-%m-%d %H:%M:%S}" == f"{month}-01 00:00:00"
    assert erased.path.stat().st_mode & 0o777 == 0o600


def test_under_another_key_it_says_something_else(erased: ErasureList, tmp_path: Path) -> None:
    erased.note("account", "abc")
    other = ErasureList(tmp_path / "other", KeyStore(tmp_path / "other-keys"))
    other.note("account", "abc")
    assert erased.digests() & other.digests() == set()
    with pytest.raises(Untrusted, match="changed, or written under other keys"):
        other.read(erased.content())


def test_a_line_that_a_power_cut_stopped_is_none_and_spoils_no_other(erased: ErasureList) -> None:
    erased.note("account", "abc")
    with erased.path.open("ab") as file:
        file.write(b"2026-11 0123")
    assert len(erased.digests()) == 1
    erased.note("account", "def")
    assert len(erased.digests()) == 2


def test_a_line_that_was_changed_is_noticed_and_keeps_nobody_from_being_noted(erased: ErasureList) -> None:
    erased.note("account", "abc")
    erased.path.write_text(erased.path.read_text().replace("20", "19", 1))
    with pytest.raises(Untrusted):
        erased.digests()
    erased.note("account", "def")
    assert len(erased.content().splitlines()) == 2


def test_a_list_without_its_key_says_so_and_makes_no_other_key(erased: ErasureList, tmp_path: Path) -> None:
    erased.note("account", "abc")
    bare = ErasureList(erased.path, KeyStore(tmp_path / "none"))
    for ask in (bare.digests, lambda: bare.note("account", "def")):
        with pytest.raises(Untrusted, match="put these back first"):
            ask()
    assert not (tmp_path / "none").exists()


def test_two_copies_become_one(erased: ErasureList, tmp_path: Path) -> None:
    copy = ErasureList(tmp_path / "copy", KeyStore(tmp_path / "keys"))
    erased.note("account", "abc")
    copy.note("account", "abc")
    copy.note("account", "def")
    assert [erased.merge(copy.content()) for _time in range(2)] == [1, 0]
    assert erased.digests() == copy.digests()


def test_a_key_is_noted_before_it_is_destroyed(erased: ErasureList, tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    keys.make("rooms/abc")
    erased.destroy_key("rooms/abc")
    assert not keys.has("rooms/abc")
    assert erased.holds(DESTROYED_KEY, "rooms/abc", erased.digests())


def test_it_says_in_which_months_some_of_a_kind_were_erased(erased: ErasureList) -> None:
    erased.note("room", "abc")
    month = f"{datetime.now(UTC):%Y-%m}"
    asked = [
        erased.months(kind, names) for kind, names in (("room", ["xyz", "abc"]), ("room", ["xyz"]), ("key", ["abc"]))
    ]
    assert asked == [[month], [], []]
    erased.path.write_text(erased.path.read_text().replace("20", "19", 1))
    with pytest.raises(Untrusted):
        erased.months("room", ["abc"])


def test_it_begins_with_whose_it_is_and_a_lost_key_is_not_made_anew(erased: ErasureList, tmp_path: Path) -> None:
    assert erased.is_usable()
    key = erased.begin()
    assert (erased.begin(), len(erased.digests()), erased.is_usable()) == (key, 1, True)
    assert re.fullmatch(r"[0-9a-f]{16}", erased.house())
    other = ErasureList(tmp_path / "other", KeyStore(tmp_path / "other-keys"))
    other.begin()
    assert other.house() != erased.house()

    keys = KeyStore(tmp_path / "keys")
    keys.destroy(KEY)
    before = erased.content()
    for attempt in (erased.begin, erased.house, lambda: erased.note("account", "abc")):
        with pytest.raises(Untrusted, match="put these back first"):
            attempt()
    assert (erased.is_usable(), keys.has(KEY), erased.content()) == (False, False, before)
    keys.make(KEY)
    assert not erased.is_usable()
    keys.destroy(KEY)
    keys.put(KEY, key)
    assert erased.is_usable()
