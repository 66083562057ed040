"""A word that is carried to the next page says nothing on its way, and not for long."""

from __future__ import annotations

import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tertulia.kit.handover import close, hand_over, opened, taken_over
from tertulia.kit.sealing import Unreadable

pytestmark = pytest.mark.parser


def carried(text: str, label: str = "mine") -> str:
    response = HttpResponse()
    hand_over(response, "w", text, path="/here/", label=label)
    return response.cookies["w"].value


def read(box: str, label: str = "mine") -> str | None:
    request = RequestFactory().get("/here/")
    request.COOKIES["w"] = box
    return taken_over(request, "w", label=label, seconds=60)


def test_what_was_handed_over_arrives() -> None:
    assert read(carried("six wörds")) == "six wörds"


def test_it_is_not_readable_on_its_way_and_never_the_same() -> None:
    boxes = {carried("abacus") for _ in range(10)}
    assert len(boxes) == 10
    assert [box for box in boxes if "abacus" in box] == []


def test_another_label_and_a_changed_box_read_nothing() -> None:
    box = carried("abacus")
    assert read(box, "yours") is None
    assert [read(box[:-4] + "AAAA"), read(""), read("x"), read("Ä")] == [None] * 4


def test_a_box_is_read_in_one_spelling_alone() -> None:
    box = close(b"four", "mine")
    assert opened(box, "mine")[0] == b"four"
    for spelling in (f"{box[:4]}*{box[4:]}", f"{box[:8]}\n{box[8:]}", f"{box}=", f"{box} "):
        with pytest.raises(Unreadable):
            opened(spelling, "mine")


def test_after_its_time_it_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    box, now = carried("abacus"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 59)
    assert read(box) == "abacus"
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert read(box) is None


def test_another_installation_reads_nothing(settings: object) -> None:
    box = close(b"token", "mine")
    assert opened(box, "mine")[0] == b"token"
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    with pytest.raises(Unreadable):
        opened(box, "mine")
