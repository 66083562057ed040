"""Where answers wait in memory, added up, until there are enough of them to be written down together."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import Counter

from tertulia.people.counting.disclosure import MOST_HIDDEN
from tertulia.people.counting.totals import Totals

ENOUGH = 50
# Who copies the file before and after a process ends sees what it wrote last. Fewer than the smallest number that may
# leave this house would say of a few people what they answered: they are lost, as when a process is killed.
LEAST_AT_THE_END = MOST_HIDDEN + 1
LOOK_SECONDS = 30.0
log = logging.getLogger("tertulia.counting")

# Where an answer belongs: the address of an event, and the name of a question.
Place = tuple[str, str]


class Buffer:
    """Answers of this process that are not written down yet; any thread may add to it.

    They are added up as they come, each question by itself: what waits has no order and joins nothing. Once `enough`
    wait at one question they are written together. In an event that has ended they are written however few they are:
    while anything waits, a thread looks every `look_seconds`. A process that is killed loses what waits in it, and one
    that ends loses what is fewer than LEAST_AT_THE_END.
    """

    def __init__(self, totals: Totals, *, enough: int = ENOUGH, look_seconds: float = LOOK_SECONDS) -> None:
        self.totals = totals
        self.enough = enough
        self.look_seconds = look_seconds
        self._waiting: dict[Place, Counter[str]] = {}
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None

    def add(self, scope: str, question: str, answer: str) -> None:
        """Count one `answer` to a `question` in a `scope` (the address of an event)."""
        place = (scope, question)
        with self._lock:
            waiting = self._waiting.setdefault(place, Counter())
            waiting[answer] += 1
            is_enough = waiting.total() >= self.enough
            self._be_watched()
        if is_enough:
            self._write([place], least=self.enough)

    def hand_in(self) -> None:
        """Write what waits and is not too little, since this process is about to end; where an event is over, all."""
        self._write_what_is_due()
        with self._lock:
            places = list(self._waiting)
        self._write(places, least=LEAST_AT_THE_END)

    def waits(self) -> int:
        """How many answers wait."""
        with self._lock:
            return sum(counted.total() for counted in self._waiting.values())

    def _write(self, places: list[Place], least: int = 1) -> None:
        """Write what waits at these places, if it is `least` answers; what cannot be written goes on waiting."""
        for scope, question in places:
            counted = self._taken((scope, question), least)
            try:
                if counted:
                    self.totals.add(scope, {question: counted})
            except (sqlite3.Error, OSError) as fault:
                log.error("answers could not be written down: %s", type(fault).__name__)  # noqa: TRY400 - no traceback
                with self._lock:
                    self._waiting.setdefault((scope, question), Counter()).update(counted)
                    self._be_watched()

    def _taken(self, place: Place, least: int) -> Counter[str]:
        """What waits at a place, from now on nowhere else; nothing if another thread has just taken most of it."""
        with self._lock:
            is_enough = self._waiting.get(place, Counter()).total() >= least
            return self._waiting.pop(place) if is_enough else Counter()

    def _be_watched(self) -> None:
        """Start the thread that looks, if there is none; only under the lock."""
        if self._watch is None:
            self._watch = threading.Thread(target=self._look, name="counting", daemon=True)
            self._watch.start()

    def _look(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self.look_seconds)
            self._write_what_is_due()
            with self._lock:
                if not self._waiting:
                    self._watch = None
                    return

    def _write_what_is_due(self) -> None:
        try:
            self._write(self._what_is_due())
        except (sqlite3.Error, OSError) as fault:
            log.error("answers could not be looked after: %s", type(fault).__name__)  # noqa: TRY400 - no traceback

    def _what_is_due(self) -> list[Place]:
        with self._lock:
            waiting = {place: counted.total() for place, counted in self._waiting.items()}
        # To look makes the file; where nothing waits it is left alone.
        ended = set(self.totals.ended_among({scope for scope, _question in waiting})) if waiting else set()
        return [place for place, number in waiting.items() if place[0] in ended or number >= self.enough]
