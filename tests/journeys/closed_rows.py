"""What a walk through a closed network opens: the rows of the authorisation matrix, made in the house it walks in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from django.utils import translation

from tertulia.people.models import Account
from tests.architecture.access import ROLES, Route
from tests.architecture.routes import addresses, neighbours, routes
from tests.factories import make_account
from tests.factories.people import sign_in

BROKEN = 500
# Of the staff whoever may enter everything; the long form takes all roles.
SHORT = ("visitor", "participant", "administrator")


@dataclass(frozen=True)
class Visit:
    """One address, opened by one role, whose session is `cookie`; it answers one of `accepted`, if that is known."""

    about: str
    role: str
    path: str
    cookie: str
    accepted: frozenset[int]


def visits(*, thorough: bool, named: str = "") -> Iterator[Visit]:
    """Each row that answers GET, by each role, on what is its own; with `named`, the rows of that name alone.

    `thorough`: by all roles, in all languages, on what is another's as well, and every screen of the
    libraries that has an address of its own.
    """
    languages = [code for code, _name in settings.LANGUAGES] if thorough else [settings.LANGUAGE_CODE]
    for role in ROLES if thorough else SHORT:
        who = None if role == "visitor" else make_account(role)
        cookie = _session(who)
        for route in _rows():
            if named in ("", route.name):
                yield from _of(route, role, who, cookie, languages, thorough=thorough)
        if thorough and not named:
            yield from (Visit(path, role, path, cookie, frozenset()) for path in sorted(_screens()))


def _rows() -> list[Route]:
    samples = [sample for neighbour in neighbours() for sample in neighbour.samples]
    return [route for route in [*routes(), *samples] if route.get]


def _screens() -> set[str]:
    """The addresses of libraries that need nothing to be filled in."""
    known = {f"/{address.path}" for address in addresses() if not address.is_ours}
    return {path for path in known if not set("<(^$\\") & set(path)}


def _of(
    route: Route, role: str, who: Account | None, cookie: str, languages: Iterable[str], *, thorough: bool
) -> Iterator[Visit]:
    for own in (True, False) if thorough and who and route.has_owner else (True,):
        owner = who if own and who else make_account("participant")
        seen = set()
        for language in languages:
            with translation.override(language):
                path = route.place(owner)
            if path not in seen:
                seen.add(path)
                # What is not ready where nobody serves is ready here.
                accepted = {status for status in route.accepted("GET", role, own=bool(own and who)) if status < BROKEN}
                yield Visit(f"{route.name} {route.about}".strip(), role, path, cookie, frozenset(accepted))


def _session(account: Account | None) -> str:
    if account is None:
        return ""
    return str(sign_in(Client(), account).cookies[settings.SESSION_COOKIE_NAME].value)
