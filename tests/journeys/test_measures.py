"""Each measure of a page finds what it is there to find, in a page that has that fault, and nothing in one without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.keyboard import cannot_be_walked, escape_fails, skip_link_fails
from tests.journeys.measures import (
    MOST_BYTES,
    OF_COLOURS,
    axe_finds,
    blanks,
    runs_over,
    set_scheme,
    small_targets,
    too_heavy,
)

pytestmark = pytest.mark.journey

PAGE = """<!doctype html><html lang="en"><head><title>One</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
  a, button, summary, input, label {{ display: inline-block; min-height: 44px; min-width: 44px; color: #000; }}
  .skip:not(:focus) {{ position: absolute; inset-inline-start: -99em; }}
  :focus-visible {{ outline: 3px solid #00f; }}
  {style}
</style></head><body>{body}</body></html>"""
BODY = """<a class="skip" href="#main">Skip</a><nav aria-label="Parts"><a href="/a">A</a></nav>
<main id="main" tabindex="-1"><h1>One</h1><p>Text</p><button type="button">Do</button>
<label>A <input type="radio" name="x"></label><label>B <input type="radio" name="x" checked></label></main>"""
MENU = "<details class='menu'><summary>Menu</summary><a href='/b'>B</a></details>"
CLOSES = """<script>
  onkeydown = (pressed) => { if (pressed.key === "Escape") document.querySelector("details").removeAttribute("open"); };
</script>"""
# Whoever comes from a link is not let go on.
TRAP = """<script>
  onkeydown = (pressed) => { if (document.activeElement.getAttribute("href") === "/a") pressed.preventDefault(); };
</script>"""
DIALOGUE = "<button popovertarget='d'>Open</button><div id='d' popover='{}'><button>Close</button></div>"

Measure = Callable[[Page], list[str]]


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of a phone's width."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def shown(tab: Page, body: str = BODY, style: str = "") -> Page:
    tab.goto("about:blank")
    tab.set_content(PAGE.format(body=body, style=style))
    return tab


@pytest.mark.parametrize(
    "measure", [axe_finds, cannot_be_walked, skip_link_fails, escape_fails, small_targets, runs_over, blanks]
)
def test_a_good_page_has_no_fault(measure: Measure, tab: Page) -> None:
    assert measure(shown(tab, BODY + MENU + CLOSES + DIALOGUE.format("auto"))) == []


@pytest.mark.parametrize(
    ("measure", "body", "style", "words"),
    [
        (axe_finds, BODY.replace("<p>", "<h4>No</h4><p>"), "", "heading-order"),
        (axe_finds, BODY, "p { color: #aaa }", "color-contrast"),
        (cannot_be_walked, BODY, ":focus-visible { outline: none }", "not seen to be reached: <button"),
        (cannot_be_walked, BODY + "<div class='lid'></div>", ".lid { position: fixed; inset: 0 }", "behind something"),
        (cannot_be_walked, BODY + TRAP, "", "never reached: <button"),
        (skip_link_fails, BODY.replace("#main", "#elsewhere"), "", "the skip link leads to"),
        (skip_link_fails, BODY.replace('class="skip"', ""), "", "no way past it"),
        (escape_fails, BODY + MENU, "", "menu 'Menu'"),
        (escape_fails, BODY + DIALOGUE.format("manual"), "", "dialogue of 'Open'"),
        (small_targets, BODY, "button { min-height: 0; height: 30px }", "× 30 pixels"),
        (small_targets, BODY, "button { min-width: 0; width: 20px; padding: 0 }", "20 ×"),
        (blanks, BODY + "<script>document.title = ' '</script>", "", "its title is blank"),
        (blanks, BODY + "<meta name='description' content=' '>", "", "its description is blank"),
        (runs_over, BODY, "h1 { inline-size: 400px }", "pixels wider"),
    ],
)  # fmt: skip
def test_a_fault_is_found(measure: Measure, body: str, style: str, words: str, tab: Page) -> None:
    found = measure(shown(tab, body, style))
    assert any(words in fault for fault in found), found


def test_what_answers_around_a_low_link_is_part_of_it(tab: Page) -> None:
    low = "h1 a { min-height: 0; height: 20px; position: relative }"
    wide = "h1 a::after { content: ''; position: absolute; inset: -14px 0 }"
    body = BODY.replace("One</h1>", "<a href='/one'>One, and only</a></h1>")
    assert len(small_targets(shown(tab, body, low))) == 1
    assert small_targets(shown(tab, body, low + wide)) == []


def test_a_fault_of_one_scheme_is_found_by_the_rules_of_colours(tab: Page) -> None:
    styles = {
        "dark": "@media (prefers-color-scheme: dark) { p { color: #aaa } }",
        "contrast": "[data-scheme=contrast] p { color: #aaa }",
    }
    for scheme, style in styles.items():
        shown(tab, style=style)
        assert axe_finds(tab) == []
        set_scheme(tab, scheme)
        assert [fault.split(":")[0] for fault in axe_finds(tab, OF_COLOURS)] == ["color-contrast"]
        set_scheme(tab, "light")
        assert axe_finds(tab, OF_COLOURS) == []


def test_what_is_over_its_budget_is_named() -> None:
    assert too_heavy(dict(MOST_BYTES)) == []
    assert too_heavy(MOST_BYTES | {"styles": 12_001}) == ["styles: 12001 bytes, the most is 12000"]
