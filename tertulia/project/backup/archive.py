"""What is inside the envelope: a tar of parts, between a first word on what it is and a last one on what was in it."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from tertulia.project.backup.unfit import Unfit

# Grows when archives change in a way that older releases do not understand.
FORMAT = 1
ABOUT, MANIFEST, MARK = "about.json", "manifest.json", "manifest.mark"
# What is read into memory: the words, never the parts.
LARGEST_WORDS = 64 * 1024 * 1024
PIECE = 256 * 1024
_PART = re.compile(r"(?:database|rooms|erasures|pepper|keys/.+|media/.+)")
_DAMAGED = "the archive is damaged: it does not hold what its manifest says"


@dataclass
class Archive:
    """What an archive says of itself (`about`), and what it held: `counts` of rows, and its `parts` by name."""

    about: dict[str, Any]
    counts: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Whether its mark was made with the key that is here; None if there was no key to ask.
    is_ours: bool | None = None

    def bytes_of_parts(self) -> int:
        """How many bytes the parts have together."""
        return sum(part["bytes"] for part in self.parts.values())


class Stream(Protocol):
    """Something to be read once, from its beginning."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        ...


class Writer:
    """Writes one archive into `out`, part after part; `close` says the last word."""

    def __init__(self, out: BinaryIO, about: dict[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed in `close`
        self.archive = Archive({"format": FORMAT, **about})
        self._say(ABOUT, json.dumps(self.archive.about).encode())

    def put(self, name: str, source: Stream, size: int) -> None:
        """Take `size` bytes from `source` as the part `name`; Unfit if there are fewer."""
        summing = _Summing(source)
        try:
            self._tar.addfile(_member(name, size), cast("BinaryIO", summing))
        except OSError as fault:
            if fault.errno is None:
                raise Unfit(f"{name} became shorter while it was read: begin the backup again") from fault
            raise
        self.archive.parts[name] = {"bytes": size, "sha256": summing.sum.hexdigest()}

    def put_words(self, name: str, content: bytes) -> None:
        """Take `content` as the part `name`."""
        self.put(name, io.BytesIO(content), len(content))

    def close(self, counts: dict[str, int], key: bytes | None) -> Archive:
        """Say the last word, marked with `key` if there is one, and end the archive."""
        self.archive.counts = counts
        last = json.dumps({"counts": counts, "parts": self.archive.parts}).encode()
        self._say(MANIFEST, last)
        if key is not None:
            self._say(MARK, _mark(key, self.archive.about, last))
        self._tar.close()
        return self.archive

    def let_go(self) -> None:
        """End without a last word, if it was not said: else Python tries to write the rest when nobody listens."""
        with suppress(OSError, ValueError):
            cast("BinaryIO", self._tar.fileobj).close()

    def _say(self, name: str, content: bytes) -> None:
        self._tar.addfile(_member(name, len(content)), io.BytesIO(content))


@contextmanager
def written(out: BinaryIO, about: dict[str, Any]) -> Iterator[Writer]:
    """Writes one archive into `out` until the end of the block, which may be cut short."""
    writer = Writer(out, about)
    try:
        yield writer
    finally:
        writer.let_go()


def unpack(stream: Stream, folder: Path, key: bytes | None, check: Callable[[dict[str, Any]], None]) -> Archive:
    """Lay the parts of an archive into an empty `folder`, and compare them with its last word.

    `check` sees what the archive says of itself before anything else is read, and may raise. `key` is what its mark
    is compared with. Unfit if anything is damaged, missing, too much, or not allowed.
    """
    try:
        with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|") as tar:
            archive = Archive(_first_word(tar))
            check(archive.about)
            _read_all(tar, folder, archive, key)
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as fault:
        raise Unfit("this is no archive of ours, or it is damaged") from fault
    return archive


def _first_word(tar: tarfile.TarFile) -> dict[str, Any]:
    member = tar.next()
    if member is None or member.name != ABOUT:
        raise Unfit("this is no archive of ours")
    about: dict[str, Any] = json.loads(_words(tar, member))
    if about["format"] != FORMAT:
        raise Unfit(f"the archive has another form ({about['format']}) than this release knows ({FORMAT})")
    return about


def _read_all(tar: tarfile.TarFile, folder: Path, archive: Archive, key: bytes | None) -> None:
    laid: dict[str, dict[str, Any]] = {}
    last = mark = b""
    while (member := tar.next()) is not None:
        if member.name == MANIFEST:
            last = _words(tar, member)
        elif member.name == MARK:
            mark = _words(tar, member)
        else:
            laid[member.name] = _lay(tar, member, folder)
    told = json.loads(last)
    archive.counts, archive.parts = dict(told["counts"]), dict(told["parts"])
    if archive.parts != laid:
        raise Unfit(_DAMAGED)
    if key is not None:
        archive.is_ours = hmac.compare_digest(mark, _mark(key, archive.about, last))


def _lay(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, Any]:
    # Anybody can seal something to a public key: what it is called must not lead out of the folder.
    if not member.isreg() or not _PART.fullmatch(member.name) or {"..", "."} & set(Path(member.name).parts):
        raise Unfit("this is no archive of ours: it holds something that none of ours does")
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source, summed = tar.extractfile(member), hashlib.sha256()
    assert source is not None  # noqa: S101 - a regular file has content
    with path.open("xb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
            summed.update(piece)
    return {"bytes": path.stat().st_size, "sha256": summed.hexdigest()}


def _words(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(member)
    if source is None or member.size > LARGEST_WORDS:
        raise Unfit(_DAMAGED)
    return source.read()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _mark(key: bytes, about: dict[str, Any], last: bytes) -> bytes:
    """Says that who made the archive had the keys of the house: anybody can seal something to a public key."""
    words = json.dumps(about, sort_keys=True).encode() + b"\0" + last
    return hmac.digest(key, b"archive\0" + words, "sha256").hex().encode()


class _Summing:
    """Passes on what it reads, and sums it up."""

    def __init__(self, source: Stream) -> None:
        self._source = source
        self.sum = hashlib.sha256()

    def read(self, size: int) -> bytes:
        read = self._source.read(size)
        self.sum.update(read)
        return read
