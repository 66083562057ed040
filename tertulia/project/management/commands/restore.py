"""`tertulia restore`: the way back from a sealed copy of the house, or of its keys."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from tertulia.project.backup.making import KEYS
from tertulia.project.backup.restoring import Outcome, restore, verify
from tertulia.project.backup.unfit import Unfit
from tertulia.project.occupancy import stoppable


class Command(BaseCommand):
    """Put the house or its keys back from a file that `backup` wrote, or look whether that could be done.

    The keys are added to those that are there; the house takes the place of the one that is there, which is kept until
    all is well. Refuses with one line, and nothing is changed: a server that runs here, another key, another release,
    a file that was changed or cut off.
    """

    help = "Put the house, or its keys, back from a sealed copy; with --verify, look whether it could be."
    requires_system_checks = ()
    needs_no_house = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which archive, and what opens it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote; restore the keys first")
        parser.add_argument(
            "--identity",
            type=Path,
            required=True,
            metavar="FILE",
            help="the private key, as `backup --make-key` wrote it; bring it for the occasion and take it away again",
        )
        parser.add_argument(
            "--verify", action="store_true", help="lay it out beside, check everything, and change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, or verify, and say what came out."""
        work = verify if options["verify"] else restore
        if options["file"].is_dir():
            raise CommandError(f"{options['file']} is a folder: name the file in it that `backup` wrote")
        if not options["json"]:
            self.stdout.write("Reading the archive …")
            self.stdout.flush()
        try:
            with stoppable():
                outcome = work(options["file"], options["identity"])
        except Unfit as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"the archive could not be put back: {fault.strerror or fault}") from fault
        except Error as fault:
            raise CommandError(f"the database did not take it: {type(fault).__name__}") from fault
        told = _figures(outcome, verified=options["verify"])
        self.stdout.write(json.dumps(told) if options["json"] else _in_words(told))


def _figures(outcome: Outcome, *, verified: bool) -> dict[str, Any]:
    archive = outcome.archive
    return {
        "holds": archive.about["holds"],
        "house": outcome.house,
        "verified": verified,
        "parts": len(archive.parts),
        "bytes": archive.bytes_of_parts(),
        "rows": sum(archive.counts.values()),
        "keys_added": outcome.keys,
        "erased_again": outcome.erased,
        "made_with_these_keys": archive.is_ours if archive.about["holds"] != KEYS else None,
    }


def _in_words(told: dict[str, Any]) -> str:
    held = f"{told['parts']} parts, {told['rows']} rows, {told['bytes'] / 1e6:.1f} MB"
    whose = f" of house {told['house']}" if told["house"] else ""
    if told["verified"]:
        unasked = told["made_with_these_keys"] is None and told["holds"] != KEYS
        note = " The keys of its house are not here: who made it was not asked." if unasked else ""
        return f"The archive{whose} is whole: {held}. Nothing was changed.{note}"
    if told["holds"] == KEYS:
        return f"{told['keys_added']} keys{whose} were added. Now restore the house."
    return f"Restored{whose}: {held}; {told['erased_again']} things that were erased since have been erased again."
