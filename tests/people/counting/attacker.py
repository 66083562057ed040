"""Somebody who wants to know who answered what: they copy files, read pages, and calculate. They know how we count.

Nothing here uses the code that it attacks.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WAL_HEAD, FRAME_HEAD = 32, 24


@dataclass(frozen=True)
class Copy:
    """What a stolen copy holds: whose answers are noted, and the answers in the order in which they lie in the file."""

    noted: frozenset[int]
    answers: Sequence[str]


@dataclass(frozen=True)
class Rule:
    """What everybody may know of a release: a shown number is off by so much, a hidden one is at most so large."""

    below: int
    above: int
    largest_hidden: int


OURS = Rule(below=6, above=7, largest_hidden=20)
EXACT = Rule(below=0, above=0, largest_hidden=10)


def answers_in(file: Path) -> list[str]:
    """The answers of a stolen file, in the order in which they seem to have been put there."""
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file)) as stolen:
        tables = {name for (name,) in stolen.execute("SELECT name FROM sqlite_master")}
        if "answer" in tables:
            return [answer for (answer,) in stolen.execute("SELECT answer FROM answer ORDER BY id")]
        rows = stolen.execute("SELECT question || answer, answer, number FROM total").fetchall()
    # SQLite fills a page from its end.
    raw = file.read_bytes()
    rows.sort(key=lambda row: -raw.rfind(row[0].encode()))
    return [answer for _place, answer, number in rows for _ in range(number)]


def noted_in(database: Path) -> frozenset[int]:
    """The accounts that are noted in a stolen database."""
    with contextlib.closing(sqlite3.connect(database)) as stolen:
        return frozenset(account for (account,) in stolen.execute("SELECT account_id FROM people_answered"))


def replayed(database: Path, place: Path) -> Iterator[Path]:
    """The database as it was after each commit that its log of changes still holds, one after the other."""
    log = database.with_name(f"{database.name}-wal").read_bytes()
    (page,) = struct.unpack(">I", log[8:12])
    for end in range(WAL_HEAD, len(log), FRAME_HEAD + page):
        (pages_after_commit,) = struct.unpack(">I", log[end + 4 : end + 8])
        if pages_after_commit:
            past = place / f"{end}.sqlite3"
            shutil.copy(database, past)
            past.with_name(f"{past.name}-wal").write_bytes(log[: end + FRAME_HEAD + page])
            yield past


def in_order(states: Iterator[frozenset[int]]) -> list[int]:
    """The accounts in the order in which they are noted in one state after the other."""
    found: dict[int, None] = {}
    for noted in states:
        found.update(dict.fromkeys(sorted(noted - found.keys())))
    return list(found)


def joined(copies: Sequence[Copy], *, is_between_lives: bool = False) -> dict[int, str]:
    """Who answered what, as far as successive copies tell: who is newly noted goes with what is newly there.

    Of whom nothing is there yet, something may come later; not if the server was started anew after each copy.
    """
    guesses: dict[int, str] = {}
    waiting: list[int] = []
    known: frozenset[int] = frozenset()
    before: Counter[str] = Counter()
    for copy in copies:
        waiting += sorted(copy.noted - known)
        known, gained = copy.noted, Counter(copy.answers) - before
        before = Counter(copy.answers)
        fresh = [answer for answer in copy.answers if _take(gained, answer)]
        guesses.update(zip(waiting, fresh, strict=False))
        del waiting[: len(waiting) if is_between_lives else len(fresh)]
    return guesses


def _take(gained: Counter[str], answer: str) -> bool:
    gained[answer] -= 1
    return gained[answer] >= 0


def certain(
    cells: Mapping[str, int], hidden: Sequence[str], total: int | None, different: int | None, rule: Rule
) -> dict[str, tuple[int, int]]:
    """The hidden answers of which somebody is known to be, with the least and the most who can be.

    By the equations of one table: all cells together are the total, and so many of them are not empty.
    """
    shown_least = sum(number - rule.below for number in cells.values())
    shown_most = sum(number + rule.above for number in cells.values())
    others = rule.largest_hidden * (len(hidden) - 1)
    least, most = 0, rule.largest_hidden
    # A total that only repeats what is shown tells nothing.
    if total is not None and (rule is EXACT or total > sum(cells.values())):
        least = max(least, total - rule.below - shown_most - others)
        if rule is EXACT:
            most = min(most, total - shown_least)
    if different is not None and different - len(cells) == len(hidden):
        least = max(least, 1)
    return dict.fromkeys(hidden, (least, most)) if least > 0 else {}
