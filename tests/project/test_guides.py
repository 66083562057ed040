"""What the guides say to type is understood, and means the demo wherever it asks for a house."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tests.suite import ROOT

GUIDES = [ROOT / "README.md", ROOT / "docs/tour.md", ROOT / "docs/organiser/index.md"]
NAMES = ["readme", "tour", "organiser"]
HOMES = {path.stem: path for path in ROOT.glob("tertulia/*/management/commands/*.py")}
HOUSES = {"build/demo", "build/mine"}
# Said to those who have no house yet.
WITHOUT_A_HOUSE = {"demo", "test"}


def typed(guide: Path) -> list[list[str]]:
    """The words of each command of ours in the frames of a guide, without where its output goes."""
    frames = re.findall(r"```\n(.*?)```", guide.read_text(), re.DOTALL)
    lines = [line.partition(" > ")[0] for frame in frames for line in frame.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("./run ")]


def command(words: list[str]) -> tuple[str, list[str]]:
    """The name of the command, and the words that it is given."""
    length = 2 if "_".join(words[:2]) in HOMES else 1
    return "_".join(words[:length]), words[length:]


@pytest.mark.parametrize("guide", GUIDES, ids=NAMES)
def test_what_a_guide_says_to_type_can_be_typed(guide: Path) -> None:
    told = [words for words in typed(guide) if words[0] not in WITHOUT_A_HOUSE]
    assert told
    for words in told:
        folder = words.index("--data")
        assert words[folder + 1] in HOUSES, words
        name, rest = command(words[:folder] + words[folder + 2 :])
        app = HOMES[name].parents[2].name
        # A line that is not understood ends the program.
        load_command_class(f"tertulia.{app}", name).create_parser("tertulia", name).parse_args(rest)


@pytest.mark.parametrize("guide", GUIDES, ids=NAMES)
def test_a_guide_names_a_file_only_once_it_is_there(guide: Path) -> None:
    made = ""
    for line in guide.read_text().splitlines():
        found = re.match(r"\./run event import (\S+)", line)
        assert not found or f"> {found[1]}" in made, line
        made += line + "\n"


@pytest.mark.parametrize("guide", GUIDES, ids=NAMES)
def test_no_two_colleagues_of_a_guide_have_the_same_pseudonym(guide: Path) -> None:
    names = re.findall(r'--pseudonym "([^"]+)"', guide.read_text())
    assert len(names) == len(set(names))
