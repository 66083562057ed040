"""The prefixes beneath which libraries answer: each sampled by every role and method, and shut to whom it has to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.regex_helper import normalize

from tests.architecture.access import Neighbour
from tests.architecture.house import report
from tests.architecture.routes import Address, addresses, module_of, neighbours
from tests.factories import make_account
from tests.factories.people import sign_in

DOORS = ("/staff/login/", "/staff-door/")
# What stands for an argument of whatever kind.
STAND_INS = ("1", "a", "en", "a/", "00000000-0000-0000-0000-000000000001")


def of_neighbour(neighbour: Neighbour) -> list[Address]:
    """The addresses of libraries beneath the prefix."""
    return [one for one in addresses() if not one.is_ours and neighbour.answers(one.module, one.path)]


def unsampled() -> Iterator[str]:
    """Each prefix of which a method is not sampled, and each sample of an address that is not beneath it."""
    for neighbour in neighbours():
        for method in ("get", "post"):
            if not any(getattr(sample, method) for sample in neighbour.samples):
                yield f"{neighbour.beneath}: no sample says who gets what by {method.upper()}"
        known = {address.name for address in of_neighbour(neighbour)}
        for sample in neighbour.samples:
            if sample.name not in known:
                yield f"{neighbour.beneath}: {sample.name} is no address of a library beneath it"


def paths_of(address: Address) -> Iterator[str]:
    """Paths that lead to an address, with something made up for each of its arguments; "" if one of ours hides it."""
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", r"(?P<\1>[^/]+)", address.path) if "(?P" not in address.path else address.path
    for form, arguments in normalize(pattern.removeprefix("^")):
        for stand_in in STAND_INS:
            path = "/" + form % dict.fromkeys(arguments, stand_in)
            found = resolved(path)
            if found == (address.path, address.module):
                yield path
                break
            if found[1].startswith("tertulia."):
                yield ""
                break


def resolved(path: str) -> tuple[str, str]:
    """The pattern to which a path leads, and the module of its view; nothing for a path that leads nowhere."""
    try:
        match = resolve(path)
    except Resolver404:
        return "", ""
    return match.route, module_of(match.func)


def test_each_prefix_of_a_library_is_sampled_by_every_method() -> None:
    report(
        unsampled(),
        "what a library does beneath a prefix is known by its samples alone",
        "a Route with get= and one with post= among the samples of the Neighbour in tests/<app>/access.py",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "participant"])
def test_who_is_shut_out_gets_nothing_at_any_address_of_a_library(role: str) -> None:
    client = Client(raise_request_exception=False)
    if role != "visitor":
        sign_in(client, make_account(role))
    report(
        (
            fault
            for neighbour in neighbours()
            if role in neighbour.shut_out
            for fault in let_in(neighbour, client, role)
        ),
        "beneath this prefix nothing is for them, whichever page a library adds there",
        "shut it in urls.py, or say in the Neighbour's `open_to_all` why everybody may have it",
    )


def let_in(neighbour: Neighbour, client: Client, role: str) -> Iterator[str]:
    """Each address that answers somebody who is shut out, and each that cannot be asked."""
    for address in of_neighbour(neighbour):
        paths = list(paths_of(address))
        if not paths:
            yield f"/{address.path}: nothing can be made up that leads here"
        if address.name not in neighbour.open_to_all:
            for path in filter(None, paths):
                yield from answered(client, path, role)


def answered(client: Client, path: str, role: str) -> Iterator[str]:
    for method in ("GET", "POST"):
        answer = client.generic(method, path)
        is_led_to_door = answer.status_code == 302 and urlsplit(answer["Location"]).path.startswith(DOORS)
        if not is_led_to_door and answer.status_code not in (403, 404, 405):
            yield f"{method} {path} as {role}: answered {answer.status_code} to somebody who is shut out"


def test_what_is_open_to_all_is_there_and_has_a_reason() -> None:
    for neighbour in neighbours():
        assert set(neighbour.open_to_all) <= {address.name for address in of_neighbour(neighbour)}
        assert [name for name, why in neighbour.open_to_all.items() if len(why.split()) < 3] == []
        assert not neighbour.shut_out or {"visitor", "participant"} >= set(neighbour.shut_out)


def test_nearly_every_address_of_a_library_is_really_asked() -> None:
    asked = {address: list(paths_of(address)) for one in neighbours() for address in of_neighbour(one)}
    hidden = {address.path for address, found in asked.items() if found == [""]}
    # Ours stand before Wagtail's: accounts, groups and passwords are not made by hand.
    assert {path.split("/")[1] for path in hidden} == {
        "account",
        "groups",
        "login",
        "logout",
        "password_reset",
        "users",
    }
    assert [address.path for address, found in asked.items() if not found] == []
    assert len(asked) - len(hidden) > 150
