"""Accounts, sessions, staff roles, sign-in links, and the persons whom the record credits."""

from tertulia.people.models.account import PSEUDONYM_LENGTH, Account, NewWayBack, Session
from tertulia.people.models.counting import Answered, ReleasedCell, ReleasedTable
from tertulia.people.models.person import Person
from tertulia.people.models.staff import Appointment, SignInLink, StaffRole

__all__ = [
    "PSEUDONYM_LENGTH",
    "Account",
    "Answered",
    "Appointment",
    "NewWayBack",
    "Person",
    "ReleasedCell",
    "ReleasedTable",
    "Session",
    "SignInLink",
    "StaffRole",
]
