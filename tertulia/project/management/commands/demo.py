"""`tertulia demo`: a sample festival in the browser, to be looked at and played with."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from django.db import connections

from tertulia.kit.errors import Gone
from tertulia.programme.models import Event
from tertulia.project import preparing
from tertulia.project.management.commands.serve import Command as Serve
from tertulia.project.sample.festival import festival
from tertulia.project.sample.folder import NotADemo, add_options, remembered
from tertulia.project.sample.guests import organiser_link, participant_words
from tertulia.project.sample.talk import post_talk
from tertulia.project.server import House

HOST = "127.0.0.1"
LETTER = """
{network}: nine days of festival. Everything in it is sample content.

Open {address}/
Organiser: {link}
A participant's six words: {words}

The organiser's link works once, within a day, on this machine. The six words go under "I've been here before";
they are new at every start. What you do is still there next time; --fresh begins anew.
Ctrl-C stops it.
"""


class Command(Serve):
    """Build the sample festival if it is not there yet, serve it on this machine, and say how to come in.

    Refuses with one line a folder that holds anything but a demo, one in which a demo runs, and a port in use.
    """

    help = "Look at a sample festival in your browser."
    usual_folder = "build/demo; it has to be empty, or a demo's"

    def add_arguments(self, parser: CommandParser) -> None:
        """The port, and whether to begin anew."""
        add_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build, serve, and once the port is open let people talk and print how to come in."""
        _refuse(options["port"])
        self.stdout.write("Setting up the sample festival …")
        self.stdout.flush()
        call_command("prepare", verbosity=0)
        self.event = festival()
        self.link, self.words = organiser_link(), participant_words(self.event)
        preparing.end()
        # What the server was told to do, it does; then this ends the process without a complaint.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self.serve(HOST, options["port"])

    def house(self, host: str, port: int, worker: int) -> House:
        """A house that greets."""
        return House(host, port, worker, when_open=self.greet)

    def greet(self) -> None:
        """Let the sample's people talk, then print the letter; nothing of it if the house closes meanwhile."""
        with contextlib.suppress(Gone):
            post_talk(self.event)
            told = {"network": settings.ORGANISATION, "address": settings.ADDRESS, "link": self.link}
            self.stdout.write(LETTER.format(words=self.words, **told))
            self.stdout.flush()
        connections.close_all()

    event: Event
    link: str
    words: str


def _refuse(port: int) -> None:
    try:
        remembered(settings.DATA)
    except NotADemo as fault:
        raise CommandError(str(fault)) from fault
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((HOST, port))
        except (OSError, OverflowError) as fault:
            raise CommandError(f"the port {port} cannot be opened; name another one with --port") from fault
