"""What can happen to a file."""

from __future__ import annotations

import contextlib
import json
import resource
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from tertulia.live.relay.store import open_log, sqlite
from tertulia.live.relay.store.log import Damaged, Sealed
from tests.ground.nursery import until

pytestmark = pytest.mark.parser

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A closed log with a thousand entries in it."""
    path = tmp_path / "rooms.sqlite3"
    log = open_log(f"sqlite:///{path}")
    log.append([Sealed("one", b"%016d" % number, bytes(200)) for number in range(1000)])
    log.close()
    return path


def harm(path: Path, kind: str) -> None:
    content = path.read_bytes()
    size = len(content)
    path.write_bytes(
        {
            "cut": content[: size // 2],
            "cut within a page": content[: size // 2 + 100],
            "another file": b"Dear diary, " * 1000,
            "a hole": content[: size // 2] + b"\xaa" * 8192 + content[size // 2 + 8192 :],
            "a broken head": b"SQLite format 3\0" + b"\xff" * 84 + content[100:],
        }[kind]
    )


@pytest.mark.parametrize("kind", ["cut", "cut within a page", "another file", "a hole", "a broken head"])
def test_a_damaged_file_is_refused_with_what_to_do(file: Path, kind: str) -> None:
    harm(file, kind)

    def open_and_verify() -> None:
        log = open_log(f"sqlite:///{file}")
        try:
            log.verify()
        finally:
            log.close()

    with pytest.raises(Damaged, match=r"rooms\.sqlite3 cannot be used \(.+\): restore it from the last backup$"):
        open_and_verify()


def test_opening_does_not_read_the_whole_file(file: Path) -> None:
    harm(file, "a hole")
    log = open_log(f"sqlite:///{file}")
    assert log.head("one").last == 1000
    log.close()


def test_commits_reach_the_disk_and_what_goes_is_overwritten(file: Path) -> None:
    log = open_log(f"sqlite:///{file}")
    asked = {
        name: log._connection().execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[attr-defined]
        for name in ("journal_mode", "synchronous", "secure_delete")
    }
    log.close()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_what_is_erased_is_in_no_file(tmp_path: Path) -> None:
    log = open_log(f"sqlite:///{tmp_path / 'rooms.sqlite3'}")
    log.append([Sealed("one", b"%016d" % number, b"canary" * 50) for number in range(200)])
    assert any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
    log.erase("one")
    assert not any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
    log.close()


def test_a_log_is_its_owners_alone(file: Path) -> None:
    log = open_log(f"sqlite:///{file}")
    log.append([Sealed("one", bytes(16), b"")])
    assert {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {
        "rooms.sqlite3": 0o600,
        "rooms.sqlite3-wal": 0o600,
        "rooms.sqlite3-shm": 0o600,
    }
    log.close()


FILL = """
import json, resource, sqlite3, sys
from tertulia.live.relay.store import open_log, sqlite
from tertulia.live.relay.store.log import Sealed
log = open_log(sys.argv[1])
whole = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, whole[1]))
kept, refused = [], 0
for number in range(60):
    drafts = [Sealed("one", b"%014d%02d" % (number, place), bytes(2000)) for place in range(5)]
    try:
        kept.append([one.sequence for one in log.append(drafts)])
    except sqlite3.Error:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, whole)
