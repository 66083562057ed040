"""Emphasis and links in what was said: one list of cases, for the page here and for its script in the journeys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tertulia.live.templatetags.talk import gist, spoken

CASES = json.loads((Path(__file__).parents[1] / "words.json").read_text("utf-8"))

pytestmark = pytest.mark.parser


def as_browsers_write(html: str) -> str:
    """Quotation marks need no escape in a text."""
    return html.replace("&#x27;", "'").replace("&quot;", '"')


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:30] for case in CASES])
def test_what_was_written_is_shown_so(case: dict[str, str]) -> None:
    assert as_browsers_write(spoken(case["text"])) == case["html"]


def test_in_an_attribute_no_quotation_mark_is_left() -> None:
    assert spoken("https://example.org/it's").count("'") == 0


def test_where_it_is_quoted_its_signs_are_left_out() -> None:
    assert gist("*a _b_* `c` http://пример.рф/x") == "a b c http://пример.рф/x"
    assert gist("x" * 80) == "x" * 80
    assert gist(f"*{'x' * 81}*") == "x" * 79 + "…"
