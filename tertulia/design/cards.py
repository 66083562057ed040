"""Share cards: what stands on the picture that other places show beside an address of ours."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

LONGEST = 200
_JOINERS = "\u200c\u200d"
WIDTH, HEIGHT = 1200, 630
# Whatever shapes the picture: when one of these changes, so does the address of every card.
DRAWN_BY = (
    *("cards.py", "clock.py", "drawing.py", "lettering.py", "palette.py", "sky.py", "static/design/css/10-tokens.css"),
    *(f"templates/design/{name}" for name in ("card.svg", "_dial.html", "_mark.html", "_sky.html")),
)


@dataclass(frozen=True)
class Card:
    """A card: its words, their languages (BCP 47 tags), and what is drawn beside them.

    `over` is a short line above the title, `under` one below it, `foot` who speaks; empty ones are left out. The sky is
    that of the page: in the hour that belongs to the name `dusk`, with `points` stars that are drawn from `seed` on a
    ground of `ground` units in height (and 1200 in width). `hour` (0 to 24, UTC) sets the hand of the dial; None: no
    dial. `is_from_right` turns the whole around.
    """

    title: str
    title_language: str
    language: str
    over: str = ""
    under: str = ""
    foot: str = ""
    seed: str = ""
    dusk: str = ""
    points: int = 26
    ground: int = 460
    hour: float | None = None
    is_from_right: bool = False

    @property
    def name(self) -> str:
        """What the address calls the picture: it changes whenever the picture does."""
        told = json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(f"{_drawing()} {told}".encode()).hexdigest()[:20]

    @property
    def words(self) -> str:
        """The picture in words, for who does not see it."""
        return " · ".join(filter(None, (self.over, self.title, self.under, self.foot)))


def cut(text: str, longest: int = LONGEST) -> str:
    """The text in one line of at most `longest` characters: cut after a word, and then ended with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    head = line[: longest - 1]
    # A language without spaces is cut between two characters.
    if line[longest - 1] != " " and " " in head[longest // 2 :]:
        head = head.rpartition(" ")[0]
    return f"{_without_half(head, line).rstrip(' ,;:.–—-')}…"


def _without_half(head: str, line: str) -> str:
    """The head without a last letter whose marks would be left behind."""
    end = len(head)
    while 0 < end < len(line) and (unicodedata.category(line[end]).startswith("M") or line[end] in _JOINERS):
        end -= 1
    return head[:end]


@cache
def _drawing() -> str:
    """A name for how cards are drawn by this release."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / part).read_bytes() for part in DRAWN_BY)).hexdigest()
