"""Addresses in what somebody wrote: a link shows where it leads, or it is none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Signs that end a sentence rather than an address.
AFTER = ".,;:!?'*_)]}»”’…،؛؟"
# A name throughout in one of these alphabets is shown as it is written. All others are shown as machines write them,
# since a letter of one alphabet can look like that of another.
ALPHABETS = (
    "a-zà-öø-ÿ",
    "а-џ",
    "ά-ρσ-ώ",
    "\u05d0-\u05ea",
    "\u0620-\u064a\u0671-\u06d3",
    "\u0900-\u0963",
    "\u0e01-\u0e4e",
    "\u10d0-\u10f0",
    "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff",
    "\uac00-\ud7a3",
)
LABEL_LENGTH = 63
# Letters that older programs write as others, so that the address would lead to two places.
_AMBIGUOUS = re.compile("[ßς]")
_ADDRESS = re.compile(r"(https?)://([^/?#:@]+)(:[0-9]{1,5})?((?:[/?#].*)?)", re.IGNORECASE)
_SHOWN = re.compile("|".join(f"[0-9.{alphabet}-]+" for alphabet in ALPHABETS))


@dataclass(frozen=True)
class Link:
    """Where it leads, and what is shown of that."""

    address: str
    shown: str


def without_what_follows(found: str) -> str:
    """`found` without the signs of the sentence around it; a bracket that it opened itself belongs to it."""
    end = len(found)
    opened, closed = found.count("("), found.count(")")
    while found[end - 1] in AFTER and not (found[end - 1] == ")" and closed <= opened):
        end -= 1
        closed -= found[end] == ")"
    return found[:end]


def link_in(address: str) -> Link | None:
    """A link, if `address` is one of the web that misleads nobody: a name with dots, and no user, number or trick."""
    found = _ADDRESS.fullmatch(address)
    if not found or "\\" in address or any(unicodedata.category(sign)[0] in "CZ" for sign in address):
        return None
    scheme, host, rest = found[1].lower(), found[2].lower(), (found[3] or "") + found[4]
    if not _is_name(host):
        return None
    written = ".".join(_as_machines_write(label) for label in host.split("."))
    # A path that runs from right to left could change places with such a name.
    is_shown = _SHOWN.fullmatch(host) and (host.isascii() or rest.isascii())
    return Link(f"{scheme}://{written}{rest}", f"{scheme}://{host if is_shown else written}{rest}")


def _is_name(host: str) -> bool:
    labels = host.split(".")
    if len(labels) == 1 or _AMBIGUOUS.search(host) or unicodedata.normalize("NFKC", host) != host:
        return False
    # The last one begins with a letter: else it would be a number of the network.
    return all(map(_is_label, labels)) and len(labels[-1]) > 1 and unicodedata.category(labels[-1][0])[0] == "L"


def _is_label(label: str) -> bool:
    kinds = [unicodedata.category(sign)[0] for sign in label]
    return (
        0 < len(label) <= LABEL_LENGTH
        and all(kind in "LMN" or sign == "-" for kind, sign in zip(kinds, label, strict=True))
        and kinds[0] in "LN"
        and label[-1] != "-"
    )


def _as_machines_write(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
