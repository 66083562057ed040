"""What is announced is kept in the audit log, or says why not; what tells of many people at once is known by name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.test import Client

from tertulia.kit.registry import records
from tertulia.people.actions import appoint, ask_for_export
from tertulia.people.models import Account, StaffRole
from tertulia.people.queries.audit import name_of
from tests.architecture.access import Route
from tests.architecture.house import PACKAGE, report
from tests.architecture.routes import declared
from tests.factories import let_in, make_account, make_event, make_session
from tests.factories.people import sign_in

# Facts that the log does not keep, and why.
UNKEPT = {
    "people.WayBackOpened": "what people do for themselves is nobody's business",
    "people.NewWayBackMade": "the same",
    "people.WayBackRenewed": "the same",
    "people.PasskeyAdded": "the same",
    "people.PasskeyRemoved": "the same",
    "people.DeviceCodeMade": "the same",
    "people.DeviceJoined": "the same",
    "people.AccountDeleted": "the same",
    "people.ConsentGiven": "the same",
    "people.PersonClaimed": "the same",
    "people.NoticeRead": "the same",
    "people.NoticeDeleted": "the same",
    "people.Notified": "it follows from something that is kept, or from what people do for themselves",
    "people.CountsReleased": "it follows from the close of the event, minutes later",
    "people.SignedInByLink": "it would say when colleagues come and go",
    "people.SignedInByFactor": "it would say when colleagues come and go",
    "programme.CameIn": "what people do for themselves is nobody's business",
    "programme.Renamed": "the same",
    "live.RoomsOpened": "it follows from an import",
}
# Pages of staff that tell what is not public of more than one person, and why.
TELLING_OF_MANY = {
    "people_persons": "who cares for persons finds them there, fifty on a page, with what each agreed to",
    "people_colleagues": "an administrator sees who is one of the staff",
    "people_audit": "an administrator sees what colleagues did",
    "people_exports": "two colleagues see who asks for an export; the export itself needs both",
}
PERSONS = ("Canary Ana", "Canary Bela", "Canary Cem")
NAMES = ("Canary Wren", "Canary Dunlin", "Canary Knot")
COLLEAGUES = ("Canary desk", "Canary watch", "Canary crew")


def facts() -> Iterator[str]:
    """What every app can announce, as the log would call it."""
    for path in sorted(PACKAGE.glob("*/facts.py")):
        if path.parent.name != "kit":
            module = importlib.import_module(f"tertulia.{path.parent.name}.facts")
            found = vars(module).values()
            yield from (name_of(one) for one in found if isinstance(one, type) and one.__module__ == module.__name__)


def test_every_fact_is_kept_or_says_why_not() -> None:
    known, kept = set(facts()), set(records.names())
    faults = [f"{fact}: is neither kept in the audit log nor excused" for fact in known - kept - set(UNKEPT)]
    faults += [f"{fact}: is excused, and is kept or not there" for fact in set(UNKEPT) & kept | set(UNKEPT) - known]
    report(
        faults,
        "what staff do with other people's data can be looked into only if it was written down",
        'keep_record(facts.X, _("X was done"), …) in receivers.py, or a reason in tests/architecture/test_audit.py',
    )


@pytest.fixture
def administrator() -> Account:
    """Somebody who may open everything, in a house where much is said of people that is not public."""
    event = make_event("canaries")
    make_session(event, persons=PERSONS)
    for name in NAMES:
        let_in(make_account(), event, name)
    for name in COLLEAGUES:
        colleague = make_account("administrator", name)
        ask_for_export("credits", event.slug, colleague)
    account = make_account("administrator", "Heron")
    appoint(account, StaffRole.ORGANISER)
    return account


def told_by(route: Route, client: Client, owner: Account) -> int:
    """Of how many people the page at the address says what is not public."""
    page = client.get(route.place(owner)).content.decode(errors="replace")
    return max(sum(name in page for name in names) for names in (PERSONS, NAMES, COLLEAGUES))


@pytest.mark.django_db
def test_no_page_tells_of_many_people_at_once_but_those_that_are_known(administrator: Account) -> None:
    client = sign_in(Client(raise_request_exception=False), administrator)
    samples = [sample for neighbour in declared("NEIGHBOURS") for sample in neighbour.samples]
    telling = {
        route.name
        for route in [*declared("ROUTES"), *samples]
        if route.get and told_by(route, client, administrator) > 1
    }
    faults = [f"{name}: tells what is not public of more than one person" for name in telling - set(TELLING_OF_MANY)]
    faults += [f"{name}: is known to tell of many people, and does not" for name in set(TELLING_OF_MANY) - telling]
    report(
        faults,
        "what gathers people's data in one answer is an export, and an export needs two colleagues",
        "offer it to kit/registry.exports, or name the page with its reason in tests/architecture/test_audit.py",
    )
