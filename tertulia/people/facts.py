"""What happened to accounts; facts carry keys, never names or phrases.

`by_id` is the account of staff that did it; None: the machine itself, or its operator.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WayBackOpened:
    """Somebody new has an account and a way back in."""

    account_id: int


@dataclass(frozen=True)
class NewWayBackMade:
    """A new way back in was shown to an account; the old one still holds."""

    account_id: int


@dataclass(frozen=True)
class WayBackRenewed:
    """An account has kept its new way back in; the old one and all other sessions ended."""

    account_id: int


@dataclass(frozen=True)
class PasskeyAdded:
    """A passkey lets somebody into an account from now on."""

    account_id: int


@dataclass(frozen=True)
class DeviceCodeMade:
    """A code was shown with which an account can come in on a second device."""

    account_id: int


@dataclass(frozen=True)
class PasskeyRemoved:
    """A passkey of an account was removed; all sessions but the one that did it ended."""

    account_id: int


@dataclass(frozen=True)
class DeviceJoined:
    """An account came in on a second device."""

    account_id: int


@dataclass(frozen=True)
class AccountDeleted:
    """An account is gone, with everything that hung on it."""

    account_id: int


@dataclass(frozen=True)
class CountsReleased:
    """The rounded figures of an event were released; `scope` is its address."""

    scope: str


@dataclass(frozen=True)
class Invited:
    """A member of staff has an account."""

    account_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class Appointed:
    """An account holds a role, in a scope (an event's address, or empty for all)."""

    account_id: int
    role: str
    scope: str
    by_id: int | None = None


@dataclass(frozen=True)
class Unappointed:
    """An account no longer holds a role in a scope (an event's address, or empty for all)."""

    account_id: int
    role: str
    scope: str
    by_id: int | None = None


@dataclass(frozen=True)
class Dismissed:
    """An account is no longer one of the staff, and closed."""

    account_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class SignInLinkIssued:
    """A link was made that signs a member of staff in once."""

    account_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class SignedInByLink:
    """A member of staff used their link."""

    account_id: int


@dataclass(frozen=True)
class SignedInByFactor:
    """A member of staff came in with a passkey, or with a password and a code: `kind` is a `FactorKind`."""

    account_id: int
    kind: str


@dataclass(frozen=True)
class FactorAdded:
    """A member of staff can come in by another factor; `kind` is a `FactorKind`."""

    account_id: int
    kind: str


@dataclass(frozen=True)
class FactorRemoved:
    """A member of staff took a factor away; `kind` is a `FactorKind`."""

    account_id: int
    kind: str


@dataclass(frozen=True)
class RecoveryCodesMade:
    """A member of staff has new recovery codes; the old ones open nothing."""

    account_id: int


@dataclass(frozen=True)
class FactorsReset:
    """All factors of a member of staff went at once: they set up new ones by a link."""

    account_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class ConsentGiven:
    """A person agreed to a purpose."""

    person_id: int
    purpose: str


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A consent ended: `by_id` is the account that took it back, None if its time was over."""

    person_id: int
    purpose: str
    by_id: int | None


@dataclass(frozen=True)
class ConsentWorded:
    """There is another version of what people agree to."""

    purpose: str
    version: int
    by_id: int | None = None


@dataclass(frozen=True)
class ClaimLinkIssued:
    """A link was made by which somebody may say that a credit is theirs; `by_id` is the account of staff."""

    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class PersonClaimed:
    """A credit and an account belong together from now on."""

    person_id: int


@dataclass(frozen=True)
class Notified:
    """A notice lies in the inbox of a person."""

    notice_id: int


@dataclass(frozen=True)
class NoticeRead:
    """A notice was read."""

    notice_id: int


@dataclass(frozen=True)
class NoticeDeleted:
    """A notice was deleted by whom it was for."""

    notice_id: int


@dataclass(frozen=True)
class ExportAsked:
    """A colleague asked for an export of people's data: `kind` of what, from where (`scope`)."""

    public_id: str
    kind: str
    scope: str
    by_id: int | None


@dataclass(frozen=True)
class ExportApproved:
    """Another colleague agreed to an export."""

    public_id: str
    kind: str
    scope: str
    by_id: int | None


@dataclass(frozen=True)
class ExportDeclined:
    """An export was refused, or is not wanted any more."""

    public_id: str
    kind: str
    scope: str
    by_id: int | None


@dataclass(frozen=True)
class ExportTaken:
    """An export was downloaded, and cannot be once more."""

    public_id: str
    kind: str
    scope: str
    by_id: int | None
