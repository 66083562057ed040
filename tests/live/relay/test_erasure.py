"""When the talk of a room is erased, the relay that runs lets go of it as well."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from django.conf import settings

from tertulia.live.actions import erase_talk, open_rooms
from tertulia.live.queries import latest_talk, log_address, room_log
from tertulia.live.relay.entries import draft_message
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.writer import NoSuchRoom
from tertulia.programme.models import Event

pytestmark = pytest.mark.django_db


def test_what_was_erased_is_gone_from_the_running_relay(caplog: pytest.LogCaptureFixture) -> None:
    event = Event.objects.create(slug="fest", zone="UTC", starts_on=date(2021, 11, 16), ends_on=date(2021, 11, 24))
    event.rooms.create(name="Attic")
    [room] = open_rooms(event)
    draft = draft_message(room.public_id, "a1", "Nadi", {"id": "12345678", "text": "canary"})
    with asyncio.Runner() as runner:
        relay = Relay(log_address(), settings.KEYS, settings.KEYS.make("tickets"))

        async def start() -> int:
            relay.start()
            return await relay.say(draft)

        async def try_again() -> None:
            with pytest.raises(NoSuchRoom):
                await relay.room(room.public_id)
            with pytest.raises(NoSuchRoom):
                await relay.say(draft)
            assert relay._rooms == {}

        assert runner.run(start()) == 1
        assert [message.text for message in latest_talk(room).messages] == ["canary"]
        erase_talk(room)
        runner.run(try_again())
        assert latest_talk(room).messages == []
        assert room_log().read(room.public_id, 0, 10) == []
        room.refresh_from_db()
        assert not room.is_open
        runner.run(relay.stop())
    room_log().close()
    assert caplog.messages == []
