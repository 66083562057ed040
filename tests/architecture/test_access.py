"""Who may do what at which address: declared beside each app, checked by request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from tests.architecture.access import ROLES, Route
from tests.architecture.house import report
from tests.architecture.routes import Address, addresses, neighbours, routes
from tests.factories import make_account
from tests.factories.people import sign_in

# What changes nothing comes first, so that each request finds what was made for it.
METHODS = ("PUT", "PATCH", "DELETE", "GET", "POST")
RIGHT = 'Route("programme:event", address=an_event, get=everybody(200)) in tests/<app>/access.py; see STYLE.md'


def samples() -> list[Route]:
    """The rows for addresses of libraries."""
    return [sample for neighbour in neighbours() for sample in neighbour.samples]


def cases() -> Iterator[tuple[Route, str, bool]]:
    """Each row with each role, on what is its own (a visitor owns nothing) and on what is another's."""
    for route in [*routes(), *samples()]:
        for role in ROLES:
            if route.has_owner and role != "visitor":
                yield route, role, True
            yield route, role, False


def literal_rows() -> set[str]:
    """The rows that declare an address by its path."""
    return {route.name for route in routes() if route.name.startswith("/")}


def leads_to(path: str, ours: list[Address]) -> bool:
    """Whether a path leads to an address of ours."""
    return resolve(path).route in {address.path for address in ours}


def called(case: tuple[Route, str, bool]) -> str:
    route, role, own = case
    whose = ("own" if own else "another's") if route.has_owner else ""
    return " ".join(filter(None, [route.name, route.about, role, whose]))


def methods_of(route: Route) -> tuple[str, ...]:
    """All methods for an address of ours; for a library's, those that its row declares."""
    given = {"GET": route.get, "POST": route.post}
    return METHODS if route not in samples() else tuple(method for method in METHODS if given.get(method))


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


@pytest.mark.django_db
@pytest.mark.parametrize("case", list(cases()), ids=called)
def test_each_role_gets_what_is_declared(case: tuple[Route, str, bool], client: Client) -> None:
    route, role, own = case
    asking = None if role == "visitor" else make_account(role)
    owner = asking if own and asking else make_account("participant")
    place = route.place(owner)
    client.raise_request_exception = False
    got, accepted = {}, {}
    for method in methods_of(route):
        if asking:
            sign_in(client, asking)
        sent = route.sends if method == "POST" else None
        got[method] = client.generic(method, place) if sent is None else client.post(place, sent)
        accepted[method] = route.accepted(method, role, own=own)
    report(
        (
            f"{method} {place} as {role}: got {answer.status_code}{cause(answer)}, declared {shown(accepted[method])}"
            for method, answer in got.items()
            if answer.status_code not in accepted[method]
        ),
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
