"""Who may do what at the addresses of the programme."""

from __future__ import annotations

from typing import Any

from tertulia.people.actions import withdraw_consent
from tertulia.people.models import Account, Person, Purpose
from tertulia.people.rules import is_staff
from tertulia.programme.models import Credit
from tests.architecture.access import Answers, Route, everybody
from tests.factories import let_in, make_account, make_event, make_person, make_session


def an_event(_owner: Account) -> dict[str, Any]:
    return {"slug": make_event().slug}


def an_event_one_is_in(owner: Account) -> dict[str, Any]:
    event = make_event()
    if not is_staff(owner):
        let_in(owner, event)
    return {"slug": event.slug}


def a_session(_owner: Account) -> dict[str, Any]:
    session = make_session(make_event())
    return {"slug": session.event.slug, "session_slug": session.slug}


def an_older_card(owner: Account) -> dict[str, Any]:
    return {**an_event(owner), "name": "older"}


def an_older_card_of_a_session(owner: Account) -> dict[str, Any]:
    return {**a_session(owner), "name": "older"}


def a_contributor(_owner: Account) -> dict[str, Any]:
    session, person = make_session(make_event()), make_person()
    Credit.objects.create(session=session, person=person)
    return {"slug": session.event.slug, "public_id": person.public_id}


def somebody_withheld(owner: Account) -> dict[str, Any]:
    found = a_contributor(owner)
    person = Person.objects.get(public_id=found["public_id"])
    withdraw_consent(person, Purpose.NAMED, make_account("administrator"))
    return found


def importing(status: int) -> Answers:
    """Who makes the programme of any event."""
    named = {"programmer": status, "programmer elsewhere": status, "organiser elsewhere": status}
    return Answers(visitor=302, participant=302, organiser=status, administrator=status, staff=403, roles=named)


# What is on is public; importing is for those who organise.
ROUTES = [
    Route(
        "programme_import",
        # Whoever may not enter the staff's screens is led to sign in; a form without a file is shown again.
        get=importing(200),
        post=importing(422),
    ),
    Route("programme:events", get=everybody(200)),
    Route("programme:event", address=an_event, get=everybody(200)),
    Route("programme:programme", address=an_event, get=everybody(200)),
    Route("programme:programme_json", address=an_event, get=everybody(200)),
    Route("programme:who_came", address=an_event, get=everybody(200)),
    Route("programme:what_goes_when", address=an_event, get=everybody(200)),
    Route("programme:what_goes_when_file", address=an_event, get=everybody(200)),
    Route(
        "programme:where_from",
        address=an_event_one_is_in,
        # Whoever is in says it; all others are led to come in.
        get=Answers(visitor=302, participant=200, organiser=302, administrator=302),
        get_other=everybody(302),
        post=Answers(visitor=302, participant=302, organiser=302, administrator=302),
        post_other=everybody(302),
    ),
    Route("programme:session", address=a_session, get=everybody(200)),
    Route("programme:event_card", address=an_older_card, get=everybody(302), about="by an older name"),
    Route("programme:session_card", address=an_older_card_of_a_session, get=everybody(302), about="by an older name"),
    Route("programme:contributor", address=a_contributor, get=everybody(200)),
    Route("programme:contributor", address=somebody_withheld, get=everybody(410), about="who took the name back"),
    Route(
        "programme:join",
        address=an_event,
        # Staff take part from another browser, so that nothing joins their pseudonym to a chosen name.
        get=Answers(visitor=200, participant=200, organiser=403, administrator=403),
        # Whoever is new is shown the way back in; whoever is signed in goes on to the event.
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
        sends={"chosen_name": "Wren", "kind": "words"},
    ),
]
