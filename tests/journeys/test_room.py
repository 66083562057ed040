"""The room in full: answers, edits, what is taken back, one stream for all tabs, what one missed, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ground.served import Served
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.festival import CONNECTED, DESKTOP, OVERFLOW, PHONE, in_room, said, take_out, write
from tests.journeys.measures import small_targets
from tests.journeys.room import act, hub, keep, name_of, quiet, streams_of, talk

pytestmark = pytest.mark.journey

CASES = json.loads((Path(__file__).parents[1] / "live" / "words.json").read_text("utf-8"))
WRITTEN = """async (texts) => {
  const { written } = await import("/static/live/words.js");
  return texts.map((text) => {
    const line = document.createElement("p");
    line.append(written(text));
    return line.innerHTML;
  });
}"""


@pytest.fixture
def wren(open_page: OpenPage, house: Served) -> Page:
    """Wren on a phone, in a room."""
    return in_room(open_page(viewport=PHONE), house, "Wren", "The courtyard")


@pytest.fixture
def kept(wren: Page, house: Served) -> Iterator[Page]:
    """Wren, in a room whose rules are as they were, afterwards."""
    yield wren
    keep(house, wren)


def another_tab(page: Page) -> Page:
    """The same room in another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator("#state")).to_have_text(CONNECTED)
    return tab


def noor_in(page: Page, open_page: OpenPage, house: Served) -> Page:
    """Somebody else in the same room."""
    noor = in_room(open_page(viewport=DESKTOP), house, "Noor", "The courtyard")
    expect(noor.locator("#state")).to_have_text(CONNECTED)
    expect(page.locator("#state")).to_have_text(CONNECTED)
    return noor


def test_the_script_writes_words_as_the_page_does(open_page: OpenPage, house: Served) -> None:
    page = open_page()
    page.goto(f"{house.url}/events/")
    written = page.evaluate(WRITTEN, [case["text"] for case in CASES])
    assert dict(zip([case["text"] for case in CASES], written, strict=True)) == {
        case["text"]: case["html"] for case in CASES
    }


def test_an_answer_says_to_what_and_leads_there(wren: Page, open_page: OpenPage, house: Served) -> None:
    noor = noor_in(wren, open_page, house)
    write(noor, "who *asks*?")
    expect(said(wren).last.locator("strong")).to_have_text("asks")
    act(wren, "who asks?", "Answer")
    expect(wren.locator("#about span")).to_have_text("In answer to: who asks?")
    expect(wren.locator("[name=text]")).to_be_focused()
    assert axe_finds(wren) == []
    write(wren, "I do")
    for page in (wren, noor):
        expect(said(page).last).to_have_text("I do")
        expect(page.locator(".msg:not(.waiting) .quote").last).to_contain_text("Noor who asks?")
    quiet(wren)
    expect(wren.locator("#about")).to_be_hidden()
    noor.reload()
    expect(noor.locator(".quote").last).to_contain_text("Noor who asks?")
    noor.locator(".quote a").last.click()
    expect(noor.locator(":target .said")).to_have_text("who asks?")


def test_what_is_edited_is_edited_for_everybody(wren: Page, open_page: OpenPage, house: Served) -> None:
    noor = noor_in(wren, open_page, house)
    write(wren, "an _early_ thought")
    quiet(wren)
    expect(said(noor).last).to_have_text("an early thought")
    act(noor, "an early thought", "Answer")
    write(noor, "so early")
    quiet(noor)
    wren.locator("[name=text]").fill("half a sen")
    act(wren, "an early thought", "Edit")
    expect(wren.locator("[name=text]")).to_have_value("an _early_ thought")
    write(wren, "a *late* thought")
    for page in (wren, noor):
        expect(said(page).nth(-2)).to_have_text("a late thought")
        expect(page.locator(".msg .edited").nth(-2)).to_be_visible()
        expect(page.locator(".quote .gist").last).to_have_text("a late thought")
    expect(wren.locator("[name=text]")).to_have_value("half a sen")
    noor.reload()
    expect(said(noor).nth(-2)).to_have_text("a late thought")


