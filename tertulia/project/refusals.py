"""What the server answers by itself, before any page is asked, in the language of the address."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tertulia.kit.walls import NO_PAGE
from tertulia.project.body import Incoming
from tertulia.project.front import Scope
from tertulia.project.outgoing import BODY, Send

# So long a line is listened to after the answer: one that is closed while bytes come is reset, and nothing is read.
LINGER_SECONDS = 5.0
SENTENCES = {
    408: _("What you sent did not arrive in time. Please go back and try once more."),
    413: _("What you sent is too large for this page."),
    503: _("Too much arrives here at once. Please go back and try once more in a moment."),
}
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
    *((name.lower().encode(), value.encode()) for name, value in NO_PAGE.items()),
]


async def turn_away(scope: Scope, incoming: Incoming, send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    """Answer with `status` and its sentence, take what is still being sent, and close the line."""
    sentence = _sentence(status, scope["path"])
    length = (b"content-length", b"%d" % len(sentence))
    await send({"type": "http.response.start", "status": status, "headers": [*HEADERS, length, *more]})
    await send({"type": BODY, "body": sentence, "more_body": True})
    await incoming.pass_over(LINGER_SECONDS)
    await send({"type": BODY, "body": b""})


def _sentence(status: int, path: str) -> bytes:
    if status not in SENTENCES:
        return b""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        return f"{SENTENCES[status]}\n".encode()
