"""Names that people choose: almost anything, but not what cannot be seen or would pass for the staff."""

from __future__ import annotations

import pytest

from tertulia.kit.errors import Invalid
from tertulia.kit.names import chosen_name

pytestmark = pytest.mark.parser


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Wren", "Wren"),
        ("  two \t words \n here ", "two words here"),
        ("ﬁre", "fire"),
        ("Ｗｒｅｎ", "Wren"),
        ("\u00e9" * 40, "\u00e9" * 40),
        ("e\u0301" * 40, "\u00e9" * 40),
        ("نرگس", "نرگس"),
        ("می‌خواهم", "می‌خواهم"),
        ("🌿", "🌿"),
        ("Ghost", "Ghost"),
        ("Falstaff", "Falstaff"),
        ("Modesty", "Modesty"),
        ("Ecosystem", "Ecosystem"),
    ],
)
def test_a_name_is_kept_as_it_will_be_shown(typed: str, shown: str) -> None:
    assert chosen_name(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "\u200b\u200c\u200d", "\u3164", "\u2800", "\u0301", "\ufe0f"),
        *("a" * 41, "ﬃ" * 14),
        *("Wren\u202egnitset", "\u2067Wren", "Wren\u200f", "a\x00b", "a\x1bb", "a\ue000b"),
        *("moderator", "MODERATOR", "Moderator 2", "the-moderator", "TheModerator", "m0derator", "Моdеrаtоr"),
        *(
            "m o d e r a t o r",
            "mo\u200dde\u00adrator",
            "ｍｏｄｅｒａｔｏｒ",
            "môdérâtôr",
            "admin",
            "4dm1n",
            "Adm|n",
            "STAFF",
        ),
        *("Organizadora", "Anfitrión", "المشرف", "مُشرِف", "tertulia"),
    ],
)
def test_a_name_is_refused_with_a_reason_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        chosen_name(typed)
    assert refused.value.where == "chosen_name"
    assert refused.value.why
