"""Accounts, passkeys, sessions, staff roles, sign-in links, the persons who are credited, and what they agreed to."""

from tertulia.people.models.account import PSEUDONYM_LENGTH, Account, NewWayBack, Session
from tertulia.people.models.audit import DAYS_OF_RECORDS, AuditEntry, AuditHead
from tertulia.people.models.consent import HOUSE_WORDS, Consent, ConsentText, Purpose
from tertulia.people.models.counting import Answered, ReleasedCell, ReleasedTable
from tertulia.people.models.device import SecondDevice
from tertulia.people.models.export import Export
from tertulia.people.models.notice import Notice
from tertulia.people.models.passkey import Passkey, SpentChallenge
from tertulia.people.models.person import ClaimLink, Person
from tertulia.people.models.staff import OF_EVENTS, Appointment, FactorKind, SignInLink, StaffRole

__all__ = [
    "DAYS_OF_RECORDS",
    "HOUSE_WORDS",
    "OF_EVENTS",
    "PSEUDONYM_LENGTH",
    "Account",
    "Answered",
    "Appointment",
    "AuditEntry",
    "AuditHead",
    "ClaimLink",
    "Consent",
    "ConsentText",
    "Export",
    "FactorKind",
    "NewWayBack",
    "Notice",
    "Passkey",
    "Person",
    "Purpose",
    "ReleasedCell",
    "ReleasedTable",
    "SecondDevice",
    "Session",
    "SignInLink",
    "SpentChallenge",
    "StaffRole",
]
