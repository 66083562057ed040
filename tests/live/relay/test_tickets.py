"""A ticket opens one room for half an hour, and says nothing to whoever looks at it."""

from __future__ import annotations

import base64
import json
import time

import pytest

from tertulia.kit.sealing import seal
from tertulia.live.relay import tickets
from tertulia.live.relay.tickets import MINUTES, Ticket, check, issue

pytestmark = pytest.mark.parser

KEY = bytes(range(32))


def opened(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_ticket_says_what_was_put_into_it() -> None:
    before = int(time.time())
    ticket = check(KEY, issue(KEY, Ticket("one", "a1", "Nadi", may_speak=True)), "one")
    assert ticket is not None
    assert before + MINUTES * 60 <= ticket.expires <= int(time.time()) + MINUTES * 60
    assert ticket == Ticket("one", "a1", "Nadi", True, ticket.expires)


def test_a_ticket_to_listen_names_nobody() -> None:
    ticket = check(KEY, issue(KEY, Ticket("one")), "one")
    assert ticket is not None
    assert (ticket.author, ticket.name, ticket.may_speak) == ("", "", False)


def test_the_text_of_a_ticket_says_nothing() -> None:
    text = issue(KEY, Ticket("roomroom", "authorauthor", "Nadia", may_speak=True))
    for word in ("roomroom", "authorauthor", "Nadia", "speak", "expires"):
        assert word not in text
        assert word.encode() not in opened(text)
    again = issue(KEY, Ticket("roomroom", "authorauthor", "Nadia", may_speak=True))
    assert text[:12] != again[:12]


def test_a_ticket_is_for_one_room_and_one_key() -> None:
    text = issue(KEY, Ticket("one"))
    assert check(KEY, text, "two") is None
    assert check(bytes(32), text, "one") is None


def test_a_ticket_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "MINUTES", 0)
    assert check(KEY, issue(KEY, Ticket("one")), "one") is None


@pytest.mark.parametrize("text", ["", "x", "é", "====", "a" * 4000, "AAAA\n", "A+/A"])
def test_what_is_no_ticket_is_none(text: str) -> None:
    assert check(KEY, text, "one") is None


def test_a_ticket_that_was_changed_in_any_place_is_none() -> None:
    box = opened(issue(KEY, Ticket("one", "a1", "Nadi", may_speak=True)))
    for place in range(len(box)):
        changed = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        assert check(KEY, base64.urlsafe_b64encode(changed).decode(), "one") is None


@pytest.mark.parametrize("content", [[], {}, {"room": "one"}, "one", None])
def test_what_was_sealed_with_the_key_but_is_no_ticket_is_none(content: object) -> None:
    text = base64.urlsafe_b64encode(seal(KEY, json.dumps(content).encode(), b"tertulia ticket 1")).decode()
    assert check(KEY, text, "one") is None


def test_a_box_made_for_something_else_is_no_ticket() -> None:
    ticket = {"room": "one", "author": "", "name": "", "may_speak": True, "expires": 9_999_999_999}
    for label, holds in [(b"tertulia ticket 1", True), (b"room one", False), (b"", False)]:
        text = base64.urlsafe_b64encode(seal(KEY, json.dumps(ticket).encode(), label)).decode()
        assert (check(KEY, text, "one") is not None) is holds
