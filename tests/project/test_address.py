"""The address in links: what the operator says wins, then the line, then where the house was last served."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tertulia.project.address import address_at, note, public_address, settle

pytestmark = pytest.mark.parser
USUAL = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _nobody_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `settle` writes into the environment goes after each test."""
    monkeypatch.setenv("TERTULIA_URL", "")


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        ("127.0.0.1", 8000, USUAL),
        ("192.0.2.7", 81, "http://192.0.2.7:81"),
        ("::1", 8281, "http://[::1]:8281"),
        ("0.0.0.0", 8281, "http://127.0.0.1:8281"),  # noqa: S104 - what is said on the line
        ("::", 8281, "http://127.0.0.1:8281"),
    ],
)
def test_what_is_listened_on_is_told_so_that_it_can_be_typed(host: str, port: int, told: str) -> None:
    assert address_at(host, port) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], USUAL),
        (["--port", "8281"], "http://127.0.0.1:8281"),
        (["--host=localhost", "--port=8282"], "http://localhost:8282"),
        (["--port", "many"], ""),
    ],
)
def test_the_line_decides(words: list[str], told: str) -> None:
    settle(words)
    assert os.environ["TERTULIA_URL"] == told


def test_what_the_operator_said_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERTULIA_URL", "https://festival.example")
    note(tmp_path, "http://127.0.0.1:8281")
    settle(["--port", "8282"])
    assert public_address(tmp_path) == "https://festival.example"


def test_without_it_the_last_house_is_remembered(tmp_path: Path) -> None:
    assert public_address(tmp_path) == USUAL
    note(tmp_path, "http://127.0.0.1:8281")
    assert public_address(tmp_path) == "http://127.0.0.1:8281"
    assert [file.name for file in tmp_path.iterdir()] == ["address"]


@pytest.mark.parametrize("noted", [b"", b"nonsense", b"\xff\xfe", b"http://[::1"])
def test_a_spoilt_note_is_passed_over(tmp_path: Path, noted: bytes) -> None:
    (tmp_path / "address").write_bytes(noted)
    assert public_address(tmp_path) == USUAL
