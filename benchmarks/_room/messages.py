"""What is said in the room: 200 bytes each, with a place for the time at which it is sent, and a number."""

from __future__ import annotations

MESSAGE_BYTES = 200


def texts(number: int) -> list[str]:
    """So many messages, numbered from 0; the zeros between `@` and `:` are replaced by the time when they are sent."""
    return [f"@{0:019d}:{which:07d}@".ljust(MESSAGE_BYTES, ".") for which in range(number)]


def get(path: str, *lines: str) -> bytes:
    """The head of a request for `path`, without the empty line that ends it."""
    head = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream", *lines, ""]
    return "\r\n".join(head).encode()


def post(path: str, body: bytes, *lines: str) -> bytes:
    """A whole request that posts `body` to `path`."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *lines, "", ""]
    return "\r\n".join(head).encode() + body
