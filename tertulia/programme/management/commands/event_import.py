"""`tertulia event import FILE`: a programme from a file, into a new event or over an older import of it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tertulia.kit.errors import Invalid, Refusal
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.formats.entries import Parsed
from tertulia.programme.formats.pieces import LARGEST_FILE
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.queries.imports import ImportReport, import_preview

WRONG = 2
EXPLAINED = """
The file is a schedule.json as pretalx, frab and the c3voc tools write it. The first import makes an event;
importing a newer version of the same file updates it: new sessions are added, changed ones are changed, and
those that are gone are withdrawn. If anything in the file cannot be understood, you are told what and where,
and nothing at all is changed. A file that has nothing in common with the event whose name it carries is taken for
another event's: it is refused, unless --slug says that you mean this one.

Examples:
  tertulia event import schedule.json --dry-run
  tertulia event import schedule.json --slug nights-2021 --zone Europe/Lisbon
"""


class Command(BaseCommand):
    """Takes a programme from a file; a file that is bad in any place changes nothing and ends with 2."""

    help = "Take a festival's programme from a file; a second import updates it."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """The examples keep their lines."""
        kwargs.update(formatter_class=RawDescriptionHelpFormatter, epilog=EXPLAINED)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the line."""
        parser.add_argument("file", metavar="FILE", help="the file with the programme (schedule.json)")
        parser.add_argument("--slug", default="", help="the event's address, /events/SLUG/; else the file's own name")
        parser.add_argument("--zone", help="the event's time zone, such as Europe/Lisbon; else the file's own")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="say it as JSON, for other programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, import, report; CommandError (exit code 2) if the file is bad or the import is refused."""
        parsed = parse(_content(options["file"]), options["zone"])
        if parsed.rejected:
            self._report(import_preview(parsed, options["slug"]), options)
            raise CommandError(_complaint(options["file"], parsed), returncode=WRONG)
        _say_that_it_goes_on(options["file"])
        try:
            report = _carried_out(parsed, options)
        except Refusal as refusal:
            raise CommandError(f"{_place_of(refusal, options)}: {refusal}", returncode=WRONG) from refusal
        self._report(report, options)

    def _report(self, report: ImportReport, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(_told(report), ensure_ascii=False))
        elif not report.rejected:
            for sentence in _sentences(report, dry_run=options["dry_run"]):
                self.stdout.write(sentence)


def _say_that_it_goes_on(file: str) -> None:
    """To somebody who looks on, and to no program: a large file takes a while."""
    if sys.stderr.isatty():
        print(f"{file} is read; its programme is compared with what is there …", file=sys.stderr, flush=True)


def _carried_out(parsed: Parsed, options: dict[str, Any]) -> ImportReport:
    if options["dry_run"]:
        return import_preview(parsed, options["slug"])
    return import_schedule(parsed, options["slug"], options["zone"])


def _place_of(refusal: Refusal, options: dict[str, Any]) -> str:
    """What was refused: the address that was asked for, or the file."""
    is_address = isinstance(refusal, Invalid) and refusal.where == "slug"
    return "--slug" if is_address and options["slug"] else str(options["file"])


def _content(file: str) -> bytes:
    """At most a little more than the reader takes: it tells of a file that is too large itself."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise CommandError(f"{file}: {fault.strerror or 'cannot be read'}", returncode=WRONG) from fault
    except ValueError as fault:
        raise CommandError("the name of the file is none", returncode=WRONG) from fault


def _told(report: ImportReport) -> dict[str, Any]:
    told = asdict(report)
    del told["as_of"]
    return told | {"rejected": [{"where": one.where, "why": one.why} for one in report.rejected]}


def _complaint(file: str, parsed: Parsed) -> str:
    first, more = parsed.rejected[0], len(parsed.rejected) - 1
    rest = f" (and {more} more)" if more else ""
    session = f" ({first.session})" if first.session else ""
    return f"{file}: {first.where}{session}: {first.why}{rest}; nothing was changed"


def _sentences(report: ImportReport, *, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    counts = f"{report.sessions} sessions in {report.rooms} rooms, {report.tracks} tracks"
    return [
        f"{report.event}: {counts}, {report.contributors} contributors.",
        f"Sessions: {report.added} {would}added, {report.changed} {would}changed, {report.removed} {would}removed.",
        *(f"Note: {note.where}: {note.why}." for note in report.notes),
        *([_nothing_in_common(report)] if report.nothing_in_common else []),
        *([f"It would be refused: {report.refused}"] if report.refused else []),
        "Nothing was changed: this was a dry run." if dry_run else f"It is at /events/{report.event}/.",
    ]


def _nothing_in_common(report: ImportReport) -> str:
    event = report.event
    return f"Nothing in this file is part of the event {event} as it is: without --slug {event} an import is refused."
