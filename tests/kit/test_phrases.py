"""A way back in is strong, and is read again however it was written down."""

from __future__ import annotations

import itertools
import math

import pytest

from tertulia.kit.phrases import DIGITS, WORDS, Kind, normalise, phrase, word_list

pytestmark = pytest.mark.parser


def test_both_kinds_hold_77_bits_or_more() -> None:
    assert len(set(word_list())) == 7772
    assert WORDS * math.log2(7772) >= 77
    assert DIGITS * math.log2(10) >= 77


def test_words_come_from_the_list_and_digits_in_groups_of_four() -> None:
    words = phrase(Kind.WORDS).split(" ")
    assert len(words) == 6
    assert set(words) <= set(word_list())
    assert [len(group) for group in phrase(Kind.DIGITS).split(" ")] == [4] * 6


def test_no_two_phrases_are_alike() -> None:
    assert len({phrase(kind) for kind in Kind for _ in range(200)}) == 400


def test_no_word_begins_another_so_that_spaces_may_be_lost() -> None:
    bare = sorted(normalise(word) for word in word_list())
    assert len(set(bare)) == 7772
    assert [pair for pair in itertools.pairwise(bare) if pair[1].startswith(pair[0])] == []


@pytest.mark.parametrize(
    "written",
    [
        "abacus drop-down yo-yo t-shirt zoom felt-tip",
        "  Abacus   DROP-DOWN, yo-yo;\tt-shirt\r\nzoom felt–tip. ",
        "abacus-drop-down-yo-yo-t-shirt-zoom-felt-tip",
        "abacusdropdownyoyotshirtzoomfelttip",
        "ａｂａｃｕｓ drop down yo yo t shirt zoom felt tip",
        "aba\u00adcus drop\u2011down yo\u200byo t shirt zoom felt tip",
    ],
)
def test_words_are_read_however_they_are_written(written: str) -> None:
    assert normalise(written) == normalise("abacus drop-down yo-yo t-shirt zoom felt-tip")


@pytest.mark.parametrize(
    "written",
    [
        "0123 4567 8901 2345 6789 0123",
        "012345678901234567890123",
        "0123-4567-8901\n2345-6789-0123",
        "٠١٢٣ ٤٥٦٧ ٨٩٠١ ٢٣٤٥ ٦٧٨٩ ٠١٢٣",
        "۰۱۲۳ ۴۵۶۷ ۸۹۰۱ ۲۳۴۵ ۶۷۸۹ ۰۱۲۳",
        "०१२३ ४५६७ ८९०१ २३४५ ६७८९ ०१२३",
        "０１２３ ４５６７ ８９０１ ２３４５ ６７８９ ０１２３",
    ],
)
def test_digits_of_any_script_are_read(written: str) -> None:
    assert normalise(written) == "012345678901234567890123"


def test_another_order_is_another_phrase() -> None:
    assert normalise("abacus zoom") != normalise("zoom abacus")


def test_a_flood_of_text_is_cut() -> None:
    assert len(normalise("a" * 1_000_000)) == 400
