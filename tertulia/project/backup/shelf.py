"""A folder of archives: each is named by its day, and old ones go."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tertulia.project.backup.days import HOUSE_DAYS, KEYS_DAYS
from tertulia.project.backup.making import HOUSE, KEYS

LONGEST_DAYS = {HOUSE: HOUSE_DAYS, KEYS: KEYS_DAYS}
# What a copy may be kept for is what pages promise of names.
MOST_DAYS = HOUSE_DAYS
_FORM = "%Y-%m-%d-%H%M"
_NAME = re.compile(r"tertulia-(house|keys)-(\d{4}-\d\d-\d\d-\d{4})\.age")


def place_for(kind: str, where: Path) -> Path:
    """The file that is meant: `where` itself, or in that folder one named by the `kind` and this minute (UTC)."""
    return where / f"tertulia-{kind}-{datetime.now(UTC):{_FORM}}.age" if where.is_dir() else where


def clear(kind: str, where: Path, keep_days: int) -> int:
    """Remove the archives of that `kind` in the folder `where` which are older than `keep_days`; how many.

    Those of keys go after 6 days at the latest. Nothing happens to a file that is named otherwise.
    """
    if not where.is_dir():
        return 0
    days = keep_days if kind == HOUSE else min(keep_days, LONGEST_DAYS[KEYS])
    ends = datetime.now(UTC) - timedelta(days=days)
    old = [path for path in where.iterdir() if (made := _made(kind, path)) and made < ends]
    for path in old:
        path.unlink()
    return len(old)


def _made(kind: str, path: Path) -> datetime | None:
    found = _NAME.fullmatch(path.name)
    return datetime.strptime(found[2], _FORM).replace(tzinfo=UTC) if found and found[1] == kind else None
