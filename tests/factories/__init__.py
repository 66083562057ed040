"""Plain functions that make real rows for tests, one module for each app."""

from tests.factories.people import make_account, make_person
from tests.factories.programme import let_in, make_credited, make_event, make_room, make_session, make_track

__all__ = [
    "let_in",
    "make_account",
    "make_credited",
    "make_event",
    "make_person",
    "make_room",
    "make_session",
    "make_track",
]
