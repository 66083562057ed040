"""JSON by strangers, piece by piece: each piece knows where it stands, and findings are collected, never raised."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tertulia.programme.formats.entries import Note, Rejected

THE_FILE = "the file"
LARGEST_FILE = 20_000_000
LINE_LENGTH = 300
TEXT_LENGTH = 100_000
SHOWN = 60

# Controls that no text needs, and marks that turn the direction of whatever stands behind them.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_HALF_SIGNS = re.compile("[\ud800-\udfff]")
_KINDS = {dict: "a group", list: "a list", str: "text", bool: "yes or no", int: "a number", float: "a number"}


class Keys(dict[str, Any]):
    """A JSON object that remembers which of its keys stood twice."""

    twice: tuple[str, ...] = ()


class NotANumber:
    """What stands for NaN and Infinity, which JSON does not have."""


@dataclass
class Findings:
    """What was found wrong or worth knowing, in the order of reading."""

    rejected: list[Rejected] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def short(value: object) -> str:
    """The value as it may stand in one line of a report."""
    shown = repr(value)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 3] + "…" + shown[-1]


def plain(value: object) -> str:
    """A text or number of a stranger, as it may stand in a report whatever it holds; empty for anything else."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    line = " ".join(_HALF_SIGNS.sub("", _UNWANTED.sub("", str(value)[:LINE_LENGTH])).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


@dataclass(frozen=True)
class Piece:
    """A value of the file and its place; `session` names the session of which it is a part."""

    value: Any
    where: str
    findings: Findings
    session: str = ""

    def reject(self, why: str) -> None:
        """It cannot be taken."""
        self.findings.rejected.append(Rejected(self.where, why, self.session))

    def note(self, why: str) -> None:
        """It is taken, but somebody should know."""
        self.findings.notes.append(Note(self.where, why))

    def __getitem__(self, name: str) -> Piece:
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return Piece(value, name if self.where == THE_FILE else f"{self.where}.{name}", self.findings, self.session)

    def is_group(self) -> bool:
        """Whether it is a JSON object whose keys each stand once; rejected if not."""
        if not isinstance(self.value, Keys):
            self._wrong_kind("a group ({…})")
            return False
        for name in self.value.twice:
            self.reject(f"the key {short(name)} stands twice")
        return True

    def elements(self, *, required: bool = False) -> Iterator[Piece]:
        """The pieces of a list; none for null; anything else is rejected."""
        if self.value is None and not required:
            return
        if not isinstance(self.value, list):
            self._wrong_kind("a list ([…])")
            return
        for number, value in enumerate(self.value):
            yield Piece(value, f"{self.where}[{number}]", self.findings, self.session)

    def entries(self) -> Iterator[tuple[str, Piece]]:
        """The named pieces of a group; an empty list counts as an empty group, as some writers mean it."""
        if self.value == [] or not self.is_group():
            return
        for name, value in self.value.items():
            yield name, Piece(value, f"{self.where}[{short(name)}]", self.findings, self.session)

    def line(self, limit: int = LINE_LENGTH, *, required: bool = False) -> str:
        """One line of text, spaces tidied; empty for null."""
        before = len(self.findings.rejected)
        text = " ".join(self._cleaned().split())
        if required and not text and len(self.findings.rejected) == before:
            self.reject("is missing" if self.value is None else "is empty")
        return self._within(text, limit)

    def text(self, limit: int = TEXT_LENGTH) -> str:
        """Text of many lines; empty for null."""
        return self._within(self._cleaned().replace("\r\n", "\n").replace("\r", "\n").strip(), limit)

    def flag(self) -> bool:
        """Yes or no; no for null."""
        if self.value is None or isinstance(self.value, bool):
            return bool(self.value)
        self._wrong_kind("true or false")
        return False

    def identity(self, limit: int = 120) -> str:
        """A number or a text that names something; empty for null."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and abs(self.value) < 10**18:
            return str(self.value)
        return self.line(limit)

    def _cleaned(self) -> str:
        if self.value is None:
            return ""
        if not isinstance(self.value, str):
            self._wrong_kind("text")
            return ""
        if _HALF_SIGNS.search(self.value):
            self.reject("holds half a sign (a lone surrogate)")
            return ""
        clean = _UNWANTED.sub("", self.value)
        if clean != self.value:
            self.note("held invisible control signs; they were left out")
        return clean

    def _within(self, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self.reject(f"is {len(text)} characters long; {limit} is the most")
        return ""

    def _wrong_kind(self, wanted: str) -> None:
        if self.value is None:
            self.reject("is missing")
        elif isinstance(self.value, NotANumber):
            self.reject("is NaN or Infinity, which JSON does not have")
        else:
            self.reject(f"is {_KINDS.get(type(self.value), 'a group')}; {wanted} is expected")


def load(raw: bytes, findings: Findings) -> Piece | None:
    """The file as a piece called `schedule…`; None, with the reason among the findings, if it is not JSON at all."""
    if len(raw) > LARGEST_FILE:
        findings.rejected.append(Rejected(THE_FILE, f"is larger than {LARGEST_FILE // 1_000_000} MB"))
        return None
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_keys, parse_constant=lambda _: NotANumber())
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        where, why = f"line {line}", "is not UTF-8 text"
    except json.JSONDecodeError as fault:
        where, why = f"line {fault.lineno}, column {fault.colno}", f"is not JSON: {fault.msg}"
    except RecursionError:
        where, why = THE_FILE, "is nested too deeply"
    except ValueError:
        where, why = THE_FILE, "holds a number with thousands of digits"
    else:
        return Piece(value, THE_FILE, findings)
    findings.rejected.append(Rejected(where, why))
    return None


def _keys(pairs: list[tuple[str, Any]]) -> Keys:
    keys = Keys(pairs)
    if len(keys) < len(pairs):
        seen: set[str] = set()
        keys.twice = tuple(dict.fromkeys(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    return keys
