"""Every pair of text and ground in the tokens can be read: 4.5 : 1, and 3 : 1 for edges and focus."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tertulia.design.queries import STYLES
from tertulia.design.sky import DUSKS

Tokens = dict[str, str]
Colour = tuple[float, float, float, float]

TEXTS = [
    *product(["ink", "soft", "teal", "coral", "marigold", "violet"], ["paper", "card", "sunk", "raised"]),
    *((name, f"{name}-ground") for name in ("teal", "coral", "marigold", "violet")),
    *(("ink", f"{name}-ground") for name in ("teal", "coral", "marigold", "violet")),
    ("accent-ink", "accent"),
    ("card", "coral"),
    ("star-ink", "star"),
    ("moon", "night"),
]
ON_THE_SKY = list(product(["ink", "soft", "star"], ["night", "night-2", "dusk", "card", "sunk", "raised", "window"]))
EDGES = list(product(["edge", "focus"], ["paper", "card", "sunk"]))


def _blocks() -> dict[str, Tokens]:
    """The tokens of each selector, the dark ones of the device's choice under "device"."""
    text = re.sub(r"/\*.*?\*/", "", (STYLES / "10-tokens.css").read_text(), flags=re.DOTALL)
    text = text.replace(":root:not([data-scheme])", "device")
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", text)
    return {name.strip(): dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)) for name, body in found}


BLOCKS = _blocks()
LIGHT = BLOCKS[":root"]
SCHEMES: dict[str, Tokens] = {
    "light": LIGHT,
    "device dark": LIGHT | BLOCKS["device"],
    "dark": LIGHT | BLOCKS[':root[data-scheme="dark"]'],
    "contrast": LIGHT | BLOCKS[':root[data-scheme="contrast"]'],
}


def test_dark_is_the_same_by_device_and_by_choice() -> None:
    assert SCHEMES["device dark"] == SCHEMES["dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_its_ground(scheme: str) -> None:
    assert _below(4.5, SCHEMES[scheme], TEXTS, "paper") == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_the_sky(scheme: str) -> None:
    night = SCHEMES[scheme] | BLOCKS[".night"]
    assert _below(4.5, night, [*ON_THE_SKY, ("accent-ink", "accent")], "night") == []


@pytest.mark.parametrize("sky", [f".sky-{number}" for number in range(1, DUSKS)])
def test_text_can_be_read_under_the_sky_of_every_event(sky: str) -> None:
    night = LIGHT | BLOCKS[".night"] | BLOCKS[sky]
    assert _below(4.5, night, ON_THE_SKY, "night") == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_and_focus_can_be_seen(scheme: str) -> None:
    assert _below(3, SCHEMES[scheme], EDGES, "paper") == []


def test_the_measure_itself() -> None:
    black, white = _colour({"b": "#000", "w": "#fff"}, "b"), _colour({"w": "#fff"}, "w")
    assert round(_ratio(black, white), 1) == 21.0
    assert _below(4.5, {"a": "#777", "b": "#fff", "paper": "#fff"}, [("a", "b")], "paper") == ["a on b: 4.48"]


def _below(least: float, tokens: Tokens, pairs: list[tuple[str, str]], under: str) -> list[str]:
    ratios = {f"{text} on {ground}": _pair(tokens, text, ground, under) for text, ground in pairs}
    return [f"{pair}: {ratio:.2f}" for pair, ratio in ratios.items() if ratio < least]


def _pair(tokens: Tokens, text: str, ground: str, under: str) -> float:
    return _ratio(_colour(tokens, text), _over(_colour(tokens, ground), _colour(tokens, under)))


def _colour(tokens: Tokens, name: str) -> Colour:
    value = tokens[name]
    if reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return _colour(tokens, reference[1])
    digits = value.lstrip("#")
    pairs = [digit * 2 for digit in digits] if len(digits) in (3, 4) else re.findall("..", digits)
    red, green, blue, alpha = (int(pair, 16) / 255 for pair in [*pairs, "ff"][:4])
    return red, green, blue, alpha


def _over(top: Colour, under: Colour) -> Colour:
    red, green, blue = (a * top[3] + b * (1 - top[3]) for a, b in zip(top[:3], under[:3], strict=True))
    return red, green, blue, 1.0


def _ratio(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
