"""An archive while it is written: it gets its name when all of it is on the disk, and until then has another."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tertulia.project.backup.unfit import Unfit

RANDOM_BYTES = 4
# Archives that are named by their day have another name each time.
_DATED = r"tertulia-(?:house|keys)-\d{4}-\d\d-\d\d-\d{4}\.age"


@contextmanager
def drafted(path: Path) -> Iterator[BinaryIO]:
    """A new file that is called `path` after the block, and is gone after a fault; Unfit if it cannot be made."""
    draft = path.parent / f".{path.name}.{secrets.token_hex(RANDOM_BYTES)}"
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise Unfit(f"{path} cannot be written: {fault.strerror}") from fault
    try:
        with os.fdopen(handle, "wb") as file:
            # Who finds a draft without a lock knows that nobody writes it any more. A disk of another machine may have
            # no locks: then nothing is cleared there.
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def clear_drafts(path: Path) -> int:
    """Remove what killed backups to `path`, or to the same folder under the name of a day, have left; how many."""
    form = re.compile(rf"\.(?:{re.escape(path.name)}|{_DATED})\.[0-9a-f]{{{2 * RANDOM_BYTES}}}")
    if not path.parent.is_dir():
        return 0
    return sum(_was_left(draft) for draft in path.parent.iterdir() if form.fullmatch(draft.name))


def _was_left(draft: Path) -> bool:
    with suppress(OSError), draft.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.unlink()
        return True
    return False
