"""What rooms offer to the house when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from tertulia.kit.registry import Erasure, Region, WhatWeKnow, erasures, farewells, regions, what_we_know


class LiveConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.live"
    label = "live"

    def ready(self) -> None:
        """Offer the way into a room on other pages, and what is held of talk.

        Take back tickets of who leaves; listen for what happens elsewhere; say how what was erased is erased again.
        """
        from tertulia.live import actions, queries, receivers

        import_module("tertulia.live.tasks")
        receivers.listen()
        erasures.offer(actions.ERASED_ROOM, Erasure(queries.rooms_with_talk, actions.erase_again))
        what_we_know.offer("live.talk", WhatWeKnow(frozenset(), queries.talk_held, 30))
        farewells.offer("live.tickets", queries.tickets_of)
        regions.offer("live.event", Region("event", "live/_rooms.html", queries.rooms_region))
        regions.offer("live.session", Region("session", "live/_room_of_session.html", queries.session_region))
