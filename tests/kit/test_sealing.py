"""Boxes open with their own key and label alone, and a key that goes is gone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tertulia.kit.sealing import KEY_BYTES, KeyStore, Unreadable, seal, unseal

pytestmark = pytest.mark.parser

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))


def test_a_box_opens_with_its_key_and_label() -> None:
    box = seal(KEY, "señal".encode(), b"room one")
    assert unseal(KEY, box, b"room one") == "señal".encode()
    assert box != seal(KEY, "señal".encode(), b"room one")
    assert b"se" not in box


@pytest.mark.parametrize("change", ["key", "label", "first", "last", "cut", "empty"])
def test_a_box_opens_with_nothing_else(change: str) -> None:
    box = seal(KEY, b"what was said", b"room one")
    boxes = {
        "first": bytes([box[0] ^ 1]) + box[1:],
        "last": box[:-1] + bytes([box[-1] ^ 1]),
        "cut": box[:-1],
        "empty": b"",
    }
    key = bytes(32) if change == "key" else KEY
    label = b"room two" if change == "label" else b"room one"
    with pytest.raises(Unreadable):
        unseal(key, boxes.get(change, box), label)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    assert not keys.has("rooms/abc")
    key = keys.make("rooms/abc")
    assert len(key) == KEY_BYTES
    assert keys.make("rooms/abc") == keys.get("rooms/abc") == key
    assert keys.has("rooms/abc")
    modes = {str(p.relative_to(tmp_path)): p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
    assert modes == {"keys": 0o700, "keys/rooms": 0o700, "keys/rooms/abc": 0o600}


@pytest.mark.parametrize(
    "name",
    ["", "/", "..", "../secret", "rooms/../secret", "/etc/passwd", "a//b", "a/", ".a", "a\n", "a\0", "é", "a" * 65],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    keys = KeyStore(tmp_path)
    for call in (keys.make, keys.get, keys.has, keys.destroy):
        with pytest.raises(ValueError, match="not a name for a key"):
            call(name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_what_is_below_a_key_is_no_key(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.make("rooms/abc")
    for name in ("rooms", "rooms/abc/deeper"):
        assert not keys.has(name)
        with pytest.raises(Unreadable):
            keys.get(name)
    keys.destroy("rooms/abc/deeper")
    assert keys.has("rooms/abc")


def test_what_is_destroyed_is_overwritten(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    key = keys.make("rooms/abc")
    os.link(tmp_path / "rooms" / "abc", tmp_path / "kept")
    with (tmp_path / "kept").open("rb") as still_open:
        keys.destroy("rooms/abc")
        assert key not in still_open.read()
    assert not keys.has("rooms/abc")
    assert list((tmp_path / "rooms").iterdir()) == []
    with pytest.raises(Unreadable):
        keys.get("rooms/abc")
    keys.destroy("rooms/abc")
    assert keys.make("rooms/abc") != key


@pytest.mark.parametrize("left", [bytes(KEY_BYTES), b"", b"short"])
def test_a_key_whose_destruction_was_interrupted_is_not_used_and_not_made_again(tmp_path: Path, left: bytes) -> None:
    keys = KeyStore(tmp_path)
    (tmp_path / "abc").write_bytes(left)
    for call in (keys.get, keys.make):
        with pytest.raises(Unreadable):
            call("abc")
    assert [file.name for file in tmp_path.iterdir()] == ["abc"]
    keys.destroy("abc")
    assert list(tmp_path.iterdir()) == []


TOGETHER = """
import sys
from pathlib import Path
from tertulia.kit.sealing import KeyStore
keys = KeyStore(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(100):
    print(getattr(keys, sys.argv[2])(f"rooms/r{number}"))
"""


def at_once(folder: Path, act: str) -> list[str]:
    """What three processes print that do the same with a hundred keys at the same moment."""
    crew = []
    for _ in range(3):
        command = [sys.executable, "-c", TOGETHER, str(folder), act]
        crew.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT))
    for one in crew:
        assert one.stdin
        one.stdin.write("now\n")
        one.stdin.flush()
    answers = [one.communicate()[0] for one in crew]
    assert [one.returncode for one in crew] == [0, 0, 0]
    return answers


def test_keys_are_named_without_drafts_and_without_files_that_are_none(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    assert keys.names() == []
    for name in ("secret", "rooms/b", "rooms/a"):
        keys.make(name)
    keys.destroy("rooms/b")
    (keys.folder / "pepper").write_text("1 " + "ab" * 32)
    (keys.folder / "rooms" / ".c.1234").write_bytes(bytes(32))
    assert keys.names() == ["rooms/a", "secret"]


def test_a_key_that_was_kept_elsewhere_takes_no_others_place(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    for _time in range(2):
        keys.put("rooms/a", b"a" * 32)
    for other in (b"b" * 32, b"short"):
        with pytest.raises(ValueError, match="not the key called rooms/a"):
            keys.put("rooms/a", other)
    assert keys.get("rooms/a") == b"a" * 32


def test_processes_that_make_and_destroy_the_same_keys_at_once(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    answers = at_once(keys.folder, "make")
    made = "".join(f"{keys.get(f'rooms/r{number}')}\n" for number in range(100))
    assert answers == [made] * 3
    names = sorted(file.name for file in (keys.folder / "rooms").iterdir())
    assert names == sorted(f"r{number}" for number in range(100))
    assert at_once(keys.folder, "destroy") == ["None\n" * 100] * 3
    assert list((keys.folder / "rooms").iterdir()) == []


def test_all_that_is_in_the_store_is_overwritten_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = KeyStore(tmp_path / "keys")
    store.make("one")
    store.make("rooms/two")
    for name, content in ((".three.0123", KEY), ("half", KEY[:9]), ("long", KEY * 3)):
        (store.folder / name).write_bytes(content)
    synced: list[bytes] = []

    def sync(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            synced.append(os.pread(handle, 1000, 0))

    monkeypatch.setattr(os, "fsync", sync)
    store.destroy_all()
    store.destroy_all()
    assert sorted(map(len, synced)) == [9, 32, 32, 32, 96]
    assert set(b"".join(synced)) == {0}
    assert not store.folder.exists()
