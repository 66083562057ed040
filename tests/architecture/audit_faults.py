"""Faults against the promise that staff's doings are kept, and that nothing but an export tells of many people."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

AUDIT_FAULTS = [
    Fault(
        "a fact that nobody thought about",
        TESTS,
        "tertulia/live/facts.py",
        '@dataclass(frozen=True)\nclass Planted:\n    """Somebody did something."""',
        "live.Planted: is neither kept in the audit log nor excused",
    ),
    Fault(
        "a page that gathers people",
        TESTS,
        "tertulia/people/views/colleagues.py",
        'told = {"who": type("All", (), {"pseudonym": str(colleagues_listed()), "public_id": who.public_id}), ',
        "people_colleague: tells what is not public of more than one person",
        instead_of='told = {"who": who, ',
    ),
    Fault(
        "a role that reaches beyond its event",
        TESTS,
        "tertulia/programme/rules.py",
        "return bool(reach_of(visitor, *_MAY_EXPORT)) and is_scope(event_slug)",
        "as care elsewhere: got 302, declared 403",
        instead_of="return credits_exported_by(visitor)(event_slug) and is_scope(event_slug)",
    ),
]
