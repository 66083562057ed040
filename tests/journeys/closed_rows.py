"""What a walk through a closed network opens: the rows of the authorisation matrix, made in the house it walks in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.test import Client
from django.utils import translation

from tertulia.people.models import Account
from tests.architecture.access import ROLES, Route
from tests.architecture.routes import addresses, neighbours, routes
from tests.factories import make_account
from tests.factories.people import sign_in

BROKEN = 500
SHORT = ("visitor", "participant", "administrator")


@dataclass(frozen=True)
class Visit:
    """One address, opened by one role, whose session is `cookie`; it answers one of `accepted`, if that is known."""

    about: str
    role: str
    path: str
    cookie: str
    accepted: frozenset[int]


def roles(*, thorough: bool) -> list[str]:
    """Who walks: a visitor, a participant and one who may enter everything; `thorough`: every role of staff."""
    return list(dict.fromkeys(role.partition(" ")[0] for role in ROLES)) if thorough else list(SHORT)


def visits(role: str, *, thorough: bool, named: str = "") -> Iterator[Visit]:
    """Each row that answers GET, for a role, on what is its own; with `named`, the rows of that name alone.

    `thorough`: on what is another's as well, and every screen of the libraries that has an address of its own; and for
    those who walk in the short form in all languages, since no role has words of its own.
    """
    is_spoken = thorough and role in SHORT
    languages = [code for code, _name in settings.LANGUAGES] if is_spoken else [settings.LANGUAGE_CODE]
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
                accepted = route.accepted("GET", role, own=bool(own and who))
                yield Visit(f"{route.name} {route.about}".strip(), role, path, cookie, _as_served(accepted))


def _as_served(accepted: set[int]) -> frozenset[int]:
    """What is not ready where nobody serves is ready here; what ends by the minute may have ended when it is opened."""
    ready = {status for status in accepted if status < BROKEN}
    return frozenset(ready | {HTTPStatus.GONE} if ready else ())


def _session(account: Account | None) -> str:
    if account is None:
        return ""
    return str(sign_in(Client(), account).cookies[settings.SESSION_COOKIE_NAME].value)
