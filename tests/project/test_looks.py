"""`./run looks` can be asked what there is without what takes the pictures."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.looks import __main__ as looks
from tests.looks.pages import PAGES

pytestmark = pytest.mark.parser


@pytest.fixture(autouse=True)
def as_told_before() -> Iterator[None]:
    """What this process does when it is told to stop is not changed for other tests."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_list_of_pages_needs_no_fonts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(looks, "NOTO", Path("/no/such"))
    assert looks.main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PAGES)
    assert looks.main([PAGES[0].name]) == 2
    assert capsys.readouterr().err == "looks: the fonts are missing: sudo apt-get install fonts-noto-core\n"
