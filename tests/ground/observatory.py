"""The points that Mozilla's HTTP Observatory gives to an answer, by its published table; 100 is where it begins.

Left out: what needs a list kept elsewhere (preloading), and what it asks of scripts, which come from the site itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http.cookies import Morsel

HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
ENOUGH_FOR_BONUS = 90


def score(headers: Mapping[str, str], cookies: Iterable[Morsel[str]] = (), *, embedded: bool = False) -> int:
    """The points of an answer over https, by its `headers` (names in any case) and the `cookies` that it sets.

    `embedded`: it is made to be shown by other sites, for which nothing is taken and nothing given.
    """
    said = {name.lower(): value for name, value in headers.items()}
    points = [
        _policy(said.get("content-security-policy", "")),
        _cookies(list(cookies)),
        _embedding(said.get("cross-origin-resource-policy", ""), embedded=embedded),
        _https(said.get("strict-transport-security", "")),
        5 if said.get("referrer-policy") in PRIVATE else 0,
        0 if said.get("x-content-type-options") == "nosniff" else -5,
        _frames(said.get("content-security-policy", ""), said.get("x-frame-options", "")),
        -50 if said.get("access-control-allow-origin") else 0,
    ]
    taken = 100 + sum(point for point in points if point < 0)
    return taken + (sum(point for point in points if point > 0) if taken >= ENOUGH_FOR_BONUS else 0)


def _policy(policy: str) -> int:
    rules = {words[0]: words[1:] for rule in policy.split(";") if (words := rule.split())}
    if "default-src" not in rules and "script-src" not in rules:
        return -25
    scripts = rules.get("script-src", rules.get("default-src", []))
    if {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(scripts):
        return -20
    if any("'unsafe-inline'" in words for words in rules.values()):
        return 0
    return 10 if rules.get("default-src") == ["'none'"] else 5


def _cookies(cookies: list[Morsel[str]]) -> int:
    if not cookies:
        return 0
    if not all(cookie["secure"] and cookie["httponly"] for cookie in cookies):
        return -40
    return 5 if all(cookie["samesite"] for cookie in cookies) else 0


def _embedding(policy: str, *, embedded: bool) -> int:
    return 10 if embedded or policy in {"same-origin", "same-site"} else 0


def _https(policy: str) -> int:
    found = re.search(r"max-age=(\d+)", policy)
    if not found:
        return -20
    return 0 if int(found[1]) >= HALF_A_YEAR else -10


def _frames(policy: str, option: str) -> int:
    if "frame-ancestors" in policy:
        return 5
    return 0 if option in {"DENY", "SAMEORIGIN"} else -20
