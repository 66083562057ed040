"""The houses of the inventory, served: started when a page first asks for one, each in a folder of its own."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.ground.served import START_SECONDS, Served
from tests.ground.store import SqliteStore


@dataclass(frozen=True)
class Site:
    """What one needs to know of a house that is served.

    `url` is where it answers, `places` are the addresses that pages.py names in braces, `people` the session cookie
    of each person, `cookies` further ones as (name, value).
    """

    url: str
    places: dict[str, str]
    people: dict[str, str]
    cookies: dict[str, tuple[str, str]]


class House(Served):
    """One house; what it says of itself, `site`, is known once it has started."""

    site: Site

    def __init__(self, which: str, folder: Path, port: int = 0) -> None:
        super().__init__(folder, port)
        self.which = which

    @property
    def url(self) -> str:
        """Where it answers: under a name, without which a browser has no passkeys."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start, and wait until everything is in its place."""
        SqliteStore(self.folder).lay()
        super().start()
        said = self._wait()
        cookies = {name: (cookie[0], cookie[1]) for name, cookie in said["cookies"].items()}
        self.site = Site(self.url, said["places"], said["people"], cookies)

    def _wait(self) -> dict[str, Any]:
        until = time.monotonic() + START_SECONDS
        while not (self.folder / "site.json").exists():
            if time.monotonic() > until or (self.process and self.process.poll() is not None):
                raise RuntimeError(f"the house was not built: {self.said()}")
            time.sleep(0.05)
        said: dict[str, Any] = json.loads((self.folder / "site.json").read_text("utf-8"))
        return said

    def _line(self, *words: str) -> list[str]:
        if words[:1] != ("serve",):
            return super()._line(*words)
        return [sys.executable, "-m", "tests.looks.stand", self.which, str(self.folder), str(self.port)]


class Houses:
    """All houses, each started when it is first asked for; `with` stops them and takes their folders away."""

    def __init__(self) -> None:
        self._ground = tempfile.TemporaryDirectory(prefix="tertulia-looks-")
        self._houses: dict[str, House] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for house in self._houses.values():
            if house.process and house.process.poll() is None:
                house.stop()
        self._ground.cleanup()

    def __getitem__(self, which: str) -> Site:
        """The house of that name, as pages.py calls it; asked by one thread at a time."""
        if which not in self._houses:
            folder = Path(self._ground.name) / which
            folder.mkdir()
            self._houses[which] = House(which, folder)
            self._houses[which].start()
        return self._houses[which].site
