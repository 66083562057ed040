"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig

from tertulia.kit.registry import Region, regions


class ProgrammeConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.programme"
    label = "programme"

    def ready(self) -> None:
        """Say on the page about oneself what one is called at each event."""
        from tertulia.programme.queries.participation import names_region

        regions.offer("programme.names", Region("people.me", "programme/_names.html", names_region))
