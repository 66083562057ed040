"""A way back in is strong, and is read again however it was written down."""

from __future__ import annotations

import itertools
import math

import pytest

from tertulia.kit.phrases import (
    DIGITS,
    WORDS,
    WORDS_OF_OTHERS,
    Kind,
    kinds_for,
    language_of,
    normalise,
    offered,
    phrase,
    word_list,
)
from tests.kit.ambiguity import lost_bits

pytestmark = pytest.mark.parser
LISTS = [kind for kind in Kind if kind is not Kind.DIGITS]


def test_english_words_and_digits_hold_77_bits_or_more() -> None:
    assert len(set(word_list())) == 7772
    assert WORDS * math.log2(7772) >= 77
    assert DIGITS * math.log2(10) >= 77


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind is not Kind.WORDS])
def test_words_of_other_languages_hold_77_bits_also_without_accents_and_spaces(kind: Kind) -> None:
    bare = {normalise(word) for word in word_list(kind)}
    assert len(bare) == len(word_list(kind)) == 2048
    assert WORDS_OF_OTHERS * math.log2(2048) == 77
    # Where a word begins another, two phrases can be one without spaces: so seldom that nothing is won by it.
    assert lost_bits(bare, WORDS_OF_OTHERS) < 0.0002


def test_a_list_that_can_be_read_twice_is_found_out() -> None:
    assert lost_bits({"a", "aa"}, 2) == pytest.approx(math.log2(6 / 4))
    assert lost_bits({"a", "b"}, 7) == 0


@pytest.mark.parametrize("kind", LISTS)
def test_a_phrase_fits_into_what_is_looked_at(kind: Kind) -> None:
    assert (max(map(len, word_list(kind))) + 1) * WORDS_OF_OTHERS < 100


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind is not Kind.WORDS])
def test_seven_words_come_from_the_list_of_the_language(kind: Kind) -> None:
    words = phrase(kind)
    assert len(words.split(" ")) == 7
    assert set(words.split(" ")) <= set(word_list(kind))
    assert language_of(words) == kind


def test_the_language_of_english_words_and_of_digits() -> None:
    assert language_of(phrase(Kind.WORDS)) == "en"
    assert [language_of(text) for text in (phrase(Kind.DIGITS), "", "qwxyz", "zoom qwxyz")] == [""] * 4


@pytest.mark.parametrize(
    ("languages", "kinds"),
    [
        (["en"], ["words", "digits"]),
        (["en", "es-mx", "fr"], ["words", "es", "digits"]),
        (["es", "es-uy", "en"], ["es", "digits", "words"]),
        (["ar", "ar-eg", "en"], ["digits", "words"]),
        (["ar", "fr", "en"], ["digits", "fr", "words"]),
        (["es", "pt-br"], ["es", "pt", "digits", "words"]),
        (["zh-tw"], ["zh-hant", "digits", "words"]),
        (["zh-hans-cn"], ["zh-hans", "digits", "words"]),
        (["zh"], ["zh-hans", "digits", "words"]),
        (["xx", "*"], ["digits", "words"]),
        ([], ["digits", "words"]),
    ],
)
def test_the_words_of_the_reader_come_first(languages: list[str], kinds: list[str]) -> None:
    assert kinds_for(languages) == kinds


def test_each_kind_is_called_in_the_language_of_the_page() -> None:
    assert offered(["es", "pt"]) == [
        ("es", "Seven words: Spanish"),
        ("pt", "Seven words: Portuguese"),
        ("digits", "24 digits, the same in every language"),
        ("words", "Six English words"),
    ]


def test_words_come_from_the_list_and_digits_in_groups_of_four() -> None:
    words = phrase(Kind.WORDS).split(" ")
    assert len(words) == 6
    assert set(words) <= set(word_list())
    assert [len(group) for group in phrase(Kind.DIGITS).split(" ")] == [4] * 6


def test_no_two_phrases_are_alike() -> None:
    assert len({phrase(kind) for kind in Kind for _ in range(200)}) == 200 * len(Kind)


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


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("ábaco opción ñame", "abaco, OPCION name"),
        ("ábaco opción", "a\u0301baco opcio\u0301n"),
        ("éclair çà", "ECLAIR CA"),
        ("ёлка йод", "елка иод"),
        ("ışık İzmir", "ISIK izmir"),
        ("가격 가끔", "\u1100\u1161\u1100\u1167\u11a8가끔"),
    ],
)
def test_accents_and_capitals_are_forgiven(kept: str, written: str) -> None:
    assert normalise(written) == normalise(kept)


def test_what_makes_another_letter_of_a_kana_is_kept() -> None:
    assert normalise("か") != normalise("が")
    assert normalise("か\u3099") == normalise("が")


def test_another_order_is_another_phrase() -> None:
    assert normalise("abacus zoom") != normalise("zoom abacus")


def test_a_flood_of_text_is_cut() -> None:
    assert len(normalise("a" * 1_000_000)) == 400
