"""What is in the houses of the inventory: built by the house's own actions, before they are served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tertulia.home.models import HomePage
from tertulia.kit.handover import close
from tertulia.kit.phrases import Kind
from tertulia.live.actions import erase_talk, open_rooms, say, set_audience
from tertulia.live.models import Audience, Room
from tertulia.live.queries import rooms_of
from tertulia.people.actions import (
    add_staff_passkey,
    appoint,
    approve_export,
    ask_for_export,
    claim_person,
    give_consent,
    invite,
    issue_claim_link,
    issue_sign_in_link,
    make_device_code,
    open_way_back,
    release_counts,
    set_up_app,
    use_device_code,
    withdraw_consent,
)
from tertulia.people.counting.totals import Totals
from tertulia.people.models import Account, Person, Purpose, StaffRole
from tertulia.people.queries import label_of_phrase
from tertulia.people.queries.factor import Shown, factors_of, shown_now
from tertulia.programme.actions.counting import say_where_from
from tertulia.programme.actions.participation import come_in, come_in_anew
from tertulia.programme.actions.texts import word_event
from tertulia.programme.models import Event, Participation, Session
from tertulia.project.sample.festival import festival
from tertulia.project.sample.folder import remember
from tertulia.project.sample.talk import post_talk
from tests.factories import make_event, make_room, make_session
from tests.factories.passkeys import make_passkey
from tests.factories.people import sign_in
from tests.looks import chance, extremes
from tests.people.factors.ways import code_of

Said = dict[str, Any]
# Of an app on no phone.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_HARBOUR = ("Marram", "Neap")
# What is still to be done once the rooms can be talked in; it says where everything is.
Rest = Callable[[], Said]


def session_of(account: Account, **more: object) -> str:
    """The cookie of somebody who is signed in, in whose session there is `more`."""
    client = sign_in(Client(), account)
    if more:
        session = client.session
        session.update(more)
        session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def organiser() -> Account:
    """Somebody who organises and administers."""
    chance.begin("organiser")
    account = invite("Demo organiser", StaffRole.ORGANISER)
    appoint(account, StaffRole.ADMINISTRATOR)
    return account


def said(places: dict[str, str], people: dict[str, Account], **cookies: tuple[str, str]) -> Said:
    """Where everything is: addresses, the session of each person, and further cookies as (name, value)."""
    return {"places": places, "people": {name: session_of(who) for name, who in people.items()}, "cookies": cookies}


def room_address(room: Room) -> str:
    """The address of a room."""
    return reverse("live:room", args=[room.public_id])


def build_quiet() -> Rest:
    """A fresh installation with its first organiser."""
    places = {"front_page": str(HomePage.objects.get().pk)}
    staff = organiser()
    return lambda: said(places, {"organiser": staff})


def build_festival() -> Rest:
    """The sample festival in its third night, and other events at other times of their lives."""
    chance.begin("festival")
    event = festival()
    remember(settings.DATA)
    _to_come()
    _over()
    harbour, old = _harbour_days(), _old_lights()
    chance.begin("people")
    sandpiper = come_in_anew(event, "Sandpiper", Kind.WORDS)[0]
    for other in (harbour, old):
        come_in(other, sandpiper.account, "Sandpiper")
    return lambda: _settled(event, sandpiper, harbour, old)


def _to_come() -> None:
    chance.begin("first light")
    event = make_event("first-light", "First light", 3, "Europe/Lisbon", date(2022, 3, 4))
    word_event(event, "en", "First light", "Three mornings at the end of winter, for those who were there last time.")
    room = make_room(event, "The pier")
    for hour, title in enumerate(("Coffee before the sun", "A net of numbers", "Songs of the first tram"), 8):
        make_session(event, title, room, hour, slug=f"first-{hour}", track="Science", session_type="Panel")
    make_event("only-a-date", "Only a date so far", 2, "America/Bogota", date(2022, 6, 10))


def _over() -> None:
    chance.begin("last year")
    event = make_event("last-year", "Last year’s nights", 4, "Europe/Lisbon", date(2020, 11, 11))
    room = make_room(event, "The hall")
    for hour, title in enumerate(("We met on a screen", "What the year took", "What the year gave"), 18):
        make_session(event, title, room, hour, slug=f"last-{hour}", track="Justice", persons=("Spring Tide",))


def _harbour_days() -> Event:
    chance.begin("harbour days")
    event = make_event("harbour-days", "Harbour days", 3, "Europe/Lisbon", date(2021, 10, 20))
    room = make_room(event, "The boat shed")
    make_session(event, "Ropes and knots", room, 12, slug="ropes-and-knots", persons=_HARBOUR)
    make_session(event, "The quay", room, 14, slug="the-quay", state=Session.State.WITHDRAWN)
    open_rooms(event)
    return event


def _old_lights() -> Event:
    chance.begin("old lights")
    event = make_event("old-lights", "Old lights", 2, "Europe/Lisbon", date(2021, 8, 20))
    make_room(event, "The lantern room")
    open_rooms(event)
    return event


def _settled(event: Event, sandpiper: Participation, harbour: Event, old: Event) -> Said:
    chance.begin("talk")
    post_talk(event)
    shed, lantern = rooms_of(harbour)[0], rooms_of(old)[0]
    there = Participation.objects.get(event=harbour, account=sandpiper.account)
    say(shed, there, "harbour-1", "The tide is out, and so are we. Thank you all.")
    Event.objects.filter(pk=harbour.pk).update(closed_on=date(2021, 11, 10))
    erase_talk(lantern)
    Event.objects.filter(pk=old.pk).update(closed_on=date(2021, 9, 20))
    screens = {"2-5": 46, "6-10": 12, "11-20": 23, "51-": 2}
    _release(harbour, screens, PT=214, BR=97, ES=63, MX=41, CO=28, DE=25, ZA=22, NP=9, UY=7, KE=4, TD=1)
    _release(old, {}, PT=6, ES=2)
    rooms = {room.place.name: room for room in rooms_of(event)}
    set_audience(rooms["The courtyard"], Audience.PUBLIC)
    places = {
        "room_with_talk": room_address(rooms["Main sky"]),
        "room_public": room_address(rooms["The courtyard"]),
        "room_empty": room_address(rooms["The cinema"]),
        "room_closed": room_address(shed),
        "room_erased": room_address(lantern),
        "contributor": _contributor(event),
        "front_page": str(HomePage.objects.get().pk),
    }
    return _with_people(event, sandpiper, places)


def _release(event: Event, screens: dict[str, int], **counted: int) -> None:
    """What people said of where they joined from and of shared screens is released, as after an event is closed."""
    chance.begin(f"who came to {event.slug}")
    totals = Totals(settings.COUNTING_FILE)
    totals.add(event.slug, {"country": counted, "group": screens})
    totals.end(event.slug, 0)
    release_counts()


def _with_people(event: Event, sandpiper: Participation, places: dict[str, str]) -> Said:
    chance.begin("ways back")
    wren, words = come_in_anew(event, "Wren", Kind.WORDS)
    dunlin, digits = come_in_anew(event, "Dunlin", Kind.DIGITS)
    renamed = come_in_anew(event, "Plover", Kind.WORDS)[0]
    colleague = invite("A colleague", StaffRole.ORGANISER)
    places["staff_link"] = issue_sign_in_link(colleague, minutes=60)
    answered = come_in_anew(event, "Knot", Kind.WORDS)[0]
    say_where_from(answered, "UY")
    chance.begin("passkeys")
    numbered = come_in_anew(event, "Turnstone", Kind.WORDS)[0]
    for _each in range(2):
        make_passkey(numbered.account)
    people = {
        "passkeys": numbered,
        "participant": sandpiper,
        "newcomer": wren,
        "digits": dunlin,
        "renamed": renamed,
        "answered": answered,
    }
    chance.begin("second devices")
    asked, joined = (come_in_anew(event, name, Kind.WORDS)[0] for name in ("Dotterel", "Whimbrel"))
    places["square"] = make_device_code(asked.account).token
    make_device_code(joined.account)
    use_device_code(joined.account.second_device)
    people |= {"asked": asked, "joined": joined}
    staff, analyst = organiser(), invite("An analyst", StaffRole.ANALYST)
    places["analyst"] = analyst.public_id
    others = {
        "organiser": staff,
        "analyst": analyst,
        "colleague": colleague,
        "contributor": _credits(event, staff, places),
    }
    with_factors = _factors(staff, places)
    _exports(event, staff)
    told = said(
        places,
        {name: one.account for name, one in people.items()} | others,
        way_back=("w", close(words.encode(), label_of_phrase(wren.account))),
        way_back_digits=("w", close(digits.encode(), label_of_phrase(dunlin.account))),
    )
    told["people"] |= with_factors
    return told


def _factors(staff: Account, places: dict[str, str]) -> dict[str, str]:
    """What a colleague comes in by; the sessions of one who was just invited, and of one who may change it."""
    chance.begin("factors")
    add_staff_passkey(staff, "Blue key", {})
    set_up_app(staff, SECRET, code_of(SECRET), "nine herons over the lagoon")
    places["factor_remove"] = reverse("people:remove_factor", args=[factors_of(staff)[0].key])
    newly = invite("A new colleague", StaffRole.ORGANISER)
    return {
        "invited": session_of(newly, came="invitation"),
        "proven": session_of(staff, proved=shown_now(Shown.ONCE_MORE)),
    }


def _exports(event: Event, staff: Account) -> None:
    """One that waits for somebody else, one that can be taken, one that waits for who looks."""
    care = invite("Care desk", StaffRole.CARE)
    ask_for_export("audit", "all", staff)
    approve_export(ask_for_export("credits", event.slug, staff), care)
    ask_for_export("credits", "harbour-days", care)


def _credits(event: Event, staff: Account, places: dict[str, str]) -> Account:
    """One who took the name back, one with an account who agreed to something, and one whom nobody has claimed."""
    chance.begin("credits")
    account = open_way_back(Kind.WORDS)[0]
    gone, claimed = (Person.objects.get(name=name, credits__session__event__slug="harbour-days") for name in _HARBOUR)
    withdraw_consent(gone, Purpose.NAMED, staff)
    claimed = claim_person(issue_claim_link(claimed, staff), account)
    give_consent(claimed, Purpose.QUOTED, account, language="en")
    withdraw_consent(claimed, Purpose.QUOTED, staff)
    give_consent(claimed, Purpose.RECORDED, account, language="en")
    unclaimed = event.sessions.get(slug="four-chairs-and-a-kettle").credits.first()
    places["claim_link"] = issue_claim_link(unclaimed.person, staff) if unclaimed else ""
    places["contributor_removed"] = reverse("programme:contributor", args=["harbour-days", gone.public_id])
    places["person"] = claimed.public_id
    places["take_back"] = reverse("people:take_back", args=[claimed.public_id, Purpose.NAMED])
    return account


def _contributor(event: Event) -> str:
    """The page of somebody who is on more than once."""
    session = event.sessions.get(slug="four-chairs-and-a-kettle")
    person = session.credits.first()
    return reverse("programme:contributor", args=[event.slug, person.person.public_id]) if person else ""


def build_extremes() -> Rest:
    """What the look has to bear."""
    rooms, people = extremes.build()
    staff = organiser()
    return lambda: said(extremes.talk(rooms, people), {"organiser": staff, "participant": people[0].account})


BUILDERS: dict[str, Callable[[], Rest]] = {
    "festival": build_festival,
    "quiet": build_quiet,
    "extremes": build_extremes,
}
