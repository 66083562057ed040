"""What comes down a stream, read once: all listeners are sent the same bytes, so most of it has been read before."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tertulia.live.rehearsal.books import Heard
from tertulia.live.rehearsal.messages import message_in, sent_at

# So many different pieces are remembered; then it is begun anew.
REMEMBERED = 2000
END = b"\n\n"
_ENTRY = re.compile(rb"id: [0-9a-z]+-([0-9]+)\ndata: ([^\n]*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole events: `entries` are (sequence, message id); `sent` when each of the rehearsal's own was sent.

    `is_row` says that each entry follows the one before; `others` are those that were first heard as something else.
    """

    entries: tuple[tuple[int, str], ...] = ()
    sent: tuple[float, ...] = ()
    others: tuple[tuple[int, str], ...] = ()
    position: str = ""
    is_row: bool = True
    is_present: bool = False
    is_reset: bool = False

    def enter(self, heard: Heard) -> None:
        """Enter the entries into the book of a listener."""
        if self.is_row and self.entries:
            heard.hear(self.entries[0][0], self.entries[-1][0])
        else:
            for sequence, _ in self.entries:
                heard.hear(sequence, sequence)
        if self.others:
            heard.others.extend(self.others)


class Reader:
    """Reads pieces of streams; `said` is the message first heard under each sequence."""

    def __init__(self, said: dict[int, str]) -> None:
        self.said = said
        self._known: dict[bytes, Piece] = {}

    def read(self, events: bytes) -> Piece:
        """The piece that these bytes are, which end with the end of an event."""
        piece = self._known.get(events)
        if piece is None:
            piece = self._parse(events)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[events] = piece
        return piece

    def _parse(self, events: bytes) -> Piece:
        blocks = events.split(END)
        found = [match for match in map(_ENTRY.search, blocks) if match]
        entries = tuple(_entry(match) for match in found)
        others = tuple(
            (sequence, message) for sequence, message in entries if self._first(sequence, message) != message
        )
        sent = (sent_at(message) for _, message in entries)
        return Piece(
            entries=entries,
            sent=tuple(moment for moment in sent if moment is not None),
            others=others,
            position=_position(found[-1]) if found else "",
            is_row=all(sequence == entries[0][0] + place for place, (sequence, _) in enumerate(entries)),
            is_present=any(block.startswith(b"event: present\n") for block in blocks),
            is_reset=any(block.startswith(b"event: reset\n") for block in blocks),
        )

    def _first(self, sequence: int, message: str) -> str:
        return self.said.setdefault(sequence, message)


def _entry(match: re.Match[bytes]) -> tuple[int, str]:
    sequence, told = int(match[1]), json.loads(match[2])
    return sequence, message_in(told.get("text") if isinstance(told, dict) else told, sequence)


def _position(match: re.Match[bytes]) -> str:
    return match[0].partition(b"\n")[0].removeprefix(b"id: ").decode()
