"""The measure: deaf to single edges, awake to whatever moved, went, grew or changed its colour."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.looks import agreed, measure
from tests.looks.agreed import Ground
from tests.looks.measure import USUAL, WIDE, Tolerance
from tests.looks.pages import PAGES, Condition
from tests.looks.visit import looks_of

pytestmark = pytest.mark.parser
LETTERS = {"serif": 10.0}


def drawing(x: int = 200, ink: str = "#5a3fa0", paper: str = "#fbf7ef", height: int = 800) -> Image.Image:
    """Something like a page of 1,280 pixels: lines of writing, and a button at `x`."""
    page = Image.new("RGB", (1280, height), paper)
    pen = ImageDraw.Draw(page)
    for line in range(100, height - 100, 24):
        for word in range(40, 1200, 90):
            pen.rectangle((word, line, word + 70, line + 2), "#211d35")
    pen.rounded_rectangle((x, 40, x + 160, 84), 22, ink)
    return page


def seen(now: Image.Image, held: Tolerance = USUAL) -> measure.Difference | None:
    """What the measure says of `now` beside the drawing as it was agreed."""
    then = measure.small(drawing(), "desktop")
    return measure.difference(measure.read(*then.kept(), then.scale), measure.small(now, "desktop"), held)


def test_the_same_picture_is_the_same() -> None:
    assert seen(drawing()) is None


def test_another_drawing_of_the_same_edges_passes() -> None:
    assert seen(drawing().filter(ImageFilter.GaussianBlur(0.6))) is None


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (drawing(x=224), "off"),
        (drawing(ink="#fbf7ef"), "off"),
        (drawing(ink="#6a3df0"), "off"),
        (drawing(paper="#f6f1e8"), "slightly off"),
        (drawing(height=824), "the page is 2"),
    ],
    ids=["moved", "gone", "another colour", "another paper", "taller"],
)
def test_what_was_changed_is_found(now: Image.Image, why: str) -> None:
    found = seen(now)
    assert found
    assert why in found.why


def test_the_place_is_that_of_the_change() -> None:
    found = seen(drawing(ink="#fbf7ef"))
    assert found
    assert 200 <= found.x <= 360
    assert 30 <= found.y <= 95


def test_the_wide_tolerance_lets_more_through_and_not_what_is_gone() -> None:
    assert seen(drawing(paper="#f6f1e8"), WIDE) is None
    assert seen(drawing(ink="#fbf7ef"), WIDE)


def test_the_ground_decides_how_exactly_pictures_are_compared() -> None:
    then = Ground(150, LETTERS)
    assert agreed.tolerance(then, Ground(150, LETTERS)) is USUAL
    assert agreed.tolerance(then, Ground(151, LETTERS)) is WIDE
    assert agreed.tolerance(then, Ground(150, {"serif": 10.1})) is None


PAIRS = ({("light", "ltr"), ("dark", "rtl")}, {("light", "rtl"), ("dark", "ltr")})


def test_every_page_has_a_name_of_its_own_and_is_compared_in_two_looks() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    for page in PAGES:
        looks = agreed.agreed_looks(page)
        assert looks
        assert set(looks) <= set(looks_of(page))
        if page.condition == Condition.USUAL and not page.is_staff_screen:
            assert {(look.scheme, look.direction) for look in looks} in PAIRS
