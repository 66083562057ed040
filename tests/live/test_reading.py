"""How a room is read: earlier talk, text alone, larger type, and what is found in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tertulia.kit.limits import Limit
from tertulia.live.actions import erase_talk
from tertulia.live.models import Room
from tertulia.live.views import search as searching
from tertulia.programme.models import Participation
from tests.live.scenes import address, say_all, somebody_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relay")]


def shown(page: Any) -> list[int]:
    """The numbers of the messages on the page."""
    return [int(place) for place in re.findall(r'data-sequence="(\d+)"', page.content.decode())]


def links(page: Any, words: str) -> list[str]:
    """Where links with these words lead."""
    return re.findall(rf'href="([^"]*)"[^>]*>{words}</a>', page.content.decode())


@pytest.fixture
def long_talk(room: Room) -> Room:
    """A room in which 100 messages were said, by ten people."""
    for person in range(10):
        say_all(room, somebody_in(room, f"Guest {person}"), *(f"word {person}{place}" for place in range(10)))
    return room


class TestPlaces:
    def test_one_pages_back_and_comes_forward_again(self, inside: Client, long_talk: Room) -> None:
        page = inside.get(address(long_talk))
        assert shown(page) == list(range(41, 101))
        assert "data-past" not in page.content.decode()
        [earlier] = links(page, "Earlier")
        assert earlier == "?before=41"
        page = inside.get(f"{address(long_talk)}{earlier}")
        assert shown(page) == list(range(1, 41))
        content = page.content.decode()
        assert ("data-past" in content, 'id="say"' in content, links(page, "Earlier")) == (True, False, [])
        assert links(page, "Later") == ["?around=40"]
        assert links(page, "To the present") == ["?#end"]
        assert shown(inside.get(f"{address(long_talk)}?around=40")) == list(range(11, 71))

    def test_around_the_latest_is_the_present(self, inside: Client, long_talk: Room) -> None:
        page = inside.get(f"{address(long_talk)}?around=95")
        assert shown(page) == list(range(41, 101))
        assert 'id="say"' in page.content.decode()

    @pytest.mark.parametrize(
        "query", ["before=x", "before=-1", "before=0", "around=", "before=" + "9" * 400, "type=9x"]
    )
    def test_what_means_nothing_is_let_be(self, inside: Client, long_talk: Room, query: str) -> None:
        assert shown(inside.get(f"{address(long_talk)}?{query}")) == list(range(41, 101))

    def test_an_answer_leads_to_what_is_not_on_the_page(self, inside: Client, long_talk: Room) -> None:
        inside.post(f"{address(long_talk)}messages/3/", {"act": "reply", "client_id": "message-1", "text": "yes"})
        found = re.findall(r'data-reply="3"><a href="([^"]+)"', inside.get(address(long_talk)).content.decode())
        assert found == [f"{address(long_talk)}?around=3#m3"]


class TestTextMode:
    def test_has_no_pictures_and_little_of_everything(self, inside: Client, long_talk: Room) -> None:
        whole, text = (inside.get(address(long_talk) + query) for query in ("", "?text"))
        content = text.content.decode()
        main = content[content.index("<main") :]
        assert ("<img" in main, 'class="stage"' in main, len(shown(text))) == (False, False, 20)
        assert "<img" in whole.content.decode()
        assert len(text.content) < 30_000
        assert links(text, "With pictures") == ["?"]
        assert links(whole, "Text alone, for weak lines") == ["?text="]

    def test_goes_on_to_the_next_page(self, inside: Client, long_talk: Room) -> None:
        page = inside.get(f"{address(long_talk)}?text&type=2")
        assert links(page, "Earlier") == ["?text=&amp;type=2&amp;before=81"]
        said = inside.post(f"{address(long_talk)}?text&type=2", {"client_id": "message-1", "text": "hello"})
        assert said["Location"] == f"{address(long_talk)}?text&type=2#end"

    def test_type_grows_in_three_steps(self, inside: Client, room: Room) -> None:
        steps = []
        for query in ("", "?type=2", "?type=3", "?type=7"):
            content = inside.get(address(room) + query).content.decode()
            steps.append(re.findall(r'data-type="(\d)"|id="type" href="([^"]*)"[^>]*>([^<]+)<', content))
        assert [[found[0][0], *found[1][1:]] for found in steps] == [
            ["1", "?type=2", "Larger type"],
            ["2", "?type=3", "Larger type"],
            ["3", "?", "Usual type"],
            ["3", "?", "Usual type"],
        ]


class TestSearch:
    def test_what_is_found_leads_into_the_talk(self, inside: Client, long_talk: Room) -> None:
        page = inside.get(f"{address(long_talk)}search/", {"q": "WORD 42"})
        assert re.findall(r'href="[^"]*(\?around=[^"]+)"', page.content.decode()) == ["?around=43#m43"]
        assert "1 message was found" in text_of(page)

    def test_nothing_is_looked_for_before_one_asks(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "a word")
        assert "messages" not in text_of(inside.get(f"{address(room)}search/"))
        assert "Nothing is found." in text_of(inside.get(f"{address(room)}search/?q=nowhere"))
        assert "This field is required." in text_of(inside.get(f"{address(room)}search/?q="))

    def test_words_that_are_markup_are_words(self, inside: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "<b>bold</b> & more")
        page = inside.get(f"{address(room)}search/", {"q": "<b>"}).content.decode()
        assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in page
        assert 'value="&lt;b&gt;"' in page

    def test_nobody_searches_where_they_may_not_read(self, client: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "a secret")
        page = client.get(f"{address(room)}search/?q=secret")
        assert (page.status_code, "a secret" in page.content.decode()) == (403, False)
        erase_talk(room)
        assert client.get(f"{address(room)}search/?q=secret").status_code == 410

    @pytest.mark.parametrize("limit", ["SEARCHES", "ALL_SEARCHES"])
    def test_too_many_at_once_wait(
        self, inside: Client, room: Room, wren: Participation, limit: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        say_all(room, wren, "a word")
        monkeypatch.setattr(searching, limit, Limit(most=2, seconds=60))
        pages = [inside.get(f"{address(room)}search/?q=word") for _time in range(3)]
        assert [page.status_code for page in pages] == [200, 200, 429]
        assert "Many people are searching at this moment." in text_of(pages[2])
        assert "a word" not in text_of(pages[2])
