"""`tertulia consent word`, as the operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tertulia.people.models import ConsentText, Purpose
from tertulia.people.queries.consent import wording
from tertulia.project.commandline import main

pytestmark = pytest.mark.django_db


def test_each_time_it_is_another_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for language, words in (("en", "You may quote me."), ("es", "Pueden citarme.")):
        (tmp_path / language).write_text(f"{words}\n", "utf-8")
        texts += ["--text", f"{language}={tmp_path / language}"]
    assert main(["consent", "word", "quoted", *texts]) == 0
    assert capsys.readouterr().out == "quoted: version 2, in en, es\n"
    assert [wording(Purpose.QUOTED, language).text for language in ("es", "ar")] == [
        "Pueden citarme.",
        "You may quote me.",
    ]
    assert main(["consent", "word", "quoted", *texts, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"purpose": "quoted", "version": 3, "languages": ["en", "es"]}


@pytest.mark.parametrize("what", ["en=nowhere", "nowhere", "en=empty", "en=bytes"])
def test_what_cannot_be_read_changes_nothing(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").write_text("  ")
    Path("bytes").write_bytes(b"\xff\xfe")
    assert main(["consent", "word", "quoted", "--text", what]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert not ConsentText.objects.exists()
