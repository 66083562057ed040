"""What becomes a message, and what a message looks like on the wire."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tertulia.live.relay.entries import TEXT_LENGTH, Entry, Malformed, Position, clean, draft_message

pytestmark = pytest.mark.parser


def said(text: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(draft_message("one", "a1", "Nadi", {"id": "12345678", "text": text}).body)
    return answer


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (None, "a message is a JSON object with id and text"),
        ([], "a message is a JSON object with id and text"),
        ("text", "a message is a JSON object with id and text"),
        ({}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": 12345678, "text": "x"}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": "1234567", "text": "x"}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": "1" * 65, "text": "x"}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": "12345678\n", "text": "x"}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": "1234567é", "text": "x"}, "id is 8 to 64 letters, digits, _ or -"),
        ({"id": "12345678"}, "text is missing"),
        ({"id": "12345678", "text": 5}, "text is missing"),
        ({"id": "12345678", "text": ""}, "the message is empty"),
        ({"id": "12345678", "text": " \r\n\t\x00 "}, "the message is empty"),
        ({"id": "12345678", "text": "\u200b\u2060\u00a0\u202e"}, "the message is empty"),
        ({"id": "12345678", "text": "x" * (TEXT_LENGTH + 1)}, "the message is longer than 2000 characters"),
    ],
)
def test_what_is_not_a_message_is_told_why(sent: object, why: str) -> None:
    with pytest.raises(Malformed, match=f"^{re.escape(why)}$"):
        draft_message("one", "a1", "Nadi", sent)


@pytest.mark.parametrize("client_id", ["12345678", "a" * 64, "A-Z_a-z0"])
def test_names_of_messages_at_the_limits(client_id: str) -> None:
    draft = draft_message("one", "a1", "Nadi", {"id": client_id, "text": "x"})
    assert (draft.room, draft.author, draft.client_id) == ("one", "a1", client_id)


def test_a_message_says_who_what_and_the_minute() -> None:
    message = said("¡hola! 👩🏽‍🚀 مرحبا")
    at = message.pop("at")
    assert message == {"kind": "said", "author": "a1", "name": "Nadi", "text": "¡hola! 👩🏽‍🚀 مرحبا"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", at)


def test_a_text_may_be_as_long_as_the_limit_after_trimming() -> None:
    assert said("  " + "é" * TEXT_LENGTH + "\n")["text"] == "é" * TEXT_LENGTH


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("a\x00b\x1bc\x7fd\x85e", "abcde"),
        ("abc\u202edcba\u202c", "abcdcba"),
        ("\u2066isolated\u2069", "isolated"),
        ("\u200fמ\u200e", "\u200fמ\u200e"),
        ("half \ud83d pair", "half  pair"),
        ("\ufeff", ""),
    ],
)
def test_what_cannot_be_seen_and_can_mislead_goes(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_a_position_is_written_and_read_back() -> None:
    position = Position("a1b2c3", 42)
    assert str(position) == "a1b2c3-42"
    assert Position.parse(" a1b2c3-42\n") == position


@pytest.mark.parametrize(
    "text", ["", "42", "-42", "a1-", "A1-2", "a1-2-3", "a1-٢", "a1-1\nx", "a" * 33 + "-1", "a-" + "1" * 16]
)
def test_what_is_not_a_position_is_none(text: str) -> None:
    assert Position.parse(text) is None


def test_an_entry_is_one_event_whatever_is_said() -> None:
    body = draft_message("one", "a1", "N\r\n\r\nid: x", {"id": "12345678", "text": "a\n\ndata: b\r\u2028"}).body
    frame = Entry(7, body).frame("e1")
    assert frame == b"id: e1-7\ndata: " + body + b"\n\n"
    assert frame.count(b"\n") == 3
    assert b"\r" not in frame
