"""The agreed set: of each page two small pictures, and on which letters and browser they were drawn."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from PIL import Image

from tests.looks import measure
from tests.looks.measure import USUAL, WIDE, Difference, Small, Tolerance
from tests.looks.pages import Condition, Page
from tests.looks.visit import Look, looks_of

AGREED = Path(__file__).resolve().parent / "agreed"
MADE = "made.json"
HIGHEST = 3000  # CSS pixels of a page that are compared


class NotAgreed(Exception):  # noqa: N818 - an answer
    """There is no agreed set to compare with; `str()` says how one is made."""


@dataclass(frozen=True)
class Ground:
    """What pictures stand on: the browser's major version, and how wide its letters are."""

    chromium: int
    letters: dict[str, float]


def agreed_looks(page: Page) -> tuple[Look, ...]:
    """Two of each page, which share neither scheme nor direction nor size; about half of the pages have the other two.

    Which ones goes by the name, so that a new page changes nothing for others. Of what is printed, all.
    """
    if page.condition == Condition.PRINTED:
        return looks_of(page)
    if crc32(page.name.encode()) % 2:
        wanted = Look("light", "rtl", "phone"), Look("dark", "ltr", "desktop")
    else:
        wanted = Look("light", "ltr", "desktop"), Look("dark", "rtl", "phone")
    return tuple(look for look in wanted if look in looks_of(page))


def keep(folder: Path, page: Page, look: Look, picture: Image.Image) -> None:
    """Agree on this picture of a page, in its full size, as the one in `folder`."""
    for place, held in zip(_places(folder, page, look), _small(picture, look).kept(), strict=True):
        place.write_bytes(held)


def begin(folder: Path, ground: Ground, *, whole: bool) -> None:
    """Make `folder` ready to be filled on `ground`; if the `whole` set is made, without what was agreed before."""
    if whole:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    said = {"chromium": ground.chromium, "letters": ground.letters}
    (folder / MADE).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


def ground_of(folder: Path) -> Ground:
    """What the agreed set in `folder` stands on; NotAgreed if there is none."""
    try:
        said = json.loads((folder / MADE).read_text("utf-8"))
    except FileNotFoundError:
        raise NotAgreed("there is no agreed set yet; make it with: ./run looks --agree") from None
    return Ground(said["chromium"], said["letters"])


def tolerance(then: Ground, now: Ground) -> Tolerance | None:
    """How exactly pictures drawn `now` can be held against those of `then`; None where letters have other widths.

    Lines then break elsewhere, and everything below them moves: such pictures say nothing of each other.
    """
    if then.letters != now.letters:
        return None
    return USUAL if then.chromium == now.chromium else WIDE


def compared(folder: Path, page: Page, look: Look, picture: Image.Image, held: Tolerance) -> Difference | None:
    """What `picture`, in its full size, shows otherwise than the agreed one; None within the tolerance."""
    now = _small(picture, look)
    then = _agreed(folder, page, look, now.scale)
    return measure.difference(then, now, held) if then else Difference("nothing was agreed yet", 0, 0)


def side_by_side(folder: Path, page: Page, look: Look, picture: Image.Image) -> Image.Image:
    """The agreed picture, the one of now, and where they differ, three times as large as they are kept."""
    now = _small(picture, look)
    return measure.laid_beside(_agreed(folder, page, look, now.scale) or now, now)


def _agreed(folder: Path, page: Page, look: Look, scale: float) -> Small | None:
    places = _places(folder, page, look)
    return measure.read(*(place.read_bytes() for place in places), scale) if places[0].exists() else None


def _places(folder: Path, page: Page, look: Look) -> tuple[Path, Path]:
    """Where the picture and its blocks are kept."""
    return folder / f"{page.name}.{look}.webp", folder / f"{page.name}.{look}.blocks.webp"


def _small(picture: Image.Image, look: Look) -> Small:
    return measure.small(picture.crop((0, 0, picture.width, min(picture.height, HIGHEST))), look.size)
