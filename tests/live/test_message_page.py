"""The page of one message: answering, editing and deleting without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tertulia.live.actions import erase_talk
from tertulia.live.models import Audience, Room
from tertulia.live.queries import latest_talk
from tertulia.programme.models import Participation
from tests.factories.people import sign_in
from tests.live.scenes import a_room, address, say_all, somebody_in, text_of
from tests.live.test_talking import keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relay")]


def acts_on(page: Any) -> list[str]:
    """What the page offers to do with its message."""
    content = page.content.decode()
    return re.findall(r'name="act" value="(\w+)"', content) + re.findall(r'href="\?(delete)"', content)


def send(client: Client, path: str, act: str, text: str = "", **more: str) -> Any:
    return client.post(path, {"act": act, "client_id": "message-by-hand", "text": text} | more)


class TestOffers:
    def test_ones_own_message_and_that_of_another(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "mine")
        say_all(room, somebody_in(room, "Heron"), "*theirs*")
        pages = [inside.get(f"{address(room)}messages/{sequence}/") for sequence in (1, 2)]
        assert [acts_on(page) for page in pages] == [["reply", "edit", "delete"], ["reply"]]
        assert "<strong>theirs</strong>" in pages[1].content.decode()
        assert 'value="mine"' in pages[0].content.decode()

    def test_in_a_closed_room_one_can_only_take_back(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "mine")
        Room.objects.filter(pk=room.pk).update(is_open=False)
        path = f"{address(room)}messages/1/"
        assert acts_on(inside.get(path)) == ["delete"]
        assert [send(inside, path, act, "but").status_code for act in ("reply", "edit")] == [403, 403]
        assert send(inside, path, "delete").status_code == 302

    def test_while_a_moderator_reads_first_nothing_is_edited(
        self, inside: Client, room: Room, wren: Participation
    ) -> None:
        say_all(room, wren, "mine")
        Room.objects.filter(pk=room.pk).update(is_held=True)
        path = f"{address(room)}messages/1/"
        assert acts_on(inside.get(path)) == ["reply", "delete"]
        assert send(inside, path, "edit", "other").status_code == 403

    def test_a_visitor_of_a_public_room_reads_it(self, client: Client) -> None:
        room = a_room(audience=Audience.PUBLIC)
        say_all(room, somebody_in(room), "for all")
        page = client.get(f"{address(room)}messages/1/")
        assert (page.status_code, acts_on(page)) == (200, [])
        assert send(client, f"{address(room)}messages/1/", "reply", "hello").status_code == 403

    def test_who_may_not_read_the_room_stands_at_its_door(
        self, client: Client, room: Room, wren: Participation
    ) -> None:
        say_all(room, wren, "a secret")
        page = client.get(f"{address(room)}messages/1/")
        assert (page.status_code, "a secret" in page.content.decode()) == (403, False)

    def test_what_is_not_there_is_not_found(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "one")
        send(inside, f"{address(room)}messages/1/", "delete")
        assert [inside.get(f"{address(room)}messages/{n}/").status_code for n in (0, 1, 2, 9)] == [404] * 4
        erase_talk(room)
        assert inside.get(f"{address(room)}messages/1/").status_code == 410


class TestActs:
    def test_an_answer_is_said_under_what_it_answers(self, inside: Client, room: Room) -> None:
        say_all(room, somebody_in(room, "Heron"), "who asks?")
        answer = send(inside, f"{address(room)}messages/1/", "reply", "I do")
        assert (answer.status_code, answer["Location"]) == (302, f"{address(room)}#end")
        page = inside.get(address(room)).content.decode()
        assert re.findall(r'class="quote" data-reply="(\d)"><a href="([^"]+)"', page) == [("1", "#m1")]
        assert latest_talk(room).messages[1].reply == 1

    def test_an_edit_is_marked(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "early")
        assert 'edited" hidden>' in inside.get(address(room)).content.decode().split("<template")[0]
        assert send(inside, f"{address(room)}messages/1/", "edit", "late").status_code == 302
        page = inside.get(address(room)).content.decode().split("<template")[0]
        assert ('edited" hidden>' in page, "late" in page, "early" in page) == (False, True, False)

    def test_one_is_asked_before_something_is_deleted(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "too much")
        path = f"{address(room)}messages/1/"
        asked = inside.get(f"{path}?delete")
        assert "Delete this message for everybody?" in text_of(asked)
        assert acts_on(asked) == ["delete"]
        assert [message.text for message in latest_talk(room).messages] == ["too much"]
        assert send(inside, path, "delete").status_code == 302
        words = text_of(inside.get(address(room)))
        assert "Your message is deleted." in words
        assert "Removed by its author." in words
        assert "too much" not in words

    def test_nobody_changes_what_another_said(self, inside: Client, room: Room) -> None:
        say_all(room, somebody_in(room, "Heron"), "theirs")
        path = f"{address(room)}messages/1/"
        assert [send(inside, path, act, "mine").status_code for act in ("edit", "delete", "", "eat")] == [403] * 4
        assert "Delete" not in text_of(inside.get(f"{path}?delete"))
        assert [message.text for message in latest_talk(room).messages] == ["theirs"]

    def test_what_cannot_be_said_is_explained_and_kept(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "mine")
        path = f"{address(room)}messages/1/"
        page = send(inside, path, "reply", "x" * 2001)
        assert page.status_code == 422
        assert "Ensure this value has at most 2000 characters (it has 2001)." in text_of(page)
        assert f'value="{"x" * 2001}"' in page.content.decode()
        assert 'value="mine"' in page.content.decode()
        keep(room, slow=600)
        page = send(inside, path, "reply", "so soon")
        assert page.status_code == 422
        assert "This room is in slow mode." in text_of(page)
        assert 'value="so soon"' in page.content.decode()

    def test_a_refusal_without_a_box_is_said_too(self, inside: Client, room: Room, wren: Participation) -> None:
        texts = [f"n{place}" for place in range(12)]
        say_all(room, wren, *texts)
        pages = [send(inside, f"{address(room)}messages/{place}/", "delete") for place in range(1, 12)]
        page = next(page for page in pages if page.status_code == 422)
        assert "That was a lot in one breath." in text_of(page)

    def test_what_is_held_is_said_to_wait(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "mine")
        keep(room, hold=True)
        answer = send(inside, f"{address(room)}messages/1/?text", "reply", "may I?")
        assert answer["Location"] == f"{address(room)}?text&held#end"
        page = inside.get(f"{address(room)}?text&held")
        assert "A moderator reads it first. It stands here once it is published." in text_of(page)

    def test_a_form_from_elsewhere_is_refused(self, room: Room, wren: Participation) -> None:
        say_all(room, wren, "mine")
        strict = sign_in(Client(enforce_csrf_checks=True), wren.account)
        assert send(strict, f"{address(room)}messages/1/", "delete").status_code == 403
        assert [message.text for message in latest_talk(room).messages] == ["mine"]
