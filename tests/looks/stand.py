"""`python -m tests.looks.stand HOUSE FOLDER PORT`: builds one of the houses in FOLDER and serves it, its clock stopped.

It is the real server with three differences: the clock of the process stands still, its chance always falls the same
way, and the addresses of `tests/looks/urls.py` are there. `site.json` in FOLDER says that everything is in place.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

from tests.looks import chance
from tests.looks.pages import CROWDED

MOMENT = datetime(2021, 11, 18, 17, 20, tzinfo=UTC)
NAMES = {"festival": "Saltmarsh Network (sample)", "quiet": "Tertulia", "extremes": "The Network of Very Long Names"}


def main(which: str, folder: Path, port: int) -> None:
    """Build the house called `which` in `folder` and serve it on `port` until told to stop."""
    alone = dict.fromkeys(("DATABASE_URL", "TERTULIA_KEYS", "TERTULIA_PEPPER_FILE", "TERTULIA_DEBUG"), "")
    os.environ |= alone | {"TERTULIA_DATA": str(folder), "TERTULIA_URL": f"http://localhost:{port}"}
    # So that somebody who has to wait can be shown, while everybody else has not.
    os.environ |= {"TERTULIA_NAME": NAMES[which], "TERTULIA_BEHIND_PROXY": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tertulia.project.settings"
    time_machine.travel(MOMENT, tick=False).start()
    chance.take_over()
    chance.begin("keys")
    import django

    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _serve(which, folder, port)


def _serve(which: str, folder: Path, port: int) -> None:
    from django.conf import settings
    from django.core.management import call_command

    from tertulia.project.folders import make_folders
    from tertulia.project.management.commands.serve import Command as Serve
    from tertulia.project.server import House
    from tests.looks.site import BUILDERS

    settings.ROOT_URLCONF = "tests.looks.urls"
    make_folders()
    call_command("prepare", verbosity=0)
    _press()
    talk = BUILDERS[which]()

    class Stand(Serve):
        """The server that says when the rooms have been talked in."""

        def house(self, host: str, port: int, worker: int) -> House:
            return House(host, port, worker, when_open=lambda: _settle(folder, talk))

    Stand().serve("127.0.0.1", port)


def _press() -> None:
    """For one address alone, too many come in at every moment."""
    from tertulia.kit.gates import Gate
    from tertulia.programme.views import participation

    class Pressed(Gate):
        """A gate that asks whoever comes from there for work or patience."""

        def is_pressed(self, address: str) -> bool:
            return address == CROWDED or super().is_pressed(address)

    participation.NEWCOMERS = Pressed("newcomers", most=1_000_000, overall=1_000_000, seconds=60)


def _settle(folder: Path, talk: Callable[[], dict[str, Any]]) -> None:
    """Let people talk, then say what is where."""
    from django.db import connections

    try:
        draft = folder / "site.json.new"
        draft.write_text(json.dumps(talk(), ensure_ascii=False, indent=1), "utf-8")
        draft.rename(folder / "site.json")
    except BaseException:
        # Whoever waits for that file is told, by the end of the server.
        os.kill(os.getpid(), signal.SIGTERM)
        raise
    finally:
        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
