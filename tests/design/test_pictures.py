"""Pictures are drawn once, kept, found again under their newest name, and never drawn by two at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.http import Http404
from pytest_django import Settings

from tertulia.design import pictures
from tertulia.design.cards import Card
from tertulia.design.pictures import answer_with, forget

CARD = Card(title="Nine nights", title_language="en", language="en", seed="nights")


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.CARDS_FOLDER = tmp_path / "cards"
    return tmp_path / "cards"


def kept(folder: Path) -> list[str]:
    """The names of the pictures that are kept."""
    return sorted(str(file.relative_to(folder)) for file in folder.glob("*-*/*"))


def test_a_picture_is_drawn_once_and_kept_for_a_year(folder: Path) -> None:
    first = answer_with(CARD, "event-1", CARD.name, "/card")
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    [name] = kept(folder)
    assert name == f"event-1/en.{CARD.name}.png"
    (folder / name).write_bytes(b"the kept one")
    assert answer_with(CARD, "event-1", CARD.name, "/card").content == b"the kept one"


def test_an_older_name_leads_to_the_newest_and_draws_nothing(folder: Path) -> None:
    answer = answer_with(CARD, "event-1", "older", "/the/newest.png")
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, "/the/newest.png", "no-cache")
    assert kept(folder) == []


def test_a_changed_card_takes_the_place_of_the_older_in_its_language(folder: Path) -> None:
    changed, spanish = replace(CARD, title="Ten nights"), replace(CARD, language="es")
    for card in (CARD, spanish, changed):
        answer_with(card, "event-1", card.name, "/card")
    assert kept(folder) == [f"event-1/en.{changed.name}.png", f"event-1/es.{spanish.name}.png"]
    forget("event-1")
    assert kept(folder) == []


def test_what_was_taken_out_while_it_was_drawn_is_neither_kept_nor_shown(folder: Path) -> None:
    answer = answer_with(CARD, "event-1", CARD.name, "/card", lambda: "another")
    assert (answer.status_code, answer.content, kept(folder)) == (503, b"", [])
    with pytest.raises(Http404):
        answer_with(CARD, "event-1", CARD.name, "/card", _gone)
    assert kept(folder) == []
    assert answer_with(CARD, "event-1", CARD.name, "/card", lambda: CARD.name).status_code == 200


def _gone() -> str:
    raise Http404


def test_without_its_words_a_picture_is_kept_for_an_hour(folder: Path, settings: Settings, tmp_path: Path) -> None:
    fonts = settings.FONT_FOLDERS
    settings.FONT_FOLDERS = [tmp_path]
    answer = answer_with(CARD, "event-1", CARD.name, "/card")
    assert answer["Cache-Control"] == "public, max-age=3600"
    settings.FONT_FOLDERS = fonts
    assert answer_with(CARD, "event-1", CARD.name, "/card")["Cache-Control"] == "public, max-age=3600"
    [bare] = kept(folder)
    os.utime(folder / bare, (0, 0))
    assert answer_with(CARD, "event-1", CARD.name, "/card")["Cache-Control"].endswith("immutable")
    assert kept(folder) == [f"event-1/en.{CARD.name}.png"]


def test_while_another_is_drawn_too_long_one_is_asked_to_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.01)
    with pictures._one_at_a_time:
        answer = answer_with(CARD, "event-1", CARD.name, "/card")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert answer_with(CARD, "event-1", CARD.name, "/card").status_code == 200


def test_a_disk_that_takes_nothing_costs_the_keeping_alone(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.mkdir()
    (folder / "event-1").write_text("a file where a folder should be")
    assert answer_with(CARD, "event-1", CARD.name, "/card").status_code == 200
    assert [line.split(":")[0] for line in caplog.messages] == ["a share card could not be kept"]


def test_what_is_kept_is_for_its_owner_alone(folder: Path) -> None:
    answer_with(CARD, "event-1", CARD.name, "/card")
    assert (folder / "event-1").stat().st_mode & 0o077 == 0
