"""The words in which an app declares who may do what at its addresses, in its `tests/<app>/access.py`.

    ROUTES = [
        Route("programme:events", get=everybody(200)),
        Route("programme:join", address=an_event, get=everybody(200), post=everybody(200), sends={"name": ""}),
        Route("programme:credit", address=a_credit_of, get=staff(200), get_other=staff(200, participant=404)),
    ]

`address(owner)` makes what the address names, and gives its arguments. With `get_other` or `post_other` the object
belongs to somebody: then `get` and `post` hold for its owner, the others for everybody else. Every role of staff asks
as well, those of events for all events, for the one that `address` made, and for another. A method that a row
does not declare must be answered with 405, or with the refusal that the same role gets for the others. An address
that has no name, because it stands before a library's, is declared by its path: Route("/staff/login/", …).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tertulia.people.models import OF_EVENTS, Account, StaffRole

Arguments = Mapping[str, Any] | tuple[Any, ...]

REFUSED = 300
HERE, ELSEWHERE = "here", "elsewhere"
# Who asks: everybody, each role for all events, and each that can be limited to the event of the row or to another.
ROLES = (
    "visitor",
    "participant",
    *StaffRole.values,
    *(f"{role} {where}" for role in sorted(OF_EVENTS) for where in (HERE, ELSEWHERE)),
)


@dataclass(frozen=True)
class Answers:
    """The status that each role gets.

    `staff` is for every role that is not named (as organisers, if it is left out); `roles` names further ones, such
    as {"care": 200, "care elsewhere": 404}. A role at the event of the row is answered as the same role for all
    events, one at another event as `staff`, unless it is named.
    """

    visitor: int
    participant: int
    organiser: int
    administrator: int
    staff: int | None = None
    roles: Mapping[str, int] = field(default_factory=dict)

    def to(self, role: str) -> int:
        """The status that one role gets, such as `visitor`, `care`, `care here`."""
        named = {name: getattr(self, name) for name in ("visitor", "participant", "organiser", "administrator")}
        named |= self.roles
        least = self.organiser if self.staff is None else self.staff
        plain, _space, where = role.partition(" ")
        if role in named or where == ELSEWHERE:
            return named.get(role, least)
        return named.get(plain, least)


def everybody(status: int) -> Answers:
    """All roles get the same status."""
    return Answers(status, status, status, status)


def staff(status: int, visitor: int = 302, participant: int = 403) -> Answers:
    """All roles of staff get in; a visitor is led to sign in, a participant is refused."""
    return Answers(visitor, participant, status, status)


def administrators(
    status: int, visitor: int = 302, others: int = 403, participant: int | None = None, **roles: int
) -> Answers:
    """Administrators alone get in, and the `roles` that are named; a `participant` is refused like all others."""
    return Answers(visitor, others if participant is None else participant, others, status, roles=roles)


def _nothing(_owner: Account) -> Arguments:
    return {}


@dataclass(frozen=True)
class Route:
    """What each role gets at the address called `name`, on an object of its own and on another's."""

    name: str
    get: Answers | None = None
    post: Answers | None = None
    get_other: Answers | None = None
    post_other: Answers | None = None
    address: Callable[[Account], Arguments] = _nothing
    query: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)
    about: str = ""  # tells two rows of one address apart: "a public room"

    def place(self, owner: Account) -> str:
        """The path of the address, for something that `owner` owns."""
        if self.name.startswith("/"):
            return self.name + self.query
        given = self.address(owner)
        named = reverse(self.name, args=given) if isinstance(given, tuple) else reverse(self.name, kwargs=dict(given))
        return named + self.query

    @property
    def is_alike(self) -> bool:
        """Whether every role gets the same."""
        given = (self.get, self.post, self.get_other, self.post_other)
        return all(len({answers.to(role) for role in ROLES}) == 1 for answers in given if answers)

    @property
    def has_owner(self) -> bool:
        """Whether the address names something that somebody owns."""
        return self.get_other is not None or self.post_other is not None

    def accepted(self, method: str, role: str, *, own: bool) -> set[int]:
        """The statuses that a role may get: what is declared; else 405 or a refusal declared for another method."""
        is_other = self.has_owner and not own
        get, post = (self.get_other, self.post_other) if is_other else (self.get, self.post)
        declared = {"GET": get, "POST": post}.get(method)
        if declared:
            return {declared.to(role)}
        return {405} | {answers.to(role) for answers in (get, post) if answers and answers.to(role) >= REFUSED}


@dataclass(frozen=True)
class Neighbour:
    """Addresses of libraries: the packages of their views, beneath which path, why, and samples of who gets what.

    Of a sample, only the declared methods are checked: the others are the library's own business. The samples of a
    prefix declare GET and POST. To who is `shut_out`, a visitor or a participant, nothing beneath it answers, except
    what is `open_to_all`: the name of an address, and why.
    """

    packages: tuple[str, ...]
    beneath: str
    why: str
    samples: tuple[Route, ...]
    shut_out: tuple[str, ...] = ()
    open_to_all: Mapping[str, str] = field(default_factory=dict)

    def answers(self, module: str, path: str) -> bool:
        """Whether a view of `module` at `path` is expected here."""
        return path.startswith(self.beneath) and any(f"{module}.".startswith(f"{one}.") for one in self.packages)
