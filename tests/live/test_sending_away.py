"""Who deletes the account, keeps a new way back in or removes a passkey is gone from the open rooms of every device."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tertulia.live.actions import erase_talk, send_away
from tertulia.live.models import Room
from tertulia.live.queries import author_of, authors_of, event_key_name
from tertulia.live.relay.tickets import COOKIE
from tertulia.people.actions import make_new_way_back
from tertulia.people.models import Account
from tertulia.people.queries import mark_to_keep
from tests.factories import make_event
from tests.factories.passkeys import make_passkey
from tests.factories.people import sign_in
from tests.live.scenes import a_room, somebody_in
from tests.live.stand import Stand

pytestmark = pytest.mark.django_db


def ticket_of(client: Client, room: Room) -> str:
    return str(client.get(f"/live/{room.public_id}/ticket/").cookies[COOKIE].value)


@pytest.mark.parametrize("path", ["/me/delete/", "/me/way-back/keep/", "/me/passkeys/47/remove/"])
def test_streams_of_other_devices_end_at_once_and_their_tickets_open_nothing(
    relay: Stand,
    client: Client,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    room = a_room()
    wren, heron = somebody_in(room), somebody_in(room, "Heron")
    sign_in(client, wren.account)
    other_device, bystander = sign_in(Client(), wren.account), sign_in(Client(), heron.account)
    make_new_way_back(wren.account)
    make_passkey(wren.account)
    wren.account.passkeys.update(number=47)
    mark = {"mark": mark_to_keep(wren.account)}
    its, theirs = ticket_of(other_device, room), ticket_of(bystander, room)
    (status, line), (_status, stays) = relay.knock(room.public_id, its), relay.knock(room.public_id, theirs)
    with closing(line), closing(stays):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(path, mark).status_code == 302
        assert (status, line.recv(1)) == (200, b"")
    for ticket, expected in ((its, 401), (theirs, 200)):
        status, again = relay.knock(room.public_id, ticket)
        again.close()
        assert status == expected
    if Account.objects.filter(pk=wren.account_id).exists():
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 1)
        status, again = relay.knock(room.public_id, ticket_of(client, room))
        again.close()
        assert status == 200


def test_it_is_done_for_every_event_that_still_talks_and_joins_none() -> None:
    rooms = [a_room(make_event(slug)) for slug in ("one", "two", "three")]
    wren = somebody_in(rooms[0])
    authors = [author_of(somebody_in(room)) for room in rooms]
    mine = authors_of(wren.account_id)
    assert (len(set(mine)), author_of(wren) in mine, set(mine) & set(authors)) == (3, True, set())
    erase_talk(rooms[1])
    settings.KEYS.destroy(event_key_name(rooms[2].event_id))
    assert authors_of(wren.account_id) == [author_of(wren)]


def test_where_nobody_talks_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with _a_relay_that_hangs_up(monkeypatch, tmp_path):
        assert send_away(7) == 0


def test_without_a_relay_nobody_is_there_to_be_sent_away(
    client: Client, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    assert _complaints_of_deleting(client, caplog, django_capture_on_commit_callbacks) == []


def test_when_the_relay_does_not_answer_the_account_goes_all_the_same(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with _a_relay_that_hangs_up(monkeypatch, tmp_path):
        told = _complaints_of_deleting(client, caplog, django_capture_on_commit_callbacks)
    assert told == ["AccountDeleted woke nobody: NotStored"]


def _complaints_of_deleting(client: Client, caplog: pytest.LogCaptureFixture, commit: Any) -> list[str]:
    wren = somebody_in(a_room())
    author_of(wren)
    sign_in(client, wren.account)
    with commit(execute=True):
        assert client.post("/me/delete/").status_code == 302
    assert Account.objects.count() == 0
    return [record.getMessage() for record in caplog.records if record.name == "tertulia.facts"]


@contextmanager
def _a_relay_that_hangs_up(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Something listens where the relay would, and ends each line without an answer."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "hub"))
        door.listen()
        monkeypatch.setattr(settings, "LIVE_SOCKET", folder / "hub")
        hanging_up = Thread(target=_hang_up, args=(door,))
        hanging_up.start()
        yield
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        hanging_up.join()


def _hang_up(door: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            door.accept()[0].close()
