"""A word carried to the next page, and to it alone, in a sealed cookie: nothing of it is kept on the server."""

from __future__ import annotations

import base64
import binascii
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tertulia.kit.sealing import Unreadable, seal, unseal

TIME_BYTES = 8


def close(text: bytes, label: str) -> str:
    """`text` and this moment, sealed under the installation's secret and bound to `label`, fit for a cookie."""
    plain = int(time.time()).to_bytes(TIME_BYTES) + text
    return base64.urlsafe_b64encode(seal(_key(label), plain, label.encode())).decode()


def opened(box: str, label: str) -> tuple[bytes, float]:
    """What `close` sealed under the same label, and how many seconds ago; Unreadable if it was changed."""
    try:
        sealed = base64.urlsafe_b64decode(box.encode())
    except (binascii.Error, UnicodeError) as fault:
        raise Unreadable("this is not a box") from fault
    # Written in one way alone: who takes a box once would take another spelling of it again.
    if base64.urlsafe_b64encode(sealed).decode() != box:
        raise Unreadable("this is not how a box is written")
    plain = unseal(_key(label), sealed, label.encode())
    return plain[TIME_BYTES:], time.time() - int.from_bytes(plain[:TIME_BYTES])


def hand_over(response: HttpResponse, name: str, text: str, *, path: str, label: str) -> None:
    """Give `text` to the page at `path`, in the cookie `name`, for whoever can say the same `label` there."""
    response.set_cookie(
        name,
        close(text.encode(), label),
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def taken_over(request: HttpRequest, name: str, *, label: str, seconds: int) -> str | None:
    """What was handed over to this page less than `seconds` ago; None if nothing was. The page drops the cookie."""
    try:
        text, age = opened(request.COOKIES.get(name, ""), label)
    except Unreadable:
        return None
    return text.decode() if age < seconds else None


def take_back(response: HttpResponse, name: str, path: str) -> None:
    """Have the browser drop the cookie `name` that it sends to `path`; further ones of that name at other paths too."""
    last_word = HttpResponse()
    last_word.delete_cookie(name, path=path, samesite="Strict")
    # A response keeps one cookie for each key; under their names alone, the last path would be the only one.
    response.cookies[f"{name} {path}"] = last_word.cookies[name]


def _key(label: str) -> bytes:
    return salted_hmac("tertulia.kit.handover", label, algorithm="sha256").digest()
