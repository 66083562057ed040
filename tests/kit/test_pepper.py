"""The pepper's file is made once, is its owner's alone, and keeps older versions."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tertulia.kit.pepper import Pepper

pytestmark = pytest.mark.parser


def test_the_file_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    pepper = Pepper(tmp_path / "keys" / "pepper")
    version, stored = pepper.newest("words")
    assert version == 1
    assert pepper.path.stat().st_mode & 0o777 == 0o600
    secret = bytes.fromhex(pepper.path.read_text().split()[1])
    assert len(secret) == 32
    assert stored == hmac.new(secret, b"words", hashlib.sha256).digest()
    assert [file.name for file in pepper.path.parent.iterdir()] == ["pepper"]


def test_makers_at_once_get_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: Pepper(tmp_path / "pepper").newest("words"), range(16)))
    assert len(answers) == 1


def test_a_new_version_is_used_and_the_older_one_still_known(tmp_path: Path) -> None:
    pepper = Pepper(tmp_path / "pepper")
    old = pepper.newest("words")
    with pepper.path.open("a") as file:
        file.write(f"2 {secrets.token_hex(32)}\n")
    new = pepper.newest("words")
    assert new[0] == 2
    assert new[1] != old[1]
    assert list(pepper.digests("words").items()) == [new, old]


@pytest.mark.parametrize("text", ["", "1 abcd\n", "1 zz\n"])
def test_a_damaged_file_is_not_taken_for_a_pepper(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pepper"
    path.write_text(text)
    with pytest.raises(ValueError, match=r".+"):
        Pepper(path).newest("words")
