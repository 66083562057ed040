"""Translation catalogues are compiled when they changed, and only then."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from tertulia.project.catalogues import compile_catalogues

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Come in"
msgstr "Pasa"

#, fuzzy
msgid "Leave"
msgstr "Algo"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_a_new_catalogue_is_compiled_without_its_guesses(source: Path, tmp_path: Path) -> None:
    compiled = source.with_suffix(".mo")
    assert compile_catalogues(tmp_path) == [compiled]
    with compiled.open("rb") as binary:
        translations = gettext.GNUTranslations(binary)
    assert [translations.gettext(word) for word in ("Come in", "Leave")] == ["Pasa", "Leave"]


def test_an_unchanged_catalogue_is_left_alone_and_a_changed_one_is_not(source: Path, tmp_path: Path) -> None:
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == []
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]


def test_a_broken_catalogue_leaves_what_was_compiled(source: Path, tmp_path: Path) -> None:
    compile_catalogues(tmp_path)
    before = source.with_suffix(".mo").read_bytes()
    source.write_text(CATALOGUE + 'msgid "half', encoding="utf-8")
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    with pytest.raises(PoFileError):
        compile_catalogues(tmp_path)
    assert source.with_suffix(".mo").read_bytes() == before


def test_no_catalogues_are_no_trouble(tmp_path: Path) -> None:
    assert compile_catalogues(tmp_path) == []
