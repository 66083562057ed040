"""`tertulia worker`: do what was put off."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tertulia.project import queue, worker


class Command(BaseCommand):
    """Do the work that was put off, until SIGTERM; 0 when told to stop."""

    help = "Do the work that was put off, until it is told to stop (`tertulia serve` does it by itself)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be asked for instead of working on and on."""
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--once", action="store_true", help="do one task, if one is due, and stop")
        only.add_argument("--drain", action="store_true", help="do all that is due, and stop")
        only.add_argument("--failed", action="store_true", help="list the tasks that were given up; run none")
        parser.add_argument("--child-of", type=int, metavar="PID", help="stop when this process is gone")
        parser.add_argument("--json", action="store_true", help="with --once, --drain and --failed: answer as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work, or answer."""
        if options["failed"]:
            self._answer(queue.failed(), as_json=options["json"])
            return
        if options["once"] or options["drain"]:
            self._answer(worker.drain(1 if options["once"] else None), as_json=options["json"])
        else:
            worker.stand_by(child_of=options["child_of"])

    def _answer(self, answer: int | list[dict[str, str | int]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"run": answer} if isinstance(answer, int) else {"failed": answer}))
        elif isinstance(answer, int):
            self.stdout.write(f"{answer} tasks run")
        else:
            lines = [f"{row['at']}  {row['name']}  {row['fault']}  after {row['tries']} tries" for row in answer]
            self.stdout.write("\n".join(lines) or "no task was given up")