def test_what_is_deleted_is_deleted_for_everybody(wren: Page, open_page: OpenPage, house: Served) -> None:
    noor = noor_in(wren, open_page, house)
    write(wren, "too much said")
    expect(said(noor).last).to_have_text("too much said")
    act(noor, "too much said", "Answer")
    write(noor, "was it?")
    quiet(noor)
    act(wren, "too much said", "Delete", "Keep it")
    expect(said(wren).nth(-2)).to_have_text("too much said")
    wren.get_by_role("button", name="Delete", exact=True).locator("visible=true").click()
    wren.locator(".sure").get_by_role("button", name="Delete").click()
    for page in (wren, noor):
        expect(page.locator(".msg.removed").last).to_have_text("Removed by its author.")
        expect(page.locator(".quote .gist").last).to_have_text("Removed by its author.")
        expect(page.get_by_text("too much said")).to_have_count(0)
    noor.reload()
    expect(noor.locator(".msg.removed").last).to_have_text("Removed by its author.")


def test_what_a_moderator_removes_goes_from_every_view(wren: Page, house: Served) -> None:
    sequence = talk(house, wren, "an insult")[0]
    expect(said(wren).last).to_have_text("an insult")
    hub(house, {"room": name_of(wren), "remove": sequence, "by": "moderator"})
    expect(wren.locator(".msg.removed").last).to_have_text("Removed by a moderator.")
    expect(wren.get_by_text("an insult")).to_have_count(0)


def test_the_menu_of_a_message_is_worked_by_keys(wren: Page, house: Served) -> None:
    talk(house, wren, "words of another")
    opener = wren.locator(".msg", has_text="words of another").last.locator(".more")
    opener.focus()
    wren.keyboard.press("Enter")
    expect(wren.get_by_role("button", name="Answer")).to_be_focused()
    expect(wren.get_by_role("button", name="Edit")).to_have_count(0)
    assert small_targets(wren) == []
    assert axe_finds(wren) == []
    assert wren.evaluate(OVERFLOW) == 0
    wren.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(wren.locator(".menu-of-message")).to_have_count(0)


def test_all_tabs_share_one_stream_and_another_takes_over(wren: Page, house: Served) -> None:
    second = wren.context.new_page()
    opened = streams_of(second)
    second.goto(wren.url)
    expect(second.locator("#state")).to_have_text(CONNECTED)
    third = another_tab(wren)
    talk(house, wren, "to all tabs")
    for tab in (wren, second, third):
        expect(said(tab).last).to_have_text("to all tabs")
    write(third, "from the third")
    expect(said(wren).last).to_have_text("from the third")
    quiet(third)
    assert opened == []
    before = said(wren).count()
    wren.close()
    texts = [f"after it closed {number}" for number in range(3)]
    talk(house, second, *texts)
    for tab in (second, third):
        expect(said(tab).last).to_have_text(texts[-1])
        expect(said(tab)).to_have_count(before + 3)
        assert said(tab).all_inner_texts()[-3:] == texts
    assert len(opened) == 1


def test_a_tab_that_missed_more_than_the_leading_one_keeps_fetches_it(wren: Page, house: Served) -> None:
    second = another_tab(wren)
    # What another tab says does not reach it, as when a phone lets it sleep.
    wren.evaluate("() => { BroadcastChannel.prototype.postMessage = () => {}; }")
    talk(house, wren, "unheard one", "unheard two")
    expect(said(wren).last).to_have_text("unheard two")
    second.evaluate("dispatchEvent(new Event('online'))")
    # Nobody answers: this tab takes over, and goes on from where it was.
    expect(said(second).last).to_have_text("unheard two")
    assert said(second).all_inner_texts() == said(wren).all_inner_texts()


def test_without_locks_each_tab_has_its_own_stream(open_page: OpenPage, house: Served) -> None:
    page = open_page()
    page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    in_room(page, house, "Wren", "The courtyard")
    second = page.context.new_page()
    opened = streams_of(second)
    second.goto(page.url)
    expect(second.locator("#state")).to_have_text(CONNECTED)
    talk(house, page, "heard in both")
    for tab in (page, second):
        expect(said(tab).last).to_have_text("heard in both")
    assert len(opened) == 1


