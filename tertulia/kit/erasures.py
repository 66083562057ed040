"""The erasure list: what was erased for good, kept outside the database, so that a restore erases it again.

Each line is `month digest seal`: the digest is an HMAC of the kind and the id of what was erased, the seal an HMAC
of what stands before it; both under a key of the key store. Without the key a line tells the month alone.
The first line says whose list it is, and erases nothing.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tertulia.kit.sealing import KeyStore, Unreadable

KEY = "erasures"
# The kinds under which keys are noted, and whose list it is.
DESTROYED_KEY = "key"
HOUSE = "house"
HOUSE_DIGITS = 16
SEAL_DIGITS = 16
CHANGED = "the erasure list was changed, or written under other keys than those that are here"
LOST = "the key of the erasure list is not among the keys: put these back first"
PARTS_OF_A_LINE = 3


class Untrusted(Exception):  # noqa: N818 - it describes the list
    """The list was changed, or written under another key; `str()` says which."""


class ErasureList:
    """One file that only grows, whose key is in `keys`; several processes may write at once."""

    def __init__(self, path: Path, keys: KeyStore) -> None:
        self.path = path
        self._keys = keys

    def begin(self) -> bytes:
        """The key of the list; both are made if there is neither. Untrusted if the list is here and its key is not."""
        key = self._key()
        self.note(HOUSE, "")
        return key

    def house(self) -> str:
        """What the house with this key is called: 16 hexadecimal digits that are no secret. Untrusted as `begin`."""
        return self._digest(HOUSE, "")[:HOUSE_DIGITS]

    def is_usable(self) -> bool:
        """Whether something can be noted: false where the key is lost, or is not the one that the list began with."""
        try:
            with self.path.open("rb") as file:
                first = file.readline()
            if first.endswith(b"\n"):
                self.read(first)
        except FileNotFoundError:
            return True
        except (OSError, Untrusted):
            return False
        return os.access(self.path, os.W_OK)

    def note(self, kind: str, identifier: str) -> None:
        """Write down, on disk before this returns, that the thing of that `kind` and `identifier` is erased for good.

        An action calls it inside its transaction when nothing can be refused any more: if the commit then fails,
        a restore erases what somebody wanted erased; the other way round a deletion could be lost. Twice is once.
        """
        digest = self._digest(kind, identifier)
        # Not read line by line here: a list that was changed must not keep anybody from being deleted.
        if digest.encode() not in self.content():
            self._append([self._line(f"{datetime.now(UTC):%Y-%m}", digest)])

    def destroy_key(self, name: str) -> None:
        """Destroy the key called `name`, noted first, so that no older copy of the keys brings it back."""
        self.note(DESTROYED_KEY, name)
        self._keys.destroy(name)

    def digests(self) -> set[str]:
        """The digests on the list; Untrusted if a line of it cannot be believed."""
        return {digest for _month, digest in self.read(self.content())}

    def holds(self, kind: str, identifier: str, digests: set[str]) -> bool:
        """Whether the thing of that `kind` and `identifier` is among the `digests`."""
        return bool(digests) and self._digest(kind, identifier) in digests

    def months(self, kind: str, identifiers: Iterable[str]) -> list[str]:
        """The months, as `2021-12`, in which things of that `kind` were erased, of those with these `identifiers`.

        Untrusted if a line that speaks of one of them cannot be believed, or the key is lost.
        """
        wanted = {self._digest(kind, one).encode() for one in identifiers}
        lines = [line for line in self.content().splitlines() if wanted.intersection(line.split(b" "))]
        return sorted({month for month, _digest in self.read(b"\n".join(lines))})

    def content(self) -> bytes:
        """The list as it is on disk, whole lines only; empty if nothing was ever erased."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return b""
        # A line without an end is one that a power cut stopped: its transaction was never committed.
        return content[: content.rfind(b"\n") + 1]

    def read(self, content: bytes) -> list[tuple[str, str]]:
        """The (month, digest) of each line of a list; Untrusted if one of them cannot be believed."""
        found = []
        for line in content.decode("ascii", "replace").splitlines():
            parts = line.split(" ")
            if len(parts) != PARTS_OF_A_LINE or not hmac.compare_digest(self._line(parts[0], parts[1]), line):
                raise Untrusted(CHANGED)
            found.append((parts[0], parts[1]))
        return found

    def merge(self, content: bytes) -> int:
        """Add what another copy of the list has and this one has not; how many lines. Untrusted: nothing is added."""
        known = self.digests()
        fresh = {digest: month for month, digest in self.read(content) if digest not in known}
        self._append([self._line(month, digest) for digest, month in fresh.items()])
        return len(fresh)

    def _digest(self, kind: str, identifier: str) -> str:
        return hmac.digest(self._key(), f"{kind}\0{identifier}".encode(), "sha256").hex()

    def _line(self, month: str, digest: str) -> str:
        text = f"{month} {digest}"
        seal = hmac.digest(self._key(), f"line\0{text}".encode(), "sha256").hex()
        return f"{text} {seal[:SEAL_DIGITS]}"

    def _key(self) -> bytes:
        # Not made here where a list is there already: under a new key nothing of it could be read.
        if not self.path.exists():
            return self._keys.make(KEY)
        try:
            return self._keys.get(KEY)
        except Unreadable as fault:
            raise Untrusted(LOST) from fault

    def _append(self, lines: list[str]) -> None:
        if not lines:
            return
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # What a power cut left of a line would spoil the next one.
            os.ftruncate(handle, len(self.content()))
            with open(handle, "ab", closefd=False) as file:
                file.write("".join(f"{line}\n" for line in lines).encode())
            os.fsync(handle)
            _tell_the_month_alone(handle)
        finally:
            os.close(handle)
        _sync(self.path.parent)


def _tell_the_month_alone(handle: int) -> None:
    """The time of the file says when somebody was last erased: to the month, as its lines do."""
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    os.utime(handle, (first, first))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
