"""Faults against the promise that everything held about a person is told to that person."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

KNOWN_FAULTS = [
    Fault(
        "a model that leads to a person and tells them nothing",
        TESTS,
        "tertulia/programme/apps.py",
        'CREDITS = frozenset({"programme.Credit"})',
        "programme.Withheld: leads to a person, and no part of what we know tells of it",
        instead_of='CREDITS = frozenset({"programme.Credit", "programme.Withheld"})',
    ),
    Fault(
        "what is told about nobody",
        TESTS,
        "tertulia/live/apps.py",
        'WhatWeKnow(frozenset({"live.Room"}), queries.talk_held, 30)',
        "live.Room: is told, and leads to nobody",
        instead_of="WhatWeKnow(frozenset(), queries.talk_held, 30)",
    ),
]
