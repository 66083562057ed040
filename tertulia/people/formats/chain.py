"""The seals of the audit log: each entry is sealed with the seal before it, under a key outside the database."""

from __future__ import annotations

import hmac
import json
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Written:
    """What an entry says; `day` as 2026-11-22."""

    number: int
    day: str
    what: str
    by: str
    roles: str
    kind: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Ends:
    """Where the log ends and where it begins: a number and a seal of each; those of the base went with their time."""

    number: int
    seal: bytes
    base_number: int
    base_seal: bytes


def link(key: bytes, before: bytes, entry: Written) -> bytes:
    """The seal of `entry`, which follows the one whose seal is `before` (empty for the first of all)."""
    said = json.dumps(astuple(entry), ensure_ascii=True).encode()
    return hmac.digest(key, b"entry\0" + before.hex().encode() + b"\0" + said, "sha256")


def mark(key: bytes, ends: Ends) -> bytes:
    """The seal of both ends: without the key nobody shortens the log unseen."""
    said = f"{ends.number} {ends.seal.hex()} {ends.base_number} {ends.base_seal.hex()}"
    return hmac.digest(key, b"ends\0" + said.encode(), "sha256")
