"""What is held about somebody, said line by line, for the page that shows them all of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """One thing that is held: `name` in the export, what it is, its value, why it is kept, when it goes.

    `take_back` is the address of the page where one takes it back, and `act` what its button says. Where that is not
    one's own to do the address is empty, and `act` says how it is; without it, the thing goes by itself.
    `tells_who`: it tells this person from others.
    """

    name: str
    what: str
    value: str
    why: str
    ends: str
    take_back: str = ""
    act: str = ""
    tells_who: bool = False


@dataclass(frozen=True)
class Section:
    """What one part of the site holds: `name` in the export, a title, its rows."""

    name: str
    title: str
    rows: tuple[Held, ...]
