"""`tertulia prepare`: bring the database, the catalogues and the static files up to this release."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from tertulia.project.catalogues import compile_catalogues


class Command(BaseCommand):
    """Make an installation ready to be served."""

    help = "Bring the database, the translations and the static files up to this release; safe to repeat."
    requires_migrations_checks = False

    def handle(self, **options: Any) -> None:
        """Migrate, compile what changed of the catalogues, collect static files where they aren't served in place."""
        call_command("migrate", interactive=False, verbosity=0)
        compile_catalogues()
        if not settings.WHITENOISE_USE_FINDERS:
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["verbosity"]:
            self.stdout.write("Ready: database, translations and static files are up to date.")
