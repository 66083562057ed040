"""Who may read a room and who may write there."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from tertulia.live.models import Audience, Room
from tertulia.live.rules import account_of, can_read, can_speak
from tertulia.programme.models import Event
from tests.factories import make_account
from tests.live.scenes import a_room, somebody_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("audience", "anybody"), [(Audience.ACCOUNT, False), (Audience.PUBLIC, True)])
def test_who_is_in_reads_and_writes_and_others_read_at_most(audience: Audience, anybody: bool) -> None:
    room = a_room(audience=audience)
    people = {"in": somebody_in(room), "elsewhere": somebody_in(a_room()), "visitor": None}
    may = {who: (can_read(room, one), can_speak(room, one)) for who, one in people.items()}
    assert may == {"in": (True, True), "elsewhere": (anybody, False), "visitor": (anybody, False)}


def test_a_closed_room_is_read_and_not_written_in() -> None:
    room = a_room()
    wren = somebody_in(room)
    Room.objects.filter(pk=room.pk).update(is_open=False)
    room.refresh_from_db()
    assert (can_read(room, wren), can_speak(room, wren)) == (True, False)


def test_nobody_writes_after_the_event_was_closed() -> None:
    room = a_room()
    wren = somebody_in(room)
    Event.objects.filter(pk=room.event_id).update(closed_on=date(2021, 12, 1))
    room = Room.objects.get(pk=room.pk)
    assert (can_read(room, wren), can_speak(room, wren)) == (True, False)


def test_a_visitor_has_no_account() -> None:
    account = make_account()
    assert (account_of(AnonymousUser()), account_of(account)) == (None, account)
