"""How many files this process, and those that it starts, may have open."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator


class TooFewFiles(Exception):  # noqa: N818 - it describes the machine
    """Fewer files are allowed here than are needed; `str()` says how many, and how to allow more."""

    def __init__(self, needed: int, allowed: int) -> None:
        how = f"`ulimit -n {needed}` as root allows them, LimitNOFILE= in a unit of systemd"
        super().__init__(f"{needed} open files, {allowed} are allowed here: {how}")


@contextlib.contextmanager
def files_allowed(needed: int) -> Iterator[None]:
    """Let so many be open while the block runs, by this process and by those that it starts; TooFewFiles."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = before
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= needed:
        yield
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard if hard == unlimited else max(hard, needed)))
    except (ValueError, OSError) as fault:
        raise TooFewFiles(needed, hard) from fault
    try:
        yield
    finally:
        # A limit that was raised for good stays so: lowering it needs no right, raising it again may.
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
