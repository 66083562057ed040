"""`tertulia backup`: a sealed copy of the house, and one of its keys, for the day on which the machine is gone."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tertulia.project.backup import envelope, shelf
from tertulia.project.backup.archive import Archive
from tertulia.project.backup.making import HOUSE, KEYS, back_up_house, back_up_keys
from tertulia.project.backup.noting import note_copy
from tertulia.project.backup.unfit import Unfit
from tertulia.project.occupancy import at_home, stoppable

MAKERS = {HOUSE: back_up_house, KEYS: back_up_keys}
KEY_MADE = """The private key is in {path}. Take it to another machine now, and keep it there: who has it can read
every backup, and without it nobody can. On this machine set the public one:

TERTULIA_BACKUP_RECIPIENTS={public}"""


class Command(BaseCommand):
    """Write the house, its keys, or each into an archive of its own, sealed to the operator's public key.

    Servers may go on meanwhile. Refuses with one line: no public key, a file that is there already, a full disk.
    """

    help = "Copy the house, or its keys, into a sealed file; the servers may go on meanwhile."
    requires_system_checks = ()
    needs_no_house = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is copied, and where to."""
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FILE",
            help="where to write the copy of database, rooms and files; a folder gets a file named by the day",
        )
        parser.add_argument(
            "--keys",
            type=Path,
            metavar="FILE",
            help="where to write the copy of the keys and the pepper: keep it apart, and none for more than 7 days",
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            default=shelf.LONGEST_DAYS[HOUSE],
            metavar="N",
            help="in a folder, remove our copies that are older than N days "
            f"(1 to {shelf.MOST_DAYS}, default {shelf.LONGEST_DAYS[HOUSE]}; those of keys after 6 at the latest)",
        )
        parser.add_argument(
            "--make-key", type=Path, metavar="FILE", help="make a new pair of keys to seal with; no copy"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make a pair of keys, or the archives that were asked for."""
        wanted = {kind: options[word] for kind, word in ((HOUSE, "file"), (KEYS, "keys")) if options[word]}
        if bool(wanted) == bool(options["make_key"]):
            raise CommandError("name a FILE to copy to, --keys FILE, or both; or --make-key FILE alone")
        if not 1 <= options["keep_days"] <= shelf.MOST_DAYS:
            raise CommandError(f"--keep-days is between 1 and {shelf.MOST_DAYS}")
        try:
            if options["make_key"]:
                self._make_key(options["make_key"], as_json=options["json"])
                return
            with stoppable(), at_home(makes_folders=False):
                self._back_up(wanted, options)
        except Unfit as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"the backup could not be written: {fault.strerror or fault}") from fault

    def _make_key(self, path: Path, *, as_json: bool) -> None:
        public = envelope.make_key(path)
        told = {"file": str(path), "public": public}
        self.stdout.write(json.dumps(told) if as_json else KEY_MADE.format(path=path, public=public))

    def _back_up(self, wanted: dict[str, Path], options: dict[str, Any]) -> None:
        # What lacks is said before anything is begun.
        envelope.recipients(settings.BACKUP_RECIPIENTS)
        told = {}
        for kind, where in wanted.items():
            path = shelf.place_for(kind, where)
            if not options["json"]:
                self.stdout.write(f"Copying the {kind} …")
                self.stdout.flush()
            archive = MAKERS[kind](path)
            if not note_copy(kind):
                self.stderr.write("The audit log could not be told of this copy.")
            removed = shelf.clear(kind, where, options["keep_days"])
            told[kind] = _figures(path, archive) | {"house": archive.about["house"], "removed": removed}
            if not options["json"]:
                self.stdout.write(_in_words(told[kind]))
        if options["json"]:
            self.stdout.write(json.dumps(told))


def _figures(path: Path, archive: Archive) -> dict[str, Any]:
    rows = sum(archive.counts.values())
    return {"file": str(path), "bytes": path.stat().st_size, "parts": len(archive.parts), "rows": rows}


def _in_words(told: dict[str, Any]) -> str:
    gone = f"; {told['removed']} older ones removed" if told["removed"] else ""
    held = f"{told['parts']} parts, {told['rows']} rows, {told['bytes'] / 1e6:.1f} MB"
    return f"{told['file']}: {held}, of house {told['house']}{gone}"
