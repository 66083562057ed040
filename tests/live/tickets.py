"""Everything that can be in the hand of who asks the relay: tickets in each state, made as the house makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tertulia.live.actions import ban, carry_out_what_waits, erase_talk, mute
from tertulia.live.models import Audience, Room
from tertulia.live.queries import author_of, ticket_for
from tertulia.live.relay import tickets
from tertulia.people.actions import delete_account
from tertulia.programme.actions.closing import close_event
from tertulia.programme.models import Participation
from tests.live.scenes import a_room, somebody_in


@dataclass
class Scene:
    """Two rooms of one event that anybody can read, and somebody who is in."""

    room: Room
    other: Room
    wren: Participation

    def mine(self) -> str:
        """The ticket that the page of the room gives just now."""
        return ticket_for(self.room, self.wren)


def a_scene() -> Scene:
    """A new one."""
    room = a_room(audience=Audience.PUBLIC)
    return Scene(room, a_room(room.event, Audience.PUBLIC, "Second stage"), somebody_in(room))


def _over(scene: Scene) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tickets, "MINUTES", 0)
        return scene.mine()


def _of_a_closed_event(scene: Scene) -> str:
    close_event(scene.room.event)
    return scene.mine()


def _from_before(change: Callable[[Scene], object]) -> Callable[[Scene], str]:
    def made(scene: Scene) -> str:
        ticket = scene.mine()
        change(scene)
        return ticket

    return made


def _spoilt(scene: Scene) -> str:
    ticket = scene.mine()
    # Not at its end, where a letter carries bits that mean nothing.
    return ticket[:40] + ("A" if ticket[40] != "A" else "E") + ticket[41:]


def _restricted(restrict: Callable[[Scene], object], *, is_new: bool) -> Callable[[Scene], str]:
    """A ticket from before the restriction, or one that the page would give afterwards; the relay knows of it."""

    def made(scene: Scene) -> str:
        before = scene.mine()
        restrict(scene)
        carry_out_what_waits()
        return scene.mine() if is_new else before

    return made


def _mute(scene: Scene) -> None:
    mute(scene.room, author_of(scene.wren), 10)


def _ban(scene: Scene) -> None:
    ban(scene.other, author_of(scene.wren), None)


TICKETS: dict[str, Callable[[Scene], str]] = {
    "none": lambda _scene: "",
    "to listen": lambda scene: ticket_for(scene.room, None),
    "to speak": Scene.mine,
    "spoilt": _spoilt,
    "of another house": lambda scene: tickets.issue(
        bytes(32), tickets.Ticket(scene.room.public_id, "a1", "Wren", may_speak=True)
    ),
    "of another room": lambda scene: ticket_for(scene.other, scene.wren),
    "over": _over,
    "of a closed event": _of_a_closed_event,
    "from before the close": _from_before(lambda scene: close_event(scene.room.event)),
    "from before one was muted": _restricted(_mute, is_new=False),
    "of who is muted": _restricted(_mute, is_new=True),
    "from before one was asked to leave": _restricted(_ban, is_new=False),
    "of who moderates": lambda scene: ticket_for(scene.room, None, moderates=True),
    "of talk that was erased": _from_before(lambda scene: erase_talk(scene.room)),
    "of a deleted account": _from_before(lambda scene: delete_account(scene.wren.account)),
}
