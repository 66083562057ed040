"""Who may do what at which address: declared beside each app, checked by request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from tertulia.people.actions import appoint
from tertulia.people.models import StaffRole
from tertulia.programme.models import Event
from tests.architecture.access import ELSEWHERE, ROLES, Route
from tests.architecture.house import report
from tests.architecture.routes import Address, addresses, neighbours, routes
from tests.factories import make_account, make_event
from tests.factories.people import sign_in

# What changes nothing comes first, so that each request finds what was made for it.
METHODS = ("PUT", "PATCH", "DELETE", "GET", "POST")
ASKING_EVERYTHING = ("visitor", "participant", "reviewer", "administrator")
RIGHT = 'Route("programme:event", address=an_event, get=everybody(200)) in tests/<app>/access.py; see STYLE.md'


def samples() -> list[Route]:
    """The rows for addresses of libraries."""
    return [sample for neighbour in neighbours() for sample in neighbour.samples]


def cases(role: str) -> Iterator[tuple[Route, bool]]:
    """Each row for a role, on what is its own (a visitor owns nothing) and on what is another's.

    What answers everybody alike is asked by who may least and who may most.
    """
    for route in [*routes(), *samples()]:
        if route.is_alike and role not in ASKING_EVERYTHING:
            continue
        if route.has_owner and role != "visitor":
            yield route, True
        yield route, False


def literal_rows() -> set[str]:
    """The rows that declare an address by its path."""
    return {route.name for route in routes() if route.name.startswith("/")}


def leads_to(path: str, ours: list[Address]) -> bool:
    """Whether a path leads to an address of ours."""
    return resolve(path).route in {address.path for address in ours}


def methods_of(route: Route, role: str) -> tuple[str, ...]:
    """What is asked: of an address of ours every method, of a library's those that its row declares.

    What no row declares depends on no role of staff: who may least and who may everything ask for it.
    """
    given = {"GET": route.get, "POST": route.post}
    if route in samples() or role not in ASKING_EVERYTHING:
        return tuple(method for method in METHODS if given.get(method))
    return METHODS


def test_every_address_of_ours_says_who_may_use_it() -> None:
    known = {route.name for route in routes()}
    paths = {resolve(row).route for row in literal_rows()}
    report(
        (
            f"/{address.path}: no row declares {address.name or 'this address, which has no name'!r}"
            for address in addresses()
            if address.is_ours and address.name not in known and address.path not in paths
        ),
        "an address that nobody has thought about is open to everybody",
        RIGHT,
    )


def test_no_row_speaks_of_an_address_that_is_gone() -> None:
    ours = [address for address in addresses() if address.is_ours]
    existing = {address.name for address in ours} | {row for row in literal_rows() if leads_to(row, ours)}
    report(
        (f"{route.name}: there is no such address of ours" for route in routes() if route.name not in existing),
        "a row that checks nothing looks like safety",
        "take it out, or give it the new name",
    )


def test_every_address_of_ours_has_a_row_of_its_own() -> None:
    names = Counter(address.name for address in set(addresses()) if address.is_ours and address.name)
    rows = Counter(f"{route.name} {route.about}" for route in routes())
    report(
        (f"{name}: stands {count} times" for counted in (names, rows) for name, count in counted.items() if count > 1),
        "of two addresses under one name only one would be checked",
        "a name for each path(), a row for each name; a second row of one name says what it is `about`",
    )


def test_every_address_of_a_library_is_expected_there() -> None:
    report(
        (
            f"/{address.path}: {address.module} answers here"
            for address in addresses()
            if not address.is_ours and not any(one.answers(address.module, address.path) for one in neighbours())
        ),
        "a library may bring pages that nobody looked at",
        'Neighbour(("wagtail",), "staff/", why="…", samples=(Route(…),)) in tests/project/access.py',
    )


class Asking:
    """Somebody in a role; whoever has it for one event gets it when it is known which, and until then may least."""

    def __init__(self, role: str) -> None:
        # Each from a place of their own: who is wrong twenty times has to wait.
        self.address = f"127.0.{ROLES.index(role) + 1}.1"
        self.role, _space, self.where = role.partition(" ")
        self.account = None if role == "visitor" else make_account("analyst" if self.where else self.role)

    def browser(self) -> Client:
        """Their browser, for a row that has made what it speaks of."""
        client = Client(raise_request_exception=False, REMOTE_ADDR=self.address)
        if self.account:
            if self.where:
                appoint(self.account, StaffRole(self.role), event_of_the_row(self.where))
            sign_in(client, self.account)
        return client


def event_of_the_row(where: str) -> str:
    """The address of the event that the row has made, or of another; made now if there is none."""
    events = Event.objects.order_by("pk")
    return make_event().slug if where == ELSEWHERE or not events else events[0].slug


def asked(route: Route, asking: Asking, role: str, *, own: bool) -> Iterator[str]:
    """What is asked of one row, and each answer that was not declared."""
    owner = asking.account if own and asking.account else make_account("participant")
    place = route.place(owner)
    client = asking.browser()
    for method in methods_of(route, role):
        if asking.account and method == "POST":
            sign_in(client, asking.account)
        sent = route.sends if method == "POST" else None
        answer = client.generic(method, place) if sent is None else client.post(place, sent)
        accepted = route.accepted(method, role, own=own)
        if answer.status_code not in accepted:
            yield f"{method} {place} as {role}: got {answer.status_code}{cause(answer)}, declared {shown(accepted)}"


# Who may do what is decided by roles, not by the database: all roles ask on SQLite, the most different ones on both.
ON_BOTH = ("visitor", "participant", "administrator", "care here", "moderator elsewhere")
ASKING = ROLES if connection.vendor == "sqlite" else ON_BOTH


@pytest.mark.django_db
@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ASKING)
def test_each_role_gets_what_is_declared(role: str) -> None:
    asking, found = Asking(role), []
    for route, own in cases(role):
        with transaction.atomic():
            # Each row begins with what was there before it, and the next one too.
            found += asked(route, asking, role, own=own)
            transaction.set_rollback(True)
    report(
        found,
        "what a role may do is promised in tests/<app>/access.py",
        "repair the view's rule or, if the promise was wrong, the row; methods without a row answer 405",
    )


def shown(statuses: set[int]) -> str:
    """`405` or `302 or 405`."""
    return " or ".join(map(str, sorted(statuses)))


def cause(answer: Any) -> str:
    """What went wrong inside, when something did."""
    fault = getattr(answer, "exc_info", None)
    return f" ({fault[0].__name__}: {fault[1]})" if fault else ""
