"""What rooms offer to the house when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from tertulia.kit.registry import Erasure, Region, erasures, farewells, regions


class LiveConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.live"
    label = "live"

    def ready(self) -> None:
        """Listen for imported programmes; offer the way into a room on other pages; take back tickets of who leaves.

        Say how what was erased is erased again.
        """
        from tertulia.live import actions, queries, receivers

        import_module("tertulia.live.tasks")
        receivers.listen()
        erasures.offer(actions.ERASED_ROOM, Erasure(queries.rooms_with_talk, actions.erase_again))
        farewells.offer("live.tickets", queries.tickets_of)
        regions.offer("live.event", Region("event", "live/_rooms.html", queries.rooms_region))
        regions.offer("live.session", Region("session", "live/_room_of_session.html", queries.session_region))
