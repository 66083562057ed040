"""The same name gives the same sky, and nothing of it leaves the drawing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.design.sky import Star, constellation, hue

KNOWN = (Star(6.1, 4.4, 1.8), Star(9.8, 25.1, 1.6), Star(31.2, 30.8, 1.8))
SIZES = [(40, 40), (300, 170), (1200, 160)]


def test_a_name_always_gives_the_same_sky() -> None:
    drawn = constellation("Ambar", 3, 40, 40)
    assert drawn == constellation("Ambar", 3, 40, 40)
    assert drawn.stars == KNOWN
    assert drawn != constellation("Kofi", 3, 40, 40)


@given(seed=st.text(max_size=40), points=st.integers(1, 30), size=st.sampled_from(SIZES))
def test_nothing_leaves_the_drawing(seed: str, points: int, size: tuple[int, int]) -> None:
    width, height = size
    drawn = constellation(seed, points, width, height)
    assert len(drawn.stars) == points
    assert [star for star in drawn.stars if not _inside(star, width, height)] == []


@given(seed=st.text(max_size=20), points=st.integers(1, 20))
def test_lines_join_every_star_once(seed: str, points: int) -> None:
    drawn = constellation(seed, points, 300, 170)
    reached = {drawn.stars[0], *(far for _near, far in drawn.lines)}
    assert len(drawn.lines) == points - 1
    assert reached == set(drawn.stars)


@pytest.mark.parametrize("seed", ["", "x", "مجلس"])
def test_a_hue_is_a_step_of_the_circle(seed: str) -> None:
    assert hue(seed) % 15 == 0
    assert 0 <= hue(seed) < 360


def _inside(star: Star, width: int, height: int) -> bool:
    return star.r <= star.x <= width - star.r and star.r <= star.y <= height - star.r
