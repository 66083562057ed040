"""Share cards: what is written on them, in which scripts, and what happens where fonts are missing."""

from __future__ import annotations

import logging
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tertulia.design import fonts
from tertulia.design.cards import HEIGHT, WIDTH, Card, cut
from tertulia.design.drawing import COLUMN, MARGIN, draw, draw_icon
from tertulia.design.lettering import libvips
from tertulia.design.palette import NIGHT, colours, sky_colours
from tertulia.design.sky import dusk

CARD = Card(title="Nine nights under one sky", title_language="en", language="en", foot="Tertulia", seed="nights")
SCRIPTS = {
    "en": "Who gets to be an expert?",
    "ar": "من يحق له أن يكون خبيرًا؟",
    "ru": "Кто становится экспертом?",
    "el": "Ποιος γίνεται ειδικός;",
    "hi": "विशेषज्ञ कौन बनता है?",
    "he": "מי נחשב למומחה?",
    "th": "ใครคือผู้เชี่ยวชาญ",
}


def seen(png: bytes) -> Any:
    """The picture as pixels."""
    return libvips().Image.new_from_buffer(png, "")


def inked(png: bytes, card: Card, colour: str) -> Any:
    """Where the picture has a colour (`#rrggbb`), as (left, top, width, height); all 0 if nowhere."""
    wanted = list(bytes.fromhex(colour.removeprefix("#")))
    near = ((seen(png) - wanted).abs() < 6).bandand()
    return near.find_trim(background=0, threshold=1)


def size_of(png: bytes) -> tuple[int, int]:
    """What the head of a PNG says of its size."""
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture
def few_fonts(settings: Settings, tmp_path: Path) -> Path:
    """A machine with one font alone, which has no Arabic."""
    settings.FONT_FOLDERS = [tmp_path]
    [serif] = Path("/usr/share/fonts").rglob("NotoSerif-Regular.ttf")
    (tmp_path / "serif.ttf").symlink_to(serif)
    fonts._tell.cache_clear()
    return tmp_path


def test_a_card_is_a_picture_of_the_size_that_others_ask_for() -> None:
    picture = draw(CARD)
    assert (size_of(picture.png), picture.is_whole) == ((WIDTH, HEIGHT), True)
    assert len(picture.png) < 300_000


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_is_written_in_the_column_and_crosses_no_star(language: str) -> None:
    card = replace(CARD, title=SCRIPTS[language], title_language=language)
    picture = draw(card)
    left, _top, width, _height = inked(picture.png, card, colours(NIGHT)["moon"])
    assert picture.is_whole
    assert width > 200
    assert left >= MARGIN - 8
    assert left + width <= MARGIN + COLUMN + 8


def test_a_card_has_the_dusk_of_its_page() -> None:
    hours = {dusk(name): name for name in ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n")}
    assert sorted(hours) == [0, 1, 2, 3, 4, 5]
    lowest = {}
    for hour, name in hours.items():
        [red, green, blue] = seen(draw(replace(CARD, dusk=name)).png)(600, HEIGHT - 1)
        lowest[hour] = f"#{int(red):02x}{int(green):02x}{int(blue):02x}"
        assert lowest[hour][:2] == sky_colours(name)["dusk"][:2]
    assert len(set(lowest.values())) == 6


def test_a_card_from_the_right_stands_at_the_right() -> None:
    card = replace(CARD, title=SCRIPTS["ar"], title_language="ar", language="ar", is_from_right=True)
    left, _top, width, _height = inked(draw(card).png, card, colours(NIGHT)["moon"])
    assert left + width >= WIDTH - MARGIN - 70
    assert left >= WIDTH - MARGIN - COLUMN - 8


def test_arabic_letters_are_joined() -> None:
    # Apart, the same letters are far wider.
    joined, apart = "ععععععع", "\u200c".join("ععععععع")
    widths = [
        inked(draw(replace(CARD, title=title, foot="")).png, CARD, colours(NIGHT)["moon"])[2]
        for title in (joined, apart)
    ]
    assert widths[0] < widths[1] * 0.9


@pytest.mark.parametrize(
    "title", ["word " * 60, "x" * 300, "ไทย" * 100, "A"], ids=["words", "one word", "no spaces", "one letter"]
)
def test_the_longest_title_fits(title: str) -> None:
    card = replace(CARD, title=cut(title), foot="", over="16–24 November 2021", under="Lisbon, 09:00")
    _left, top, _width, height = inked(draw(card).png, card, colours(NIGHT)["moon"])
    assert top > MARGIN
    assert top + height < HEIGHT - MARGIN - 60


def test_a_long_text_is_cut_after_a_word_and_never_through_a_letter() -> None:
    words = cut("seven " * 50)
    assert (words[-2:], len(words) <= 200, set(words.removesuffix("…").split())) == ("n…", True, {"seven"})
    assert cut("  two \n words ") == "two words"
    assert cut("x" * 200) == "x" * 200
    assert cut("x" * 201) == "x" * 199 + "…"
    # The sign of a vowel stays with its letter, wherever the text has to end.
    assert cut("कि" * 150)[-2:] == "ि…"
    assert cut("x" + "कि" * 150)[-2:] == "ि…"


def test_without_a_font_the_words_are_left_out_and_the_log_says_which_script(
    few_fonts: Path, caplog: pytest.LogCaptureFixture
) -> None:
    card = replace(CARD, title=SCRIPTS["ar"], title_language="ar", foot="")
    with caplog.at_level(logging.WARNING, logger="tertulia.fonts"):
        picture = draw(card)
        draw(card)
    assert not picture.is_whole
    assert inked(picture.png, card, colours(NIGHT)["moon"])[2:] == [0, 0]
    [line] = caplog.messages
    assert line.startswith("no font here has all ARABIC letters")
    assert line.count("fonts-noto-core") == 1
    assert draw(replace(card, title="Plain words")).is_whole


def test_without_any_font_there_is_still_a_picture(settings: Settings, tmp_path: Path) -> None:
    settings.FONT_FOLDERS = [tmp_path]
    picture = draw(CARD)
    assert (size_of(picture.png), picture.is_whole) == ((WIDTH, HEIGHT), False)


def test_an_ornament_that_no_font_has_is_left_out_alone(few_fonts: Path) -> None:
    assert fonts.writable("Nine 🦄nights") == "Nine nights"
    assert fonts.writable("Nine 漢 nights") == ""


def test_markup_and_control_signs_are_words_like_others() -> None:
    assert draw(replace(CARD, title="<b>R&D</b> \x00\x07 'x' \"y\"", title_language='"><x')).is_whole


def test_the_name_changes_with_every_word_and_with_nothing_else() -> None:
    assert CARD.name == replace(CARD).name
    others = [
        replace(CARD, **{field: "x"}) for field in ("title", "over", "under", "foot", "seed", "dusk", "title_language")
    ]
    others += [replace(CARD, hour=1.5), replace(CARD, is_from_right=True)]
    assert len({CARD.name, *(one.name for one in others)}) == len(others) + 1


@pytest.mark.parametrize(("size", "share"), [(48, 1.0), (180, 0.82), (512, 0.7)])
def test_an_icon_has_its_size_and_a_smaller_mark_a_ground(size: int, share: float) -> None:
    icon = draw_icon(size, share)
    assert size_of(icon) == (size, size)
    corner = seen(icon)(1, 1)
    night = list(bytes.fromhex(colours()["night"].removeprefix("#")))
    assert (corner[:3] == night and corner[3:] in ([], [255])) == (share < 1)
