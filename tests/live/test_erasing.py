"""What was said goes when its days are over: the key, the log, and what could tell authors apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import NotAllowed
from tertulia.kit.sealing import Unreadable
from tertulia.live.actions import erase_what_is_over, open_rooms, set_audience
from tertulia.live.models import Audience, Room
from tertulia.live.queries import author_of, event_key_name, latest_talk, room_log
from tertulia.live.relay.boxes import Boxes, key_name
from tertulia.live.relay.entries import draft_message
from tertulia.programme.actions.closing import clear_participations, close_event
from tertulia.programme.models import Event
from tertulia.project.commandline import main
from tests.factories import make_account
from tests.factories.people import make_participant, sign_in
from tests.factories.programme import make_event, make_room

pytestmark = pytest.mark.django_db(transaction=True)


def a_room_with_talk() -> Room:
    event = make_event()
    make_room(event)
    (room,) = open_rooms(event)
    draft = draft_message(room.public_id, "author", "Wren", {"id": "message-1", "text": "hello"})
    room_log().append([Boxes(settings.KEYS).seal(draft)])
    return room


def close(room: Room, days_ago: int) -> None:
    Event.objects.filter(pk=room.event_id).update(closed_on=timezone.now().date() - timedelta(days=days_ago))


def test_talk_is_kept_until_thirty_days_after_the_close_and_then_gone_from_everywhere() -> None:
    room, other = a_room_with_talk(), a_room_with_talk()
    account, _phrase = make_participant(room.event)
    author_of(account.participations.get())
    close(room, days_ago=29)
    assert erase_what_is_over() == 0
    assert [message.text for message in latest_talk(room).messages] == ["hello"]

    close(room, days_ago=30)
    assert erase_what_is_over() == 1
    assert erase_what_is_over() == 0

    assert latest_talk(room).messages == []
    assert room_log().latest(room.public_id, 10) == []
    for name in (key_name(room.public_id), event_key_name(room.event_id)):
        with pytest.raises(Unreadable):
            settings.KEYS.get(name)
    assert [message.text for message in latest_talk(other).messages] == ["hello"]


def test_a_closed_event_is_read_and_not_written_in_and_an_erased_room_says_so(client: Client) -> None:
    room = a_room_with_talk()
    account, _phrase = make_participant(room.event)
    sign_in(client, account)
    address = f"/live/{room.public_id}/"
    assert 'id="say"' in client.get(address).content.decode()

    close_event(room.event)
    page = client.get(address).content.decode()
    assert "This room is closed for writing." in page
    assert "hello" in page
    assert 'id="say"' not in page
    assert client.post(address, {"client_id": "0123456789", "text": "late"}).status_code == 403

    close(room, days_ago=30)
    clear_participations()
    erase_what_is_over()
    page = client.get(address)
    assert page.status_code == 410
    assert "What was said here has been erased, as was promised." in page.content.decode()
    assert client.get(f"{address}ticket/").status_code == 410


def test_who_was_not_in_learns_at_the_door_that_the_event_is_over(client: Client) -> None:
    room = a_room_with_talk()
    close_event(room.event)

    page = client.get(f"/live/{room.public_id}/")

    assert page.status_code == 403
    assert "Nobody can come in any more." in page.content.decode()
    assert f"/events/{room.event.slug}/join/" not in page.content.decode()


def test_what_was_stopped_half_way_is_finished_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room_with_talk()
    account, _phrase = make_participant(room.event)
    author_of(account.participations.get())
    close(room, days_ago=30)
    log = room_log()
    with monkeypatch.context() as broken:
        broken.setattr(type(log), "erase", power_cut)
        with pytest.raises(OSError, match="power cut"):
            erase_what_is_over()

    assert erase_what_is_over() == 1
    with pytest.raises(Unreadable):
        settings.KEYS.get(event_key_name(room.event_id))
    assert log.latest(room.public_id, 10) == []


def power_cut(*_anything: object) -> None:
    raise OSError("power cut")


def test_the_door_of_a_room_is_set_by_who_organises_and_from_the_command_line(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    room = a_room_with_talk()
    address = f"/live/{room.public_id}/"
    assert client.get(address).status_code == 403
    with pytest.raises(NotAllowed):
        set_audience(room, Audience.PUBLIC, by=make_account("participant"))

    assert main(["room", "door", room.event.slug, room.place.name, "public"]) == 0
    assert capsys.readouterr().out == f"{room.place.name}: anybody can read this room.\n"
    assert client.get(address).status_code == 200
    set_audience(room, Audience.ACCOUNT, by=make_account("organiser"))
    assert client.get(address).status_code == 403
    assert main(["room", "door", "nowhere", room.place.name, "public"]) == 2
    assert capsys.readouterr().err == "tertulia: there is no event called 'nowhere'\n"
    assert main(["room", "door", room.event.slug, "Nowhere", "public"]) == 2
    assert room.place.name in capsys.readouterr().err
