"""Pictures that are drawn once and kept in the data folder, so that asking for them often costs nothing."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect

from tertulia.design.cards import Card
from tertulia.design.drawing import Picture, draw, draw_icon

FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
# Without its words a picture is drawn again after this: somebody may have installed the fonts.
BARE_SECONDS = 3600
WAIT_SECONDS = 2
# The kinds of icon: their size in pixels, and which share of it the mark takes.
ICONS = {"48": (48, 1.0), "192": (192, 1.0), "512": (512, 1.0), "touch-180": (180, 0.82), "maskable-512": (512, 0.7)}
_one_at_a_time = threading.Lock()
log = logging.getLogger("tertulia.pictures")


def answer_with(
    card: Card, owner: str, name: str, address: str, still: Callable[[], str] | None = None
) -> HttpResponse:
    """The picture of `card`, which is called `name` in what was asked; by an older name, the way to its `address`.

    `owner` is an opaque name of what the card is about; one picture for each language is kept under it. While too many
    are waiting to be drawn: 503. `still` says what the card is called once it is drawn: if otherwise, words were taken
    out of it meanwhile, and nothing is kept nor shown (503, and the next time the way to the newest).
    """
    if name != card.name:
        return HttpResponseRedirect(address, headers={"Cache-Control": "no-cache"})
    picture = _kept(card, owner) or _drawn(card, owner, still or (lambda: card.name))
    if picture is None:
        return HttpResponse(status=503, headers={"Retry-After": str(WAIT_SECONDS)})
    kept = FOR_A_YEAR if picture.is_whole else FOR_AN_HOUR
    # It is made to be shown elsewhere.
    shown = {"Cache-Control": kept, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(picture.png, content_type="image/png", headers=shown)


def forget(owner: str) -> None:
    """Remove every picture that is kept for `owner`."""
    shutil.rmtree(_folder(owner), ignore_errors=True)


@cache
def icon(kind: str) -> bytes:
    """The mark as a PNG in one of the kinds of ICONS; KeyError for another."""
    return draw_icon(*ICONS[kind])


def _kept(card: Card, owner: str) -> Picture | None:
    whole, bare = _places(card, owner)
    try:
        return Picture(whole.read_bytes(), is_whole=True)
    except OSError:
        pass
    try:
        is_fresh = time.time() - bare.stat().st_mtime < BARE_SECONDS
        return Picture(bare.read_bytes(), is_whole=False) if is_fresh else None
    except OSError:
        return None


def _drawn(card: Card, owner: str, still: Callable[[], str]) -> Picture | None:
    """Drawn now and kept; None if others are being drawn for too long, so that pages keep their threads.

    None also if it was drawn of what is not said any more.
    """
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        return None
    try:
        picture = _kept(card, owner)
        if picture is None:
            picture = draw(card)
            _keep(picture, card, owner)
            picture = picture if _is_true(card, owner, still) else None
    finally:
        _one_at_a_time.release()
    return picture


def _is_true(card: Card, owner: str, still: Callable[[], str]) -> bool:
    """Whether the card that was just kept is called as before; asked after the keeping: who changes it forgets."""
    called = ""
    try:
        called = still()
    finally:
        if called != card.name:
            forget(owner)
    return called == card.name


def _keep(picture: Picture, card: Card, owner: str) -> None:
    """A disk that takes nothing more leaves the picture as good as it is."""
    try:
        _write(picture, card, owner)
    except OSError as fault:
        log.warning("a share card could not be kept: %s", fault.strerror)


def _write(picture: Picture, card: Card, owner: str) -> None:
    whole, bare = _places(card, owner)
    whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for older in whole.parent.glob(f"{card.language}.*"):
        older.unlink(missing_ok=True)
    place = whole if picture.is_whole else bare
    fresh = place.with_suffix(".new")
    fresh.write_bytes(picture.png)
    fresh.replace(place)


def _places(card: Card, owner: str) -> tuple[Path, Path]:
    """Where the whole picture is kept, and where the one without words."""
    folder = _folder(owner)
    return folder / f"{card.language}.{card.name}.png", folder / f"{card.language}.{card.name}.bare.png"


def _folder(owner: str) -> Path:
    return Path(settings.CARDS_FOLDER) / owner
