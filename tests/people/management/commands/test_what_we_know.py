"""`tertulia what-we-know`: words on standard input, everything held on standard output."""

from __future__ import annotations

import io
import json

import pytest

from tertulia.live.actions import open_rooms
from tertulia.live.queries import author_of
from tertulia.programme.models import Event, Participation
from tertulia.project.commandline import main
from tests.factories import make_event, make_room
from tests.factories.people import make_participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    event = make_event(title="Small nights")
    make_room(event)
    open_rooms(event)
    return event


def ask(words: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    return main(["what-we-know", *options])


def test_it_prints_at_most_four_things_that_tell_a_participant_from_others(
    event: Event, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account, phrase = make_participant(event, "Wren")
    other, others_phrase = make_participant(event, "Plover")
    mark = author_of(Participation.objects.get(account=account))
    assert ask(phrase.upper() + "\n", monkeypatch, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["identity_fields"] == ["account", "way_back", "chosen_name", "author"]
    rows = {row["name"]: row for section in told["sections"] for row in section["held"]}
    assert {name for name, row in rows.items() if row["tells_who"]} == set(told["identity_fields"])
    assert (rows["account"]["value"], rows["chosen_name"]["value"], rows["author"]["value"]) == (
        account.public_id,
        "Wren",
        mark,
    )
    everything = json.dumps(told)
    assert not [word for word in (other.public_id, "Plover", phrase, others_phrase) if word in everything]


@pytest.mark.parametrize("words", ["", "\n", "  \n"])
def test_no_words_are_one_line_that_says_so(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(words, monkeypatch) == 2
    said = "tertulia: no words came: type them, or let them come on standard input\n"
    assert capsys.readouterr() == ("", said)


def test_in_words(event: Event, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _account, phrase = make_participant(event, "Wren")
    assert ask(phrase, monkeypatch) == 0
    said = capsys.readouterr().out
    assert "  The name you chose at “Small nights”, and that you are in there: Wren\n" in said
    assert "  Your words in the rooms of “Small nights”: What you wrote stands in its room, sealed;" in said
    assert said.splitlines()[-1].startswith("What tells this person from others: ")


@pytest.mark.parametrize("words", ["one two three four five six\n", "x" * 100_000])
def test_wrong_words_are_one_line_and_exit_code_2(
    words: str, event: Event, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_participant(event, "Wren")
    assert ask(words, monkeypatch) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "tertulia: these words open nothing\n")
