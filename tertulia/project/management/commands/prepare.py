"""`tertulia prepare`: bring the database, the catalogues and the static files up to this release."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, call_command

from tertulia.project.catalogues import compile_catalogues


class Command(BaseCommand):
    """Make an installation ready to be served."""

    help = "Bring the database and the translations up to this release; safe to repeat."
    requires_migrations_checks = False

    def handle(self, **options: Any) -> None:
        """Migrate, and compile what changed of the catalogues; static files are served from where they are."""
        call_command("migrate", interactive=False, verbosity=0)
        compile_catalogues()
        if options["verbosity"]:
            self.stdout.write("Ready: database and translations are up to date.")
