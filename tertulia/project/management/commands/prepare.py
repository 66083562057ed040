"""`tertulia prepare`: bring the database and the translations up to this release."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import OutputWrapper

from tertulia.kit.erasures import Untrusted
from tertulia.kit.pepper import Pepper
from tertulia.project import preparing
from tertulia.project.catalogues import compile_catalogues
from tertulia.project.release import is_prepared, note_prepared


class Command(BaseCommand):
    """Make an installation ready to be served; what is up to date costs a look and no more, for `serve` asks each time.

    Refuses with one line a pepper that cannot be read; a database that cannot be reached is Django's OperationalError.
    """

    help = "Bring the database and the translations up to this release; safe to repeat."
    requires_system_checks = ()
    makes_folders = True

    def handle(self, **options: Any) -> None:
        """Make keys and pepper if there are none, compile what changed of the catalogues, and migrate."""
        with preparing.alone(settings.DATA):
            if options["verbosity"]:
                announce(self.stdout)
            self._begin_list()
            _make_secrets()
            _compile()
            if not is_prepared():
                call_command("migrate", interactive=False, verbosity=0)
                note_prepared()
        if options["verbosity"]:
            self.stdout.write("Ready: database and translations are up to date.")

    def _begin_list(self) -> None:
        """A key that is lost is not made anew: under another one nothing of the list could be read."""
        try:
            settings.ERASURES.begin()
        except Untrusted as fault:
            self.stderr.write(f"{fault}; until then nothing can be deleted")


def announce(out: OutputWrapper) -> None:
    """Say that the house is being set up, if there is something to do: nobody should look at nothing for so long."""
    if not is_prepared():
        out.write(f"Setting up the house in {settings.DATA}; it takes up to a minute …")
        out.flush()


def _compile() -> None:
    try:
        compile_catalogues()
    except OSError as fault:
        raise CommandError(f"the translations cannot be compiled: {fault.filename}: {fault.strerror}") from fault


def _make_secrets() -> None:
    for name in ("secret", "tickets"):
        settings.KEYS.make(name)
    try:
        Pepper(settings.PEPPER_FILE).versions()
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise CommandError(f"the pepper {settings.PEPPER_FILE} cannot be used: {why}") from fault
