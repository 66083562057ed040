"""Word from other relays, of this host and others, that something was written: PostgreSQL's notices.

A notice may be lost, and nothing is lost with it: whoever is woken, by this or a later one, reads by sequence.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg

from tertulia.live.relay.store.log import EVERYWHERE

# On it relays of other processes and hosts are told in which room something was written.
CHANNEL = "tertulia_rooms"
# How often, in seconds, the end is looked for, and a lost line tried again.
LOOK_SECONDS = 1.0

log = logging.getLogger("tertulia.relay")


class Wakes:
    """A line of its own on which notices come; `told` is called, in a thread, with the name of each room.

    Those that carry `mark` are this relay's own, and passed over.
    """

    def __init__(self, address: str, mark: str, told: Callable[[str], None]) -> None:
        self._address = address
        self._mark = mark
        self._told = told
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="room-log-wakes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hear nothing more."""
        self._ending.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._ending.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=10) as line:
                    line.execute(f"LISTEN {CHANNEL}".encode())
                    self._told(EVERYWHERE)
                    self._hear(line)
            except psycopg.Error as fault:
                log.warning("notices of other relays do not come just now: %s", type(fault).__name__)
                self._ending.wait(LOOK_SECONDS)

    def _hear(self, line: psycopg.Connection) -> None:
        while not self._ending.is_set():
            for notice in line.notifies(timeout=LOOK_SECONDS, stop_after=1):
                mark, _, room = notice.payload.partition(" ")
                if mark != self._mark:
                    self._told(room)
