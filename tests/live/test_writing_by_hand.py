"""Writing in a room as a page without JavaScript does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tertulia.live.models import Audience, Room
from tertulia.live.queries import latest_talk
from tertulia.live.relay.hub import ask
from tertulia.programme.models import Participation
from tests.factories import let_in
from tests.factories.people import make_newcomer, sign_in
from tests.live.scenes import address, said_on, text_of

pytestmark = pytest.mark.django_db
WRITING_BOX = 'id="say"'


def kept_as(room: Room, **rules: Any) -> None:
    """Have the relay keep the room by these rules, whatever the pages know."""
    control = {"open": True, "slow": 0, "hold": False, "newcomers": 0, "muted": {}, "banned": {}, **rules}
    question = {"room": room.public_id, "control": control, "version": 99}
    assert ask(settings.LIVE_SOCKET, question) == {"version": 99}


class TestWritingByHand:
    """As a page without JavaScript does."""

    @pytest.mark.usefixtures("relay")
    def test_what_is_sent_is_said_and_the_page_comes_back_at_its_end(self, inside: Client, room: Room) -> None:
        answer = inside.post(address(room), {"client_id": "message-1", "text": "  good evening "})
        assert (answer.status_code, answer["Location"]) == (302, f"{address(room)}#end")
        page = inside.get(address(room))
        assert said_on(page) == ["good evening"]
        assert re.findall(r'data-sequence="1" id="(\w+)"', page.content.decode()) == ["end"]

    @pytest.mark.usefixtures("relay")
    def test_the_button_pressed_twice_says_it_once(self, inside: Client, room: Room) -> None:
        for _press in range(2):
            inside.post(address(room), {"client_id": "message-1", "text": "once"})
        assert said_on(inside.get(address(room))) == ["once"]

    def test_every_page_has_a_new_name_for_the_next_message(self, inside: Client, room: Room) -> None:
        pages = [inside.get(address(room)).content.decode() for _ in range(2)]
        names = {name for page in pages for name in re.findall(r'name="client_id" value="(\w+)"', page)}
        assert len(names) == 2

    @pytest.mark.usefixtures("relay")
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "This field is required."),
            ("x" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
            ("\u202e", "Write between 1 and 2,000 characters."),
        ],
        ids=["empty", "too long", "unseen"],
    )
    def test_what_cannot_be_said_is_explained_beside_the_box_and_kept(
        self, inside: Client, room: Room, text: str, words: str
    ) -> None:
        page = inside.post(address(room), {"client_id": "message-1", "text": text})
        content = page.content.decode()
        assert page.status_code == 422
        assert re.findall(r'<p class="error" id="id_text-error">(.*?)</p>', content) == [words]
        assert 'aria-invalid="true"' in content
        assert (f'value="{text}"' in content) == bool(text)
        assert 'name="client_id" value="message-1"' in content
        assert latest_talk(room).messages == []

    def test_a_room_that_cannot_be_reached_says_so_kindly_and_keeps_the_text(self, inside: Client, room: Room) -> None:
        page = inside.post(address(room), {"client_id": "message-1", "text": "hello?"})
        assert page.status_code == 422
        assert "The room cannot be reached just now. What you wrote is still here: try again." in text_of(page)
        assert 'value="hello?"' in page.content.decode()

    @pytest.mark.usefixtures("relay")
    def test_who_says_too_much_in_one_breath_keeps_the_rest(self, inside: Client, room: Room) -> None:
        answers = [inside.post(address(room), {"client_id": f"message-{n}", "text": f"n{n}"}) for n in range(20)]
        page = next(answer for answer in answers if answer.status_code != 302)
        assert page.status_code in {422, 429}
        assert "That was a lot in one breath." in text_of(page)
        assert 'value="n' in page.content.decode()

    @pytest.mark.usefixtures("relay")
    def test_what_waits_for_a_moderator_says_so(self, inside: Client, room: Room) -> None:
        kept_as(room, hold=True)
        answer = inside.post(address(room), {"client_id": "message-1", "text": "may this stand?"})
        assert (answer.status_code, answer["Location"]) == (302, f"{address(room)}?held#end")
        page = inside.get(f"{address(room)}?held")
        assert "A moderator reads it first. It stands here once it is published." in text_of(page)
        assert said_on(page) == []

    @pytest.mark.usefixtures("relay")
    @pytest.mark.parametrize(
        ("rules", "words"),
        [
            ({"slow": 60}, "This room is in slow mode. What you wrote is still here. Seconds to wait: 60."),
            ({"newcomers": 5}, "Who has just come listens first. What you wrote is still here. Minutes to wait: 5."),
            ({"open": False}, "You cannot write here just now. What you wrote is still here."),
        ],
    )
    def test_who_has_to_wait_is_told_why_and_keeps_the_text(
        self, inside: Client, room: Room, rules: dict[str, Any], words: str
    ) -> None:
        kept_as(room, **rules)
        for number in range(1 + ("slow" in rules)):
            page = inside.post(address(room), {"client_id": f"message-{number}", "text": "hello?"})
        assert page.status_code == 422
        assert words in text_of(page)
        assert 'value="hello?"' in page.content.decode()

    def test_a_room_that_is_closed_takes_nothing(self, inside: Client, room: Room) -> None:
        Room.objects.filter(pk=room.pk).update(is_open=False)
        page = inside.get(address(room))
        assert page.status_code == 200
        assert "This room is closed for writing." in text_of(page)
        assert WRITING_BOX not in page.content.decode()
        kept = inside.post(address(room), {"client_id": "message-1", "text": "hello"})
        assert kept.status_code == 403
        assert "This room is closed for writing. What you wrote: hello" in text_of(kept)

    @pytest.mark.parametrize("audience", list(Audience))
    def test_who_is_no_longer_in_gets_the_text_back_to_copy(self, room: Room, audience: Audience) -> None:
        Room.objects.filter(pk=room.pk).update(audience=audience)
        # The token of the form is gone together with the session.
        out = Client(enforce_csrf_checks=True)
        page = out.post(address(room), {"client_id": "message-1", "text": "a </textarea> long\nthought"})
        content = page.content.decode()
        assert page.status_code == 403
        assert "You are no longer in here. What you wrote:" in text_of(page)
        assert re.findall(r"<textarea [^>]*readonly[^>]*>\n(.*?)</textarea>", content, re.DOTALL) == [
            "a &lt;/textarea&gt; long\nthought"
        ]
        assert text_of(page).endswith("Come in I’ve been here before")
        assert ("People who have come in can read" in content) == (audience == Audience.ACCOUNT)
        assert "no-store" in page["Cache-Control"]
        assert latest_talk(room).messages == []

    def test_who_is_no_longer_in_gets_back_also_what_is_too_long(self, room: Room) -> None:
        page = Client().post(address(room), {"client_id": "message-1", "text": "x" * 9000})
        assert f">\n{'x' * 9000}</textarea>" in page.content.decode()

    def test_a_text_from_another_site_is_not_shown(self, client: Client, room: Room) -> None:
        sent = {"client_id": "message-1", "text": "hello"}
        pages = [client.post(address(room), sent, headers={"origin": at}) for at in ("null", "https://example.org")]
        assert [(page.status_code, "hello" in page.content.decode()) for page in pages] == [(403, False)] * 2
        assert "hello" in client.post(address(room), sent, headers={"origin": settings.ADDRESS}).content.decode()

    @pytest.mark.parametrize("origin", ["null", "https://example.org"])
    def test_a_form_from_elsewhere_is_refused_and_not_shown(self, room: Room, wren: Participation, origin: str) -> None:
        strict = sign_in(Client(enforce_csrf_checks=True), wren.account)
        page = strict.post(address(room), {"client_id": "message-1", "text": "hello"}, headers={"origin": origin})
        assert (page.status_code, "hello" in page.content.decode()) == (403, False)
        assert "This page had been open too long" in page.content.decode()
        assert latest_talk(room).messages == []

    @pytest.mark.usefixtures("relay")
    @pytest.mark.parametrize("text", ["a long thought", "x" * 2001], ids=["said", "too long"])
    def test_a_form_from_before_one_came_back_in_is_shown_again(self, room: Room, text: str) -> None:
        account, phrase = make_newcomer()
        let_in(account, room.event, "Wren")
        strict = Client(enforce_csrf_checks=True, headers={"origin": settings.ADDRESS})

        def come_back() -> None:
            token = strict.get("/come-back/").context["csrf_token"]
            strict.post("/come-back/", {"phrase": phrase, "csrfmiddlewaretoken": token})

        come_back()
        old = strict.get(address(room)).context["csrf_token"]
        strict.cookies.pop("s")
        come_back()
        sent = {"client_id": "message-1", "text": text, "csrfmiddlewaretoken": old}
        page = strict.post(address(room), sent)
        assert page.status_code == 403
        assert "no-store" in page["Cache-Control"]
        assert "so this was not sent. It is still here: press “Send” once more." in text_of(page)
        assert f'value="{text}"' in page.content.decode()
        assert latest_talk(room).messages == []
        again = strict.post(address(room), sent | {"csrfmiddlewaretoken": page.context["csrf_token"]})
        assert again.status_code == (302 if len(text) < 2000 else 422)
        assert [message.text for message in latest_talk(room).messages] == ([text] if len(text) < 2000 else [])
