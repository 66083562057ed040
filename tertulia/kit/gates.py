"""Flood protection: a gate that is open to everybody, until too many come at once.

Then whoever comes does a piece of work on the device, or waits half a minute with a ticket; nobody is sent away, from
whatever address. What is remembered is bounded, lasts for minutes, and is in the memory of one process.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tertulia.kit import work
from tertulia.kit.handover import close, opened
from tertulia.kit.limits import Limit
from tertulia.kit.sealing import Unreadable

EVERYBODY = ""
WAIT_SECONDS = 30
TICKET_SECONDS = 1800
# With a ticket alone, in a minute: from one address, and in all. Half of all is kept for addresses from which few
# came in that minute: else ten addresses could take all of it.
WAITED_HERE, WAITED_OVERALL = 60, 600
WAITED_FEW, WAITED_BY_MANY = 6, 300
NONCE_BYTES = 12
PLACES = 60_000


@dataclass(frozen=True)
class Asked:
    """What whoever comes is asked for: a `task` with its `seed`, or to come again with `ticket` in so many seconds."""

    task: str
    seed: str
    ticket: str
    seconds: int
    pieces: int = work.PIECES
    bits: int = work.BITS


class Once:
    """Takes each text once within so many `seconds`; remembers a hash of up to `places` of them."""

    def __init__(self, seconds: float, places: int = PLACES, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.places = places
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[bytes, float] = {}

    def take(self, text: str) -> bool:
        """Whether `text` is taken for the first time; never while all places are taken."""
        name, now = hashlib.blake2b(text.encode(), digest_size=16).digest(), self._clock()
        with self._lock:
            # The oldest stand first.
            while self._taken and next(iter(self._taken.values())) <= now - self.seconds:
                del self._taken[next(iter(self._taken))]
            if name in self._taken or len(self._taken) >= self.places:
                return False
            self._taken[name] = now
            return True


class Gate:
    """Open until more than `most` from one address, or more than `overall` in all, came within `seconds`."""

    def __init__(self, name: str, *, most: int, overall: int, seconds: float) -> None:
        self.name = name
        self._here = Limit(most, seconds)
        self._overall = Limit(overall, seconds, places=1)
        self._waited_here = Limit(WAITED_HERE, 60)
        self._waited_overall = Limit(WAITED_OVERALL, 60, places=1)
        self._waited_few = Limit(WAITED_FEW, 60)
        self._waited_by_many = Limit(WAITED_BY_MANY, 60, places=1)
        self._done = Once(work.SECONDS)
        self._tickets = Once(TICKET_SECONDS)

    def count(self, address: str) -> None:
        """One more came from `address`."""
        self._here.count(address)
        self._overall.count(EVERYBODY)

    def is_pressed(self, address: str) -> bool:
        """Whether too many came at once, from `address` or in all."""
        return self._here.is_reached(address) or self._overall.is_reached(EVERYBODY)

    def lets_in(self, address: str, sent: Mapping[str, str], about: str) -> bool:
        """Whether who comes from `address` passes now, with the fields that the form has `sent`.

        What was asked for one purpose (`about`, the address of an event) opens nothing else, and once.
        """
        return not self.is_pressed(address) or self._has_worked(sent, about) or self._has_waited(address, sent, about)

    def asks(self, sent: Mapping[str, str], about: str) -> Asked:
        """What is asked of who did not pass; who waits already keeps the ticket."""
        left = self._seconds_left(sent.get("ticket", ""), about)
        ticket = sent["ticket"] if left is not None else self._ticket(about)
        task = work.task(f"{self.name} {about}")
        return Asked(task, work.seed(task), ticket, WAIT_SECONDS if left is None else max(1, left))

    def _has_worked(self, sent: Mapping[str, str], about: str) -> bool:
        task = sent.get("task", "")
        return work.is_done(task, sent.get("done", ""), f"{self.name} {about}") and self._done.take(task)

    def _has_waited(self, address: str, sent: Mapping[str, str], about: str) -> bool:
        ticket = sent.get("ticket", "")
        is_ripe = self._seconds_left(ticket, about) == 0
        if not is_ripe or self._is_full(address) or not self._tickets.take(ticket):
            return False
        for limit, whose in self._of_who_waited(address):
            limit.count(whose)
        return True

    def _is_full(self, address: str) -> bool:
        """Whether nobody else from `address` comes in with a ticket in this minute."""
        here, overall, few, by_many = (limit.is_reached(whose) for limit, whose in self._of_who_waited(address))
        return here or overall or (few and by_many)

    def _of_who_waited(self, address: str) -> tuple[tuple[Limit, str], ...]:
        of_all = ((self._waited_overall, EVERYBODY), (self._waited_few, address), (self._waited_by_many, EVERYBODY))
        return (self._waited_here, address), *of_all

    def _ticket(self, about: str) -> str:
        return close(secrets.token_bytes(NONCE_BYTES), f"ticket {self.name} {about}")

    def _seconds_left(self, ticket: str, about: str) -> int | None:
        """How long one still waits with this `ticket`; None if it is none, or none any more."""
        try:
            _nonce, age = opened(ticket, f"ticket {self.name} {about}")
        except Unreadable:
            return None
        return max(0, round(WAIT_SECONDS - age)) if 0 <= age < TICKET_SECONDS else None
