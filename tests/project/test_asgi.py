"""Pages as the server sends them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tertulia.project.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


def messages_for(path: str, method: str = "GET") -> list[dict[str, Any]]:
    """What the application sends for a request."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(application(scope, receive, send))
    return sent


@pytest.mark.parametrize("path", ["/events/", "/nowhere/", "/favicon.ico"])
def test_the_last_bytes_say_that_they_are_the_last(path: str) -> None:
    head, *bodies = messages_for(path)
    length = int(dict(head["headers"])[b"content-length"])
    assert [(len(body["body"]), body.get("more_body", False)) for body in bodies] == [(length, False)]


def test_a_long_file_leaves_piece_by_piece_with_its_end() -> None:
    head, *bodies = messages_for("/static/wagtailadmin/js/wagtailadmin.js")
    assert int(dict(head["headers"])[b"content-length"]) == sum(len(body["body"]) for body in bodies)
    assert [body.get("more_body", False) for body in bodies] == [True] * (len(bodies) - 1) + [False]
    assert bodies[-1]["body"] != b""
    assert len(bodies) > 2


def test_a_stream_that_comes_too_early_is_told_to_come_again_on_another_line() -> None:
    head, _body = messages_for("/stream/one")
    assert (head["status"], dict(head["headers"])[b"connection"]) == (503, b"close")
