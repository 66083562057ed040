"""Texts taken apart: words where they stand apart, letters with their marks where they do not."""

from __future__ import annotations

import unicodedata

import pytest

from tertulia.programme.formats.letters import is_telling, pieces_of

pytestmark = pytest.mark.parser


def said(text: str) -> list[str]:
    return [piece.same for piece in pieces_of(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("With Zoë, and ÅNGSTRÖM.", ["with", "zoe", "and", "angstrom"]),
        ("Łukasz Øre straße", ["lukasz", "ore", "strasse"]),
        ("Ｗｒｅｎ ﬁre", ["wren", "fire"]),
        ("an-evening-with-zoe", ["an", "evening", "with", "zoe"]),
        ("لَيلى الحسـن", ["ليلى", "الحسن"]),
        ("می‌خواهم", ["میخواهم"]),
        ("अमृता शेरगिल", ["अमृता", "शेरगिल"]),
        ("Йозеф Ёлкин", ["иозеф", "елкин"]),
        ("夜鷺さん", ["夜", "鷺", "さ", "ん"]),
        ("ﾔﾏﾀﾞ", ["ヤ", "マ", "ダ"]),
        ("김철수는", ["김", "철", "수", "는"]),
        ("สมชาย ใจดี", ["ส", "ม", "ชา", "ย", "ใจ", "ดี"]),
        ("អង្គរ", ["អ", "ង្គ", "រ"]),
        ("夜Ana鷺", ["夜", "ana", "鷺"]),
        ("🌊 … — ١٢", ["١٢"]),
        ("", []),
    ],
)
def test_what_stands_in_a_text(text: str, pieces: list[str]) -> None:
    assert said(text) == [unicodedata.normalize("NFC", piece) for piece in pieces]


@pytest.mark.parametrize("text", ["Zoë Ångström", "김철수", "ダ", "क़लम", "Đặng Thùy", "ا\u0654حمد"])
def test_it_is_the_same_however_letters_are_put_together(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert len({tuple(said(form)) for form in forms}) == 1


@pytest.mark.parametrize("text", ["Zoe\u0308!", "ชา่.", "ង្គ.", "김"])
def test_a_letter_ends_behind_its_marks(text: str) -> None:
    end = pieces_of(text)[-1].end
    assert not any(unicodedata.category(sign).startswith("M") for sign in text[end:])


@pytest.mark.parametrize(
    ("name", "is_whole"),
    [
        ("Ana Flores", True),
        ("Ana-Flores", True),
        ("May", False),
        ("Quillfeather", False),
        ("ليلى", False),
        ("王小明", True),
        ("王伟", False),
        ("山田 太郎", True),
        ("김철수", True),
        ("สมชาย", False),
        ("สมชาย ใจดี", True),
        ("အောင်ဆန်းစုကြည်", True),
        ("🌊", False),
    ],
)
def test_what_could_hardly_be_another_word(name: str, is_whole: bool) -> None:
    assert is_telling(name) is is_whole
