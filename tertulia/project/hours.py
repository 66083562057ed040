"""What was answered, added up by the hour: a line for each page would say in which minute somebody came."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

HOUR_SECONDS = 3600.0


class Hours:
    """Adds up what comes, and has it told when the hour of the clock (or so many `seconds`) is over.

    The journal stamps each line with the moment in which it is written, so no line is written before. A process that
    ends tells nothing more: the moment of its end would part the hour.
    """

    def __init__(self, tell: Callable[[str], None], seconds: float = HOUR_SECONDS) -> None:
        self.seconds = seconds
        self._tell = tell
        self._took: dict[str, tuple[int, float, float]] = {}
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None

    def add(self, what: str, milliseconds: float) -> None:
        """One more of `what`, which took so many `milliseconds`."""
        with self._lock:
            times, whole, longest = self._took.get(what, (0, 0.0, 0.0))
            self._took[what] = (times + 1, whole + milliseconds, max(longest, milliseconds))
            if self._watch is None:
                self._watch = threading.Thread(target=self._wait, name="hours", daemon=True)
                self._watch.start()

    def tell(self) -> None:
        """A line for each kind of what came, in the order of letters; then it begins anew."""
        with self._lock:
            took, self._took, self._watch = self._took, {}, None
        for what, (times, whole, longest) in sorted(took.items()):
            self._tell(f"{what}, {times} in the hour, {whole / times:.0f} ms on average, {longest:.0f} ms at most")

    def _wait(self) -> None:
        threading.Event().wait(self.seconds - time.time() % self.seconds)
        self.tell()
