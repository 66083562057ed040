"""The HTML checker is asked about whole pages and its word is passed on."""

from __future__ import annotations

import os

import pytest

from tests.journeys import markup

pytestmark = [
    pytest.mark.parser,
    pytest.mark.skipif(
        not markup.is_here() and "CI" not in os.environ, reason="the HTML checker is not here: ./run test brings it"
    ),
]
PAGE = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>One</title></head><body>{}</body></html>\n'


def test_a_valid_page_has_no_fault() -> None:
    assert markup.faults_in({"good": PAGE.format("<p>نور and Wren</p>")}) == []


def test_errors_and_warnings_name_the_page_and_the_line() -> None:
    pages = {
        "good": PAGE.format("<p>text</p>"),
        "nested": PAGE.format("<p><button><a href='/'>in</a></button></p>"),
        "headless": PAGE.format("<section><p>text</p></section>"),
    }
    nested, headless = sorted(markup.faults_in(pages), reverse=True)
    assert nested.startswith(
        "nested: line 2: The element “a” with the attribute “href” must not appear as a descendant"
    )
    assert headless.startswith("headless: line 2: Section lacks heading.")