after = log.append([Sealed("one", b"after" + bytes(11), b"there is room again")])[0].sequence
print(json.dumps([kept, refused, after]))
"""


def test_a_full_disk_refuses_whole_batches_and_the_log_goes_on(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
    done = subprocess.run([sys.executable, "-c", FILL, address], capture_output=True, text=True, check=True, cwd=ROOT)
    kept, refused, after = json.loads(done.stdout)
    assert len(kept) + refused == 60
    assert refused > 0
    assert list(chain.from_iterable(kept)) == list(range(1, after))
    log = open_log(address)
    log.verify()
    assert log.head("one").last == after
    log.close()


def test_a_place_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="cannot be opened: No such file or directory"):
        open_log(f"sqlite:///{tmp_path / 'nowhere' / 'rooms.sqlite3'}")


def test_a_reader_waits_for_nobody(file: Path) -> None:
    log = open_log(f"sqlite:///{file}")
    with sqlite3.connect(file, isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert log.head("one").last == 1000
        assert len(log.latest("one", 3)) == 3
        writer.execute("ROLLBACK")
    writer.close()
    log.close()


def test_what_is_erased_is_in_no_file_or_it_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = b"quetzal 7f3a"
    log = open_log(f"sqlite:///{file}")

    def holding() -> list[str]:
        return sorted(one.name for one in file.parent.glob(f"{file.name}*") if canary in one.read_bytes())

    log.append([Sealed("two", b"%016d" % 1, canary)])
    monkeypatch.setattr(sqlite, "PATIENCE", 0)
    log._connection().execute("PRAGMA busy_timeout=20")  # type: ignore[attr-defined]
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM room").fetchone()
        with pytest.raises(TimeoutError):
            log.erase("two")
        assert log.latest("two", 1) == []
        assert holding() == ["rooms.sqlite3-wal"]
    log.erase("two")
    assert holding() == []
    log.close()


def test_erasing_waits_for_another_who_empties_the_log_of_changes(file: Path) -> None:
    log = open_log(f"sqlite:///{file}")
    tries: list[str] = []
    with ThreadPoolExecutor(1) as pool, _connected(file) as reader, _connected(file) as other, _connected(file) as eye:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM room").fetchone()

        def come_first(statement: str) -> None:
            if "wal_checkpoint" not in statement:
                return
            tries.append(statement)
            if len(tries) == 1:
                # It waits for the reader, and holds what the erasure needs meanwhile.
                pool.submit(other.execute, "PRAGMA wal_checkpoint(TRUNCATE)")
                until(lambda: eye.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0])
            elif len(tries) == 2:
                reader.execute("ROLLBACK")

        log._connection().set_trace_callback(come_first)  # type: ignore[attr-defined]
        log.erase("one")
    assert len(tries) > 1
    log.close()


def _connected(file: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False))


def test_what_was_taken_back_is_in_no_file_any_more(tmp_path: Path) -> None:
    log = sqlite.SqliteLog(tmp_path / "rooms.sqlite3")
    log.append([Sealed("one", bytes(16), b"canary" * 50), Sealed("one", b"x" * 16, b"other")])
    assert any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
    log.append([Sealed("one", b"y" * 16, b"removed", 1, b"gone", b"blank", ends=True)])
    assert not [file.name for file in tmp_path.iterdir() if b"canary" in file.read_bytes()]
    log.close()


def test_a_log_that_is_closed_stands_in_its_file_though_another_has_it_open(file: Path) -> None:
    other, log = open_log(f"sqlite:///{file}"), open_log(f"sqlite:///{file}")
    log.append([Sealed("two", bytes(16), b"canary" * 50)])
    assert other.head("two").last == 1
    log.close()
    assert b"canary" in file.read_bytes()
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    other.close()


def test_a_log_is_closed_though_its_disk_refuses(file: Path) -> None:
    log = open_log(f"sqlite:///{file}")
    log.append([Sealed("two", bytes(16), b"canary" * 50)])
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, most))
    try:
        log.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with contextlib.closing(open_log(f"sqlite:///{file}")) as again:
        assert again.head("two").last == 1


def test_a_log_of_an_earlier_release_is_brought_up(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "rooms.sqlite3", isolation_level=None)) as old:
        old.execute(
            "CREATE TABLE room (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID"
        )
        old.execute(
            "CREATE TABLE entry (room TEXT NOT NULL, sequence INTEGER NOT NULL, once BLOB NOT NULL, box BLOB NOT NULL,"
            " PRIMARY KEY (room, sequence)) WITHOUT ROWID"
        )
        old.execute("INSERT INTO room VALUES ('one', 'e', 1)")
        old.execute("INSERT INTO entry VALUES ('one', 1, x'00', x'01')")
    log = sqlite.SqliteLog(tmp_path / "rooms.sqlite3")
    log.append([Sealed("one", b"y" * 16, b"removed", 1, b"gone", b"blank", ends=True)])
    assert log.read("one", 0, 9) == [(1, b"gone"), (2, b"removed")]
    log.close()
