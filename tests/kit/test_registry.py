"""What is offered is found, in order, and once under each name."""

from __future__ import annotations

import pytest

from tertulia.kit.registry import Region, Slot, regions, regions_of

pytestmark = pytest.mark.parser


def test_a_slot_keeps_the_order_of_offering() -> None:
    slot: Slot[int] = Slot("number")
    slot.offer("two", 2)
    slot.offer("one", 1)
    assert list(slot) == [2, 1]
    assert slot.names() == ["two", "one"]
    assert slot.named("one") == 1


def test_a_name_is_taken_once() -> None:
    slot: Slot[int] = Slot("number")
    slot.offer("one", 1)
    with pytest.raises(ValueError, match=r"^number 'one' is offered twice$"):
        slot.offer("one", 2)
    assert list(slot) == [1]


def test_a_name_that_nobody_offered_is_a_fault() -> None:
    with pytest.raises(LookupError, match=r"^no number is called 'three'$"):
        Slot("number").named("three")


def test_regions_are_found_by_their_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "_entries", {})
    one, other, two = (
        Region(page, template, lambda _subject, _request: None)
        for page, template in [("event", "a.html"), ("work", "b.html"), ("event", "c.html")]
    )
    for name, region in {"a": one, "b": other, "c": two}.items():
        regions.offer(name, region)
    assert regions_of("event") == [one, two]
    assert regions_of("nowhere") == []
