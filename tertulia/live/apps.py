"""What rooms offer to the house when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import Erasure, Going, Region, WhatWeKnow, erasures, farewells, goings, regions, what_we_know


class LiveConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.live"
    label = "live"

    def ready(self) -> None:
        """Offer the way into a room on other pages, and what is held of talk.

        Take back tickets of who leaves; listen for what happens elsewhere; say how what was erased is erased again.
        """
        from tertulia.live import actions, queries, receivers
        from tertulia.live.relay.changes import ERASED_MESSAGE

        import_module("tertulia.live.tasks")
        receivers.listen()
        erasures.offer(actions.ERASED_ROOM, Erasure(queries.rooms_with_talk, actions.erase_again))
        erasures.offer(ERASED_MESSAGE, Erasure(queries.messages_in_talk, actions.take_out_again))
        goings.offer("live.talk", _talk_goes(actions.ERASED_ROOM))
        what_we_know.offer("live.talk", WhatWeKnow(frozenset(), queries.talk_held, 30))
        farewells.offer("live.tickets", queries.tickets_of)
        regions.offer("live.event", Region("event", "live/_rooms.html", queries.rooms_region))
        regions.offer("live.session", Region("session", "live/_room_of_session.html", queries.session_region))


def _talk_goes(kind: str) -> Going:
    """When what was said is erased; the erasure list notes each room as `kind`."""
    from tertulia.live import queries
    from tertulia.live.models import Room

    return Going(
        "talk",
        _("What was said in the rooms, and the marks beside it"),
        20,
        models=frozenset({"live.Room", "live.Restriction"}),
        days=Room.retention.days,
        is_gone=queries.is_talk_erased,
        noted=lambda event: (kind, queries.room_names(event)),
    )
