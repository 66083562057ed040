"""What the look has to bear: names of 200 characters and of one, six scripts, both directions, very much, nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from tertulia.home.models import HomePage
from tertulia.kit.phrases import Kind
from tertulia.live.actions import open_rooms, say
from tertulia.live.models import Room
from tertulia.live.queries import rooms_of
from tertulia.people.models import Person
from tertulia.programme.actions.participation import come_in, come_in_anew
from tertulia.programme.actions.texts import word_event
from tertulia.programme.models import (
    Credit,
    Event,
    EventText,
    Participation,
    Session,
    SessionText,
    SessionType,
    Track,
)
from tertulia.programme.models import Room as Place
from tests.factories import make_event, make_room, make_session
from tests.factories.programme import make_slot
from tests.looks import chance

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel"
SENTENCE = (
    f"The {LONG_WORD} and everybody whom it concerns, at home and far away, in nine nights and as many mornings; "
)
LONG = (SENTENCE * 3)[:200].strip().ljust(200, "!")
UNBROKEN = ("Rhabarberbarbarabar" * 11)[:200]
ADDRESS = "https://example.org/" + "a-very-long-path-without-any-place-to-break/".replace("-", "") * 4
SCRIPTS = (
    ("ar", "ليلة مفتوحة للشعر والكلام وما بينهما", "ليلى الحسن"),
    ("ru", "Ночь открытых дверей и открытых вопросов", "Ночная Цапля"),
    ("hi", "खुली रातें: विज्ञान, न्याय और आनंद", "रात का बगुला"),
    ("am", "ክፍት ሌሊቶች፦ ሳይንስ፣ ፍትሕና ደስታ", "የሌሊት ሽመላ"),
    ("th", "คืนที่เปิดกว้าง วิทยาศาสตร์ ความยุติธรรม และความสุข", "นกกระสาราตรี"),
    ("he", "לילות פתוחים: מדע, צדק ועונג", "אנפת לילה"),
)
TRACKS, SESSIONS, PLACES = 30, 900, 12
KINDS = ("Panel", "Film", "Poetry", "Workshop", "Interview", "Open table")


def build() -> tuple[dict[str, Event], list[Participation]]:
    """The events, by a short name, and those who are in: the first in all of them, under long names."""
    _front_page()
    events = {
        "long": _long(),
        "short": _short(),
        "scripts": _scripts(),
        "mixed": _mixed(),
        "one": _plain("only-one", "Only one", 1),
        "plain": _plain("no-tracks", "Without tracks", 12),
        "many": _many(),
    }
    for event in events.values():
        open_rooms(event)
    chance.begin("people of extremes")
    first = come_in_anew(events["long"], "W" * 40, Kind.WORDS)[0]
    others = [come_in_anew(events["mixed"], name, Kind.WORDS)[0] for name in ("لينا", "o", "דנה בר")]
    come_in(events["mixed"], first.account, "Night Heron (من النهر)")
    come_in(events["plain"], first.account, "A")
    return events, [first, *others]


def talk(events: dict[str, Event], people: list[Participation]) -> dict[str, str]:
    """Let them talk, and say where everything is."""
    first, layla, letter, dana = people
    here = {name: rooms_of(event)[0] for name, event in events.items()}
    for number, text in enumerate((UNBROKEN, LONG, "?", ADDRESS, "word " * 390), 1):
        say(here["long"], first, f"long-{number:04}", text)
    mine = Participation.objects.get(event=events["mixed"], account=first.account)
    said = [(layla, "مساء الخير، أنا هنا مع Ana وأختي (2)."), (letter, "o"), (dana, "ערב טוב לכולם, it is 4:00 here.")]
    for number, (who, text) in enumerate([*said, (mine, "Hello ليلى, hello דנה: welcome.")], 1):
        say(here["mixed"], who, f"mixed-{number:04}", text)
    return {
        "long_room": _address(here["long"]),
        "mixed_room": _address(here["mixed"]),
        "room_empty": _address(here["plain"]),
        "long_contributor": _contributor(events["long"]),
        "short_contributor": _contributor(events["short"]),
        "front_page": str(HomePage.objects.get().pk),
    }


def _front_page() -> None:
    page = HomePage.objects.get()
    page.motto, page.welcome = LONG[:120], f"{LONG} {ADDRESS} {UNBROKEN}"
    page.save_revision().publish()


def _long() -> Event:
    chance.begin("long")
    event = make_event("long-names", LONG)
    word_event(event, "en", LONG, (SENTENCE * 4)[:300])
    room = make_room(event, UNBROKEN)
    told: dict[str, Any] = {"track": LONG, "session_type": UNBROKEN, "persons": (LONG, UNBROKEN, "A")}
    long = make_session(event, LONG, room, 2 * 24 + 17, slug="long", **told)
    text = long.texts.get()
    text.subtitle, text.abstract, text.description = UNBROKEN, f"{LONG} {ADDRESS}", f"{UNBROKEN}\n\n{LONG}"
    text.save()
    make_session(event, UNBROKEN, room, 2 * 24 + 18, slug="unbroken", track="B", session_type="C", persons=(LONG,) * 9)
    Person.objects.filter(name=LONG).update(biography=f"{UNBROKEN} {LONG}")
    return event


def _short() -> Event:
    chance.begin("short")
    event = make_event("one-letter", "X", days=1)
    make_session(event, "o", make_room(event, "R"), 12, slug="o", track="T", session_type="k", persons=("A",))
    return event


def _scripts() -> Event:
    chance.begin("scripts")
    event = make_event("six-scripts", "Six scripts, one sky", days=6)
    EventText.objects.create(event=event, language="ar", title=SCRIPTS[0][1])
    room = make_room(event, "Ночное небо")
    for number, (language, title, name) in enumerate(SCRIPTS, 1):
        told = {"language": language, "persons": (name,), "track": SCRIPTS[number - 1][1][:18], "session_type": name}
        session = make_session(event, title, room, 2 * 24 + 10 + number, slug=f"script-{number}", **told)
        session.texts.update(subtitle=title, abstract=f"{title} {name}. " * 6)
    return event


def _mixed() -> Event:
    chance.begin("mixed")
    event = make_event("two-ways", "Two ways to read (طريقان)", days=3)
    room = make_room(event, "السماء الكبرى")
    told = {
        "track": "عدالة",
        "session_type": "Panel",
        "persons": ("ليلى الحسن", "Ana (أنا) Flores", "דנה לוי", "2 Rivers"),
    }
    make_session(event, "What is “عدالة”, and who asks?", room, 2 * 24 + 17, slug="both", **told)
    make_session(event, "ليلة 1: Harm Reduction في 73 بلدًا", room, 2 * 24 + 19, slug="back", language="ar", **told)
    make_session(event, "שלום (hello) 3/4", room, 2 * 24 + 21, slug="forth", language="he", **told)
    return event


def _plain(slug: str, title: str, number: int) -> Event:
    chance.begin(slug)
    event = make_event(slug, title, days=3)
    room = make_room(event, "The only room")
    for hour in range(number):
        make_session(event, f"Hour {hour + 1}", room, 24 + 2 * hour, slug=f"hour-{hour + 1}")
    return event


def _many() -> Event:
    """Nine days of a hundred sessions each, in thirty tracks."""
    chance.begin("many")
    event = make_event("nine-hundred", "Nine hundred sessions")
    rooms = [make_room(event, f"Room {number}") for number in range(1, PLACES + 1)]
    tracks = [Track(event=event, name=f"Track number {number}", position=number) for number in range(1, TRACKS + 1)]
    Track.objects.bulk_create(tracks)
    kinds = SessionType.objects.bulk_create(
        SessionType(event=event, name=name, position=place) for place, name in enumerate(KINDS)
    )
    sessions = [
        Session(
            event=event,
            slug=f"s-{number}",
            language="en",
            track=tracks[number % TRACKS],
            session_type=kinds[number % 6],
        )
        for number in range(SESSIONS)
    ]
    Session.objects.bulk_create(sessions)
    titles = [
        SessionText(session=one, language="en", title=f"Session {one.slug[2:]}: what we know") for one in sessions
    ]
    SessionText.objects.bulk_create(titles)
    _fill(event, sessions, rooms)
    return event


def _fill(event: Event, sessions: list[Session], rooms: list[Place]) -> None:
    """Give each session its time, and every tenth somebody who is credited."""
    midnight = datetime.combine(event.starts_on, datetime.min.time(), UTC)
    with transaction.atomic():
        for number, session in enumerate(sessions):
            day, place = divmod(number, SESSIONS // 9)
            starts_at = midnight + timedelta(days=day, hours=7 + place // 8, minutes=5 * (place % 8))
            make_slot(session, starts_at, rooms[number % PLACES], minutes=50)
    heron = Person.objects.create(name="Night Heron")
    Credit.objects.bulk_create(Credit(session=session, person=heron) for session in sessions[::10])


def _address(room: Room) -> str:
    return reverse("live:room", args=[room.public_id])


def _contributor(event: Event) -> str:
    credit = Credit.objects.filter(session__event=event).order_by("session__slug", "position")[0]
    return reverse("programme:contributor", args=[event.slug, credit.person.public_id])
