"""The pepper: a versioned secret in a file of its own, without which what is stored of a phrase says nothing.

Each line of the file is `version hex`. The newest version is used for what is stored from now on, once somebody has
written its line; the older ones go on being accepted until their line is taken out.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


class Pepper:
    """The versions in one file, which is made, readable by its owner alone, when it is first used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def digests(self, text: str) -> dict[int, bytes]:
        """HMAC-SHA-256 of `text` under every version, newest first: {version: 32 bytes}."""
        return {version: digest(secret, text) for version, secret in self.versions().items()}

    def newest(self, text: str) -> tuple[int, bytes]:
        """The newest version and the HMAC-SHA-256 of `text` under it."""
        version, secret = next(iter(self.versions().items()))
        return version, digest(secret, text)

    def versions(self) -> dict[int, bytes]:
        """All versions, newest first; ValueError if a line of the file is damaged."""
        try:
            text = self.path.read_text("ascii")
        except FileNotFoundError:
            self._make()
            text = self.path.read_text("ascii")
        found = dict(_read(line) for line in text.splitlines() if line.strip())
        if not found:
            raise ValueError(f"{self.path.name} holds no pepper")
        return dict(sorted(found.items(), reverse=True))

    def _make(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._draft()
        try:
            # A link fails where a rename would overwrite: of two makers at once the first one wins.
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
            _reach_the_disk(self.path.parent)

    def _draft(self) -> Path:
        draft = self.path.parent / f".{self.path.name}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        with draft.open("w", encoding="ascii") as file:
            file.write(f"1 {secrets.token_hex(SECRET_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        return draft


def digest(secret: bytes, text: str) -> bytes:
    """HMAC-SHA-256 of `text` under `secret`, 32 bytes."""
    return hmac.digest(secret, text.encode(), "sha256")


def _read(line: str) -> tuple[int, bytes]:
    version, _, secret = line.partition(" ")
    read = bytes.fromhex(secret)
    if len(read) != SECRET_BYTES:
        raise ValueError("a line of the pepper file is damaged")
    return int(version), read


def _reach_the_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
