"""Faults against the promises that what is held is told to its person, and when it goes to everybody."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

KNOWN_FAULTS = [
    Fault(
        "a model that leads to a person and tells them nothing",
        TESTS,
        "tertulia/programme/apps.py",
        'CREDITS = frozenset({"programme.Credit", "programme.FormerCredit", "programme.NameMark"})',
        "programme.Withheld: leads to a person, and no part of what we know tells of it",
        instead_of=(
            'CREDITS = frozenset({"programme.Credit", "programme.FormerCredit", '
            '"programme.NameMark", "programme.Withheld"})'
        ),
    ),
    Fault(
        "what is told about nobody",
        TESTS,
        "tertulia/live/apps.py",
        'WhatWeKnow(frozenset({"live.Room"}), queries.talk_held, 30)',
        "live.Room: is told, and leads to nobody",
        instead_of="WhatWeKnow(frozenset(), queries.talk_held, 30)",
    ),
    Fault(
        "what goes with an event and nobody is told",
        TESTS,
        "tertulia/live/apps.py",
        "models=frozenset(),",
        "live.Room: goes with an event, and the page of what goes when does not say so",
        instead_of='models=frozenset({"live.Room", "live.Restriction"}),',
    ),
    Fault(
        "what goes later than everybody is told",
        TESTS,
        "tertulia/programme/apps.py",
        "days=7,",
        "programme.Participation: is kept 30 days after the event, and told with 7",
        instead_of="days=Participation.retention.days,",
    ),
]
