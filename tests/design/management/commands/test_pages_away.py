"""The page that a server in front shows while this one does not answer: one file, in every language."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_one_file_says_it_in_every_language_and_needs_no_other(tmp_path: Path) -> None:
    place = tmp_path / "away.html"
    call_command("pages_away", out=place)
    page = place.read_text()
    assert re.findall(r'<div lang="(\w+)" dir="(\w+)">', page) == [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")]
    assert page.count('<a class="button" href="">') == 3
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == ["/"]
    assert place.stat().st_mode & 0o777 == 0o644


def test_its_own_policy_lets_its_own_styles_in(tmp_path: Path) -> None:
    place = tmp_path / "away.html"
    call_command("pages_away", out=place)
    [digest] = re.findall(r"style-src 'sha256-([^']+)'", place.read_text())
    [styles] = re.findall(r"<style>(.*?)</style>", place.read_text(), re.DOTALL)
    assert digest == base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^\S+ cannot be written: No such file or directory$"):
        call_command("pages_away", out=tmp_path / "nowhere" / "away.html")
