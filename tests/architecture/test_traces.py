"""What must not stay behind in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.house import ROOT, files, report, shown

# Put together from pieces, so that this file does not find itself.
NOTES = ("TO" + "DO", "FIX" + "ME", "HA" + "CK")
NAMES = ("py" + "pi", "python" + "hosted", "np" + "mjs", "yarn" + "pkg")
LEFT_FOR_LATER = re.compile(rf"\b(?:{'|'.join(NOTES)})\b")
REGISTRIES = re.compile(
    rf"(?:[\w-]+\.)*(?:{'|'.join(NAMES)})\.(?:org|com|io)\b"
    r"|--(?:(?:extra-)?index-url|find-links)[= ]+[\"']?https?:|\"resolved\":\s*\"http"
)
ONE_MACHINE = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(("Us" + "ers", "ho" + "me", "wo" + "rk")) + r")/\w")


def lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    """Each place in a file of text at which the pattern stands."""
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = pattern.search(line)
            if found:
                yield f"{shown(path)}:{number}: {found.group()!r}"


def test_nothing_is_left_for_later() -> None:
    report(
        lines_with(LEFT_FOR_LATER),
        "a note to oneself is found by somebody else, years later",
        "do it, or write it down where work is planned",
    )


def test_no_address_of_a_registry_is_written_down() -> None:
    report(
        lines_with(REGISTRIES),
        "whoever installs Tertulia chooses where packages come from; a lock holds hashes, not addresses",
        "locks by `uv pip compile --universal --generate-hashes`, package-lock.json without `resolved`",
    )


def test_no_path_of_one_machine_is_written_down() -> None:
    report(
        lines_with(ONE_MACHINE),
        "the repository works wherever it is put",
        "a path relative to the repository, or the data folder that the settings name",
    )


def test_there_is_no_lock_that_carries_an_index() -> None:
    report(
        (f"{shown(path)}: carries the address of an index" for path in files() if path.name == "uv.lock"),
        "a uv.lock names the registry that it was made from",
        "requirements/*.txt, made by `uv pip compile --universal --generate-hashes`",
    )
    assert (ROOT / "requirements").is_dir()
