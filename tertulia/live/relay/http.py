"""As much of HTTP/1.1 as the relay speaks, and strictly: what is unusual is refused, never guessed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus

from tertulia.kit.walls import NO_PAGE

HEAD_BYTES = 8192
BODY_BYTES = 16_384
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_TARGET = re.compile(rb"/[!-~]*")
_SINGLE = {"content-length", "host", "origin", "last-event-id"}


class Refused(Exception):  # noqa: N818 - an answer
    """The request is answered with `status` and the connection closed."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(slots=True)
class Request:
    """A request whose head is complete; `length` bytes of body follow."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    length: int
    keep_alive: bool
    body: bytes = field(default=b"")

    def cookies(self, name: str) -> list[str]:
        """Every value that the request carries for the cookie `name`."""
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return [text for key, _, text in pairs if key == name]


def parse_head(head: bytes) -> Request:
    """The request whose head (without the empty line) is `head`; Refused if it is not plain HTTP/1.1."""
    line, *lines = head.split(b"\r\n")
    words = line.split(b" ")
    if len(words) != 3 or words[2] not in {b"HTTP/1.1", b"HTTP/1.0"} or not _TARGET.fullmatch(words[1]):  # noqa: PLR2004
        raise Refused(HTTPStatus.BAD_REQUEST, "not an HTTP/1.1 request")
    headers = _headers(lines)
    if "transfer-encoding" in headers:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "send the length of the body")
    if "host" not in headers and words[2] == b"HTTP/1.1":
        raise Refused(HTTPStatus.BAD_REQUEST, "the host is missing")
    path, _, query = words[1].decode("ascii").partition("?")
    connection = headers.get("connection", "").lower()
    return Request(
        method=words[0].decode("ascii", "replace"),
        path=path,
        query=dict(pair.partition("=")[::2] for pair in query.split("&") if pair),
        headers=headers,
        length=_length(headers),
        keep_alive="close" not in connection and words[2] == b"HTTP/1.1",
    )


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        given, colon, content = line.partition(b":")
        if not colon or not _NAME.fullmatch(given) or _CONTROL.search(content):
            raise Refused(HTTPStatus.BAD_REQUEST, "a header is malformed")
        name, text = given.decode("ascii").lower(), content.strip(b" \t").decode("latin-1")
        if name in headers:
            if name in _SINGLE:
                raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is given twice")
            text = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{text}"
        headers[name] = text
    return headers


def _length(headers: dict[str, str]) -> int:
    given = headers.get("content-length", "0")
    if not given.isascii() or not given.isdigit():
        raise Refused(HTTPStatus.BAD_REQUEST, "the length of the body is not a number")
    if len(given) > 9 or int(given) > BODY_BYTES:  # noqa: PLR2004 - digits
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a message has at most {BODY_BYTES} bytes")
    return int(given)


# The place of nchan behind which nobody gets but whom the relay has sent there.
ELSEWHERE = "/fanout/"
WALLS = [f"{name}: {value}" for name, value in NO_PAGE.items()]


def answer(status: HTTPStatus, body: object = None, *, keep_alive: bool = True, retry_after: float = 0) -> bytes:
    """A whole response with a JSON body; a fault that is told in words is a problem document (RFC 9457)."""
    if status >= HTTPStatus.BAD_REQUEST and isinstance(body, str):
        body = problem(status, body)
    is_problem = isinstance(body, dict) and "title" in body
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    kind = "application/problem+json" if is_problem else "application/json"
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content)}",
        "Cache-Control: no-store",
        *WALLS,
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        lines.append("Allow: GET, POST")
    if retry_after:
        lines.append(f"Retry-After: {max(1, round(retry_after))}")
    return "\r\n".join([*lines, "", ""]).encode() + content


def elsewhere(place: str, *, keep_alive: bool) -> bytes:
    """What tells nginx to go on by itself with the stream at `place`; nobody else ever sees this answer."""
    lines = [
        "HTTP/1.1 200 OK",
        f"X-Accel-Redirect: {ELSEWHERE}{place}",
        "Content-Type: text/event-stream",
        "Content-Length: 0",
        "Cache-Control: no-store",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def problem(status: HTTPStatus, detail: str, reason: str = "") -> dict[str, object]:
    """What went wrong, as a problem document (RFC 9457); `reason` is a word that scripts may go by."""
    document = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return document | ({"reason": reason} if reason else {})


STREAM_HEAD = "\r\n".join(
    [
        "HTTP/1.1 200 OK",
        "Content-Type: text/event-stream",
        "Cache-Control: no-store",
        *WALLS,
        "X-Accel-Buffering: no",
        "Connection: close",
        "",
        "retry: 2000\n\n",
    ]
).encode()
