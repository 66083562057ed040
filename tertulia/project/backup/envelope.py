"""The envelope of an archive: sealed with age to a public key as it is written, opened as it is read."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

from tertulia.project.backup.unfit import Unfit

BUFFER_BYTES = 256 * 1024
_PRIVATE = re.compile(r"^AGE-SECRET-KEY-1[A-Z0-9]+$", re.MULTILINE)


def make_key(path: Path) -> str:
    """Write a new private key into a file of its owner alone; the public key. Unfit if the file cannot be made."""
    private = x25519.Identity.generate()
    public = str(private.to_public())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise Unfit(f"{path} cannot be written: {fault.strerror}") from fault
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{private}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


def recipients(keys: Sequence[str]) -> list[x25519.Recipient]:
    """The public keys that were set; Unfit if there is none, or one cannot be read."""
    if not keys:
        why = "TERTULIA_BACKUP_RECIPIENTS names no public key to seal to: backup --make-key FILE makes a pair"
        raise Unfit(why)
    try:
        return [x25519.Recipient.from_str(key) for key in keys]
    except RecipientError as fault:
        raise Unfit("TERTULIA_BACKUP_RECIPIENTS holds something that is no public key of age (age1…)") from fault


def identities(path: Path) -> list[x25519.Identity]:
    """The private keys in a file, as `make_key` or age-keygen wrote it; Unfit if there is none."""
    try:
        found = _PRIVATE.findall(path.read_text("ascii", "replace"))
        keys = [x25519.Identity.from_str(line) for line in found]
    except OSError as fault:
        raise Unfit(f"{path} cannot be read: {fault.strerror}") from fault
    except IdentityError:
        keys = []
    if not keys:
        raise Unfit(f"{path} holds no private key of age (AGE-SECRET-KEY-1…)")
    return keys


@contextmanager
def sealed(out: BinaryIO, to: Sequence[x25519.Recipient]) -> Iterator[BinaryIO]:
    """What is written in the block goes sealed into `out`; an OSError of `out` is raised at its end."""
    read, write = os.pipe()
    work = _Aside(lambda: _through(read, lambda source: encrypt_io(source, out, to), "rb"))
    try:
        with os.fdopen(write, "wb", BUFFER_BYTES) as pipe:
            yield pipe
    except BrokenPipeError:
        # The other end is gone because sealing failed: that fault says more.
        work.end()
        raise
    finally:
        # A thread that seals must not be met by the end of the process: that would abort it.
        work.wait()
    work.end()


@contextmanager
def opened(source: BinaryIO, keys: Sequence[x25519.Identity]) -> Iterator[Opened]:
    """What `source` holds, as it is opened; nothing of it may be believed before the end of the block."""
    read, write = os.pipe()
    work = _Aside(lambda: _through(write, lambda pipe: decrypt_io(source, pipe, keys), "wb"))
    try:
        with os.fdopen(read, "rb", BUFFER_BYTES) as pipe:
            reader = Opened(pipe, work)
            yield reader
            # The end is part of the seal: what was cut off is noticed there.
            while reader.read(BUFFER_BYTES):
                pass
    finally:
        work.wait()


class Opened:
    """A stream that says at its end whether everything before it was whole."""

    def __init__(self, pipe: BinaryIO, work: _Aside) -> None:
        self._pipe = pipe
        self._work = work

    def read(self, size: int) -> bytes:
        """At most `size` bytes; Unfit at the end if the key does not fit or anything was changed or cut off."""
        read = self._pipe.read(size)
        if len(read) < size:
            try:
                self._work.end()
            except (DecryptError, OSError) as fault:
                why = "the archive cannot be opened: it was sealed to another key, or changed or cut off since"
                raise Unfit(why) from fault
        return read


class _Aside:
    """Work in a thread of its own, whose fault is raised where its end is waited for."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._fault: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()

    def end(self) -> None:
        self._thread.join()
        if self._fault:
            raise self._fault

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as fault:  # noqa: BLE001 - raised again by `end`
            self._fault = fault


def _through(handle: int, work: Callable[[Any], None], mode: str) -> None:
    with os.fdopen(handle, mode, 0 if mode == "rb" else BUFFER_BYTES) as pipe:
        work(pipe)
