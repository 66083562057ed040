"""`tertulia event rehearse`: a dress rehearsal with real clients, and books that must balance."""

from __future__ import annotations

import ipaddress
import json
import signal
import socket
import ssl
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connection

from tertulia.live.queries import log_address
from tertulia.live.rehearsal.books import Log, balance
from tertulia.live.rehearsal.files import TooFewFiles, files_allowed
from tertulia.live.rehearsal.findings import figures, words
from tertulia.live.rehearsal.log import NotHere, read_log
from tertulia.live.rehearsal.plan import Plan, files_needed, processes_for, usual_steps
from tertulia.live.rehearsal.processes import CrowdLost
from tertulia.live.rehearsal.rehearsal import Rehearsed, run
from tertulia.live.rehearsal.scratch import CannotStart, house
from tertulia.programme.models import Event
from tertulia.programme.queries.schedule import schedule_file

OUT_OF_BALANCE = 1
ANSWER_SECONDS = 10
# So many figures, the first, are the books and what people met.
BOOKS = 13
LIMITS = {"participants": (1, 20_000), "countries": (1, 300), "minutes": (0.05, 600), "rate": (0.01, 5000)}


class Command(BaseCommand):
    """Rehearse an event: people come in, listen, write, lose their line and return; then the books are compared.

    Without --url everything happens in a copy of the programme on a server of its own, and nothing of it stays.
    Refuses (exit 2) an unknown event, with --url a closed one, numbers out of range, a --url elsewhere without
    --i-run-this-server or where nothing answers, a --ca that holds no certificate, and more people than this machine
    allows open files. Exit 1 when the books do not balance, 130 when it was stopped.
    """

    help = "Rehearse an event with as many people as you expect, and see whether everybody hears everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, for how long, and where."""
        parser.add_argument("slug", metavar="SLUG", help="the event, as in its address: /events/SLUG/")
        parser.add_argument("--participants", type=int, metavar="N", required=True, help="how many people come in")
        parser.add_argument(
            "--countries", type=int, metavar="N", default=1, help="from how many countries (default: 1)"
        )
        parser.add_argument(
            "--minutes", type=float, metavar="M", default=1.0, help="how long they talk, in minutes (default: 1)"
        )
        parser.add_argument(
            "--rate", type=float, metavar="R", default=5.0, help="messages a second, all together (default: 5)"
        )
        parser.add_argument(
            "--steps",
            type=_steps,
            metavar="N,…",
            help="with how many people it is measured on the way (default: a tenth, a third, from 100 people on)",
        )
        parser.add_argument("--url", help="a server that is already running (default: start one for the rehearsal)")
        parser.add_argument(
            "--ca", metavar="FILE", help="whom to trust at an https --url (default: as this machine does)"
        )
        parser.add_argument("--i-run-this-server", action="store_true", help="needed for a --url on another machine")
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def check_line(self, options: dict[str, Any]) -> None:
        """CommandError for numbers and addresses that cannot be meant."""
        _check(options)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rehearse, report, and fail if the books do not balance."""
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"there is no event {options['slug']!r}")
        if event.closed_on:
            self._about_the_end(event, options)
        # Whoever stops it from outside finds its server ended as well.
        before = signal.signal(signal.SIGTERM, _stop)
        try:
            plan, rehearsed, log = self._elsewhere(options) if options["url"] else self._here(event, options)
        except TooFewFiles as fault:
            raise CommandError(f"{options['participants']} people need {fault}") from fault
        except (CannotStart, CrowdLost) as fault:
            raise CommandError(str(fault)) from fault
        finally:
            signal.signal(signal.SIGTERM, before)
        even = balance(rehearsed.books, log)
        self._tell(figures(plan, rehearsed, even), rehearsed, as_json=options["json"])
        if not even.is_even or rehearsed.books.errors:
            self.stderr.write("tertulia: the books do not balance")
            raise SystemExit(OUT_OF_BALANCE)

    def _about_the_end(self, event: Event, options: dict[str, Any]) -> None:
        if options["url"]:
            raise CommandError(f"the event {event.slug!r} is closed: nobody can come in")
        self._progress(f"{event.slug} is closed; its programme is rehearsed as if it were open")

    def _here(self, event: Event, options: dict[str, Any]) -> tuple[Plan, Rehearsed, Log]:
        """On a server of its own, beside the database that is in use."""
        database = log_address() if connection.vendor == "postgresql" else ""
        plan = _plan(options, "127.0.0.1", 0)
        with _files(plan, is_server_ours=True), house(schedule_file(event), event.slug, database) as stage:
            rehearsed = run(replace(plan, port=stage.port), self._progress)
            stage.stop()
            return plan, rehearsed, read_log(stage.log_address, stage.keys, rehearsed.books.room)

    def _elsewhere(self, options: dict[str, Any]) -> tuple[Plan, Rehearsed, Log]:
        """On a running server; its log is the one of this data folder."""
        place = urlsplit(options["url"])
        is_https = place.scheme == "https"
        if is_https:
            _trust(options["ca"])
        plan = _plan(options, place.hostname or "", place.port or (443 if is_https else 80), is_https=is_https)
        _knock(options["url"], plan)
        with _files(plan, is_server_ours=False):
            rehearsed = run(plan, self._progress)
        try:
            return plan, rehearsed, read_log(log_address(), settings.KEYS, rehearsed.books.room)
        except NotHere as fault:
            raise CommandError("the server at --url uses another data folder: say which with --data") from fault

    def _progress(self, line: str) -> None:
        self.stderr.write(f"{line} …")

    def _tell(self, found: dict[str, Any], rehearsed: Rehearsed, *, as_json: bool) -> None:
        for error in rehearsed.books.errors[:10]:
            self.stderr.write(error)
        if as_json:
            self.stdout.write(json.dumps(found))
            return
        for name, figure in list(found.items())[:BOOKS]:
            self.stdout.write(f"{name.replace('_', ' '):22} {figure}")
        self.stdout.write("\n".join(["", *words(rehearsed)]))


def _check(options: dict[str, Any]) -> None:
    for name, (least, most) in LIMITS.items():
        if not least <= options[name] <= most:
            raise CommandError(f"--{name} is between {least} and {most}")
    steps = options["steps"] or ()
    if list(steps) != sorted(set(steps)) or (steps and not 0 < steps[0] <= steps[-1] <= options["participants"]):
        raise CommandError("--steps are numbers of people that grow up to --participants, such as 100,300,1000")
    if options["ca"] and not (options["url"] or "").startswith("https://"):
        raise CommandError("--ca belongs to an https --url")
    if not options["url"]:
        return
    place = urlsplit(options["url"])
    if place.scheme not in {"http", "https"} or not place.hostname:
        raise CommandError("--url is an address such as http://127.0.0.1:8000 or https://festival.example")
    if not _is_loopback(place.hostname) and not options["i_run_this_server"]:
        raise CommandError(f"{place.hostname} is another machine: say --i-run-this-server if it is yours")


def _knock(url: str, plan: Plan) -> None:
    """Later, when the server is started anew, its people keep trying; nobody sets out for a place that is not there."""
    try:
        socket.create_connection((plan.host, plan.port), timeout=ANSWER_SECONDS).close()
    except OSError as fault:
        raise CommandError(f"nothing answers at {url}") from fault


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trust(file: str | None) -> None:
    """CommandError for a file that holds no certificate."""
    try:
        ssl.create_default_context(cafile=file)
    except OSError as fault:
        raise CommandError(f"--ca {file} holds no certificate that can be read") from fault


def _steps(text: str) -> tuple[int, ...]:
    return tuple(int(people) for people in text.split(","))


def _plan(options: dict[str, Any], host: str, port: int, *, is_https: bool = False) -> Plan:
    participants, steps = options["participants"], options["steps"] or usual_steps(options["participants"])
    return Plan(
        slug=options["slug"],
        host=host,
        port=port,
        participants=participants,
        countries=options["countries"],
        seconds=options["minutes"] * 60,
        rate=options["rate"],
        steps=steps if steps[-1] == participants else (*steps, participants),
        https=is_https,
        ca=options["ca"] or "",
        processes=processes_for(participants, is_server_here=_is_loopback(host)),
    )


def _files(plan: Plan, *, is_server_ours: bool) -> AbstractContextManager[None]:
    return files_allowed(files_needed(plan.participants, plan.processes, is_server_ours=is_server_ours))


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