def test_slow_mode_counts_down_beside_the_box_and_keeps_the_text(kept: Page, house: Served, faults: list[str]) -> None:
    keep(house, kept, slow=3)
    expect(kept.locator("#rules")).to_have_text("Slow mode: everybody writes once in 3 seconds.")
    write(kept, "the first")
    expect(said(kept).last).to_have_text("the first")
    quiet(kept)
    write(kept, "the second")
    expect(kept.locator("#wait")).to_have_text(re.compile(r"You can write again in [1-3] seconds?\."))
    expect(kept.locator("[name=text]")).to_have_value("the second")
    assert axe_finds(kept) == []
    expect(kept.locator("#wait")).to_be_hidden()
    kept.locator("[name=text]").press("Enter")
    expect(said(kept).last).to_have_text("the second")
    assert take_out(faults, "status of 429") == 1


def test_when_slow_mode_ends_nobody_waits_any_more(kept: Page, house: Served, faults: list[str]) -> None:
    keep(house, kept, slow=600)
    write(kept, "the first")
    quiet(kept)
    write(kept, "the second")
    expect(kept.locator("#wait")).to_be_visible()
    keep(house, kept)
    expect(kept.locator("#wait")).to_be_hidden()
    kept.locator("[name=text]").press("Enter")
    expect(said(kept).last).to_have_text("the second")
    assert take_out(faults, "status of 429") == 1


def test_what_a_moderator_reads_first_says_so(kept: Page, house: Served) -> None:
    keep(house, kept, hold=True)
    expect(kept.locator("#rules")).to_have_text("A moderator reads each message before the others do.")
    write(kept, "may I?")
    expect(kept.locator("#state")).to_have_text("A moderator reads it first. It stands here once it is published.")
    quiet(kept)
    expect(kept.get_by_text("may I?")).to_have_count(0)
    assert hub(house, {"room": name_of(kept), "decide": 1, "approve": True})["sequence"] > 0
    expect(said(kept).last).to_have_text("may I?")


def test_while_a_moderator_reads_first_nothing_is_edited(kept: Page, house: Served, faults: list[str]) -> None:
    write(kept, "as it was approved")
    quiet(kept)
    act(kept, "as it was approved", "Edit")
    keep(house, kept, hold=True)
    expect(kept.locator("#rules")).not_to_be_empty()
    write(kept, "as nobody has read it")
    words = "While a moderator reads first, nothing is edited. Delete it, and write it anew."
    expect(kept.locator("#state")).to_have_text(words)
    expect(kept.locator("[name=text]")).to_have_value("as nobody has read it")
    expect(said(kept).last).to_have_text("as it was approved")
    act(kept, "as it was approved")
    expect(kept.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    expect(kept.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    assert take_out(faults, "status of 403") == 1


@pytest.mark.parametrize("why", ["muted", "closed"])
def test_who_may_not_write_now_keeps_the_text(why: str, kept: Page, house: Served, faults: list[str]) -> None:
    author = kept.locator("#talk").get_attribute("data-author")
    keep(house, kept, **({"muted": {author: 4e9}} if why == "muted" else {"open": False}))
    write(kept, "but")
    words = "You cannot write here just now. What you wrote is still here."
    expect(kept.locator("#state")).to_have_text(words)
    expect(kept.locator("[name=text]")).to_have_value("but")
    quiet(kept)
    assert take_out(faults, "status of 403") == 1


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_right_to_left_all_of_it_stands(viewport: dict[str, int], open_page: OpenPage, house: Served) -> None:
    page = in_room(open_page(viewport=viewport), house, "نور", "The courtyard", language="/ar")
    expect(page.locator("#here")).not_to_be_empty()
    talk(house, page, "سؤال https://example.org/ar", name="سماء")
    page.locator(".msg", has_text="سؤال").last.locator(".more").click()
    page.locator(".menu-of-message button").first.click()
    write(page, "جواب")
    expect(said(page).last).to_have_text("جواب")
    quiet(page)
    page.locator(".tools summary").click()
    assert axe_finds(page) == []
    assert small_targets(page) == []
    assert page.evaluate(OVERFLOW) == 0
