"""The inventory: every page in every state that matters, and how one gets there; whatever walks all pages walks this.

A page is reached in one of three houses that `tests/looks/house.py` serves: `FESTIVAL` is the sample festival in its
third night, with an event that comes, one that was, one that is closed; `QUIET` is a fresh installation; `EXTREMES`
holds what the look has to bear: names of 200 characters and of one, six scripts, 900 sessions.
`tests/looks/visit.py` walks there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

PROGRAMMES = Path(__file__).resolve().parent.parent / "programme" / "files"
SPOILT = Path(__file__).resolve().parent / "files" / "spoilt.json"
FESTIVAL, QUIET, EXTREMES = "festival", "quiet", "extremes"
VISITOR = ""
# What stands there without scripts does not count.
CONNECTED = "#state:not(:empty, :has(noscript))"
SIDEBAR = "#wagtail-sidebar nav"  # Wagtail's own scripts draw it
CROWDED = "203.0.113.77"
WRONG_SIGN_IN = {"name": "A colleague", "password": "nine herons", "code": "000000"}
A_STRANGER = {"X-Forwarded-For": "203.0.113.9"}
# Somebody else at each visit: whoever is wrong twenty times is told so.
SOMEBODY_NEW = {"X-Forwarded-For": "198.51.100.{number}"}


class Condition(StrEnum):
    """Under what a page is looked at."""

    USUAL = "usual"
    NO_SCRIPTS = "no-scripts"
    NO_STYLES = "no-styles"
    FEW_FONTS = "few-fonts"
    PRINTED = "printed"


@dataclass(frozen=True)
class Page:
    """A page in one state.

    `path` is its address in English; {words} in it are places that the house names. `who` is a person of the house
    whose session one has, or VISITOR. With `sends`, the form that has these fields (by their names; a Path is a file)
    is filled in and sent, in a house where that changes nothing for others.
    `carries` are further cookies of the house; `status` is that of the page that is looked at in the end; `ready`
    is a selector of what has to be there; {number} in `headers` differs with each visit. `tries` is how often the
    form is sent before. `asks_for` is the language of the browser, where it is not that of the address.
    """

    name: str
    group: str
    path: str
    house: str = FESTIVAL
    who: str = VISITOR
    status: int = 200
    sends: Mapping[str, str | Path] = field(default_factory=dict)
    carries: tuple[str, ...] = ()
    loses_cookies: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0
    asks_for: str = ""
    ready: str = ""
    condition: Condition = Condition.USUAL

    @property
    def is_staff_screen(self) -> bool:
        """Whether it is Wagtail's: one address for all languages."""
        return self.path.startswith("/staff/")


EVENT = "/events/nine-open-nights/"
SESSION = f"{EVENT}sessions/pleasure-is-an-outcome/"
JUSTICE = f"{EVENT}programme/?track=Justice"

OUTSIDE = (
    Page("front", "outside", "/"),
    Page("front-quiet", "outside", "/", house=QUIET),
    Page("front-offered", "outside", "/", asks_for="ar-EG"),
    Page("events", "outside", "/events/"),
    Page("events-none", "outside", "/events/", house=QUIET),
    Page("event-out", "event", EVENT),
    Page("event-in", "event", EVENT, who="participant"),
    Page("event-renamed", "event", f"{EVENT}join/", who="renamed", sends={"chosen_name": "Plover"}),
    Page("event-to-come", "event", "/events/first-light/"),
    Page("event-over", "event", "/events/last-year/"),
    Page("event-closed", "event", "/events/harbour-days/"),
    Page("who-came", "event", "/events/harbour-days/who-came/"),
    Page("who-came-not-yet", "event", f"{EVENT}who-came/"),
    Page("who-came-too-few", "event", "/events/old-lights/who-came/"),
    Page("what-goes-when", "event", f"{EVENT}what-goes-when/"),
    Page("what-goes-when-to-come", "event", "/events/first-light/what-goes-when/"),
    Page("what-goes-when-closed", "event", "/events/harbour-days/what-goes-when/"),
    Page("what-went", "event", "/events/old-lights/what-goes-when/"),
    Page("event-without-programme", "event", "/events/only-a-date/"),
    Page("programme", "programme", f"{EVENT}programme/"),
    Page("programme-of-a-track", "programme", JUSTICE),
    Page("programme-of-a-track-and-kind", "programme", f"{JUSTICE}&type=Film"),
    Page("programme-of-nothing", "programme", f"{JUSTICE}&type=Poetry"),
    Page("programme-none", "programme", "/events/only-a-date/programme/"),
    Page("session-now", "session", SESSION),
    Page("session-translated", "session", f"{EVENT}sessions/leer-un-resultado/"),
    Page("session-twice", "session", f"{EVENT}sessions/four-chairs-and-a-kettle/"),
    Page("session-withdrawn", "session", "/events/harbour-days/sessions/the-quay/", status=410),
    Page("contributor", "session", "{contributor}"),
    Page("contributor-removed", "session", "{contributor_removed}", status=410),
    Page("session-of-somebody-removed", "session", "/events/harbour-days/sessions/ropes-and-knots/"),
)

DOORS = (
    Page("come-in", "doors", f"{EVENT}join/"),
    Page("come-in-wrong", "doors", f"{EVENT}join/", sends={"chosen_name": "Moderator"}, status=422),
    # With scripts the device works for it and goes on.
    Page(
        "come-in-pressed",
        "doors",
        f"{EVENT}join/",
        sends={"chosen_name": "Wren"},
        headers={"X-Forwarded-For": CROWDED},
        status=429,
        condition=Condition.NO_SCRIPTS,
    ),
    Page("come-in-known", "doors", "/events/first-light/join/", who="participant"),
    Page("come-in-again", "doors", f"{EVENT}join/", who="participant"),
    Page("where-from", "doors", f"{EVENT}where-from/", who="participant"),
    Page("where-from-answered", "doors", f"{EVENT}where-from/", who="answered"),
    Page("come-in-closed", "doors", "/events/harbour-days/join/", status=410),
    Page("come-in-staff", "doors", f"{EVENT}join/", who="organiser", status=403),
    Page("way-back", "doors", "/me/way-back/?next=/events/", who="newcomer", carries=("way_back",)),
    Page("way-back-digits", "doors", "/me/way-back/?next=/events/", who="digits", carries=("way_back_digits",)),
    Page("way-back-gone", "doors", "/me/way-back/?next=/events/", who="newcomer"),
    Page("come-back", "doors", "/come-back/"),
    Page(
        "come-back-wrong",
        "doors",
        "/come-back/",
        sends={"phrase": "one two three four five six"},
        headers=SOMEBODY_NEW,
        status=422,
    ),
    Page(
        "come-back-wait",
        "doors",
        "/come-back/",
        sends={"phrase": "one two three four five six"},
        headers=A_STRANGER,
        tries=20,
        status=429,
    ),
    Page("passkeys", "doors", "/me/passkeys/", who="participant"),
    Page("passkeys-some", "doors", "/me/passkeys/?next=/events/", who="passkeys"),
    Page("come-by-code", "doors", "/come-back/device/"),
    Page(
        "come-by-code-wrong",
        "doors",
        "/come-back/device/",
        sends={"code": "12345 67890"},
        headers=SOMEBODY_NEW,
        status=422,
    ),
    Page("come-by-square", "doors", "/come-back/device/{square}/"),
    Page("come-by-square-over", "doors", "/come-back/device/no-such-square/", status=410),
    Page("second-device", "doors", "/me/second-device/", who="participant"),
    Page("second-device-waits", "doors", "/me/second-device/", who="asked"),
    Page("second-device-used", "doors", "/me/second-device/", who="joined"),
    Page("my-place", "doors", "/me/", who="participant"),
    Page("my-place-staff", "doors", "/me/", who="organiser"),
    Page("my-place-contributor", "doors", "/me/", who="contributor"),
    Page("delete", "doors", "/me/delete/", who="participant"),
    Page("held", "doors", "/me/what-we-know/", who="participant"),
    Page("held-contributor", "doors", "/me/what-we-know/", who="contributor"),
    Page("held-staff", "doors", "/me/what-we-know/", who="colleague"),
    Page("agree", "doors", "/me/consents/new/quoted/", who="participant"),
    Page("agree-to-a-name", "doors", "/me/consents/new/named/", who="participant"),
    Page(
        "agree-to-a-wrong-name",
        "doors",
        "/me/consents/new/named/",
        who="participant",
        sends={"name": "Mod\u0435rator"},
        status=422,
    ),
    Page("take-back", "doors", "{take_back}", who="contributor"),
    Page("claim", "doors", "/me/claim/{claim_link}/", who="participant"),
    Page("claim-outside", "doors", "/me/claim/{claim_link}/"),
    Page("claim-over", "doors", "/me/claim/no-such-link/", who="participant", status=410),
    Page("notices", "doors", "/me/notices/", who="contributor"),
    Page("notices-none", "doors", "/me/notices/", who="participant"),
    Page("left", "doors", "/left/"),
    Page("deleted", "doors", "/deleted/"),
    Page("staff-door", "doors", "/staff-door/"),
    Page("staff-door-wrong", "doors", "/staff-door/", sends=WRONG_SIGN_IN, headers=SOMEBODY_NEW, status=422),
    Page("staff-wait", "doors", "/staff-door/", sends=WRONG_SIGN_IN, headers=A_STRANGER, tries=20, status=429),
    Page("staff-lost", "doors", "/staff-door/lost/"),
    Page("factors", "doors", "/staff-door/factors/", who="organiser"),
    Page("factors-none", "doors", "/staff-door/factors/", who="invited"),
    Page("factor-passkey", "doors", "/staff-door/factors/passkey/", who="invited"),
    Page("factor-codes-seen", "doors", "/staff-door/factors/codes/", who="organiser"),
    Page("factor-remove", "doors", "{factor_remove}", who="proven"),
    Page("factor-gone", "doors", "/staff-door/factors/1/remove/", who="proven", status=404),
    Page("prove", "doors", "/staff-door/prove/", who="organiser"),
    Page("staff-link", "doors", "/staff-door/{staff_link}/"),
    Page("staff-link-refused", "doors", "/staff-door/no-such-link/", status=410),
    Page("preferences", "doors", "/preferences/"),
    Page("privacy", "doors", "/privacy/"),
)

ROOMS = (
    Page("room-door", "room", "{room_with_talk}", status=403),
    Page("room-public-out", "room", "{room_public}", ready=CONNECTED),
    Page("room-with-talk", "room", "{room_with_talk}", who="participant", ready=CONNECTED),
    Page("room-text", "room", "{room_with_talk}?text", who="participant", ready=CONNECTED),
    Page("room-earlier", "room", "{room_with_talk}?before=8&type=3", who="participant"),
    Page("room-message", "room", "{room_with_talk}messages/2/", who="participant"),
    Page("room-message-gone", "room", "{room_with_talk}messages/999/", who="participant", status=404),
    Page("room-search", "room", "{room_with_talk}search/?q=kettle", who="participant"),
    Page("room-search-empty", "room", "{room_with_talk}search/?q=submarine", who="participant"),
    Page("room-empty", "room", "{room_empty}", who="participant", ready=CONNECTED),
    Page("room-closed", "room", "{room_closed}", who="participant", ready=CONNECTED),
    Page("room-closed-door", "room", "{room_closed}", status=403),
    Page("room-erased", "room", "{room_erased}", who="participant", status=410),
)

APART = (
    Page("gallery", "gallery", "/design/"),
    Page("error-400", "errors", "/looks/not-understood/", status=400),
    Page("error-403", "errors", "/me/delete/", who="organiser", status=403),
    Page(
        "error-403-csrf",
        "errors",
        f"{EVENT}join/",
        sends={"chosen_name": "Wren"},
        loses_cookies=True,
        status=403,
    ),
    Page("error-404", "errors", "/nowhere/", status=404),
    Page("offline", "errors", "/offline/"),
    Page("error-500", "errors", "/looks/our-fault/", status=500),
    Page("error-503", "errors", "/looks/key-is-lost/", status=503),
)

STAFF = (
    Page("staff-home", "staff", "/staff/", who="organiser", ready=SIDEBAR),
    Page("staff-home-quiet", "staff", "/staff/", who="organiser", ready=SIDEBAR, house=QUIET),
    Page("staff-events", "staff", "/staff/events/", who="organiser", ready=SIDEBAR),
    Page("staff-events-none", "staff", "/staff/events/", who="organiser", ready=SIDEBAR, house=QUIET),
    Page("staff-sessions", "staff", "/staff/sessions/", who="organiser", ready=SIDEBAR),
    Page("staff-persons", "staff", "/staff/persons/", who="organiser", ready=SIDEBAR),
    Page("staff-person", "staff", "/staff/persons/{person}/", who="organiser", ready=SIDEBAR),
    Page("staff-home-analyst", "staff", "/staff/", who="analyst", ready=SIDEBAR),
    Page("staff-colleagues", "staff", "/staff/colleagues/", who="organiser", ready=SIDEBAR),
    Page("staff-colleague", "staff", "/staff/colleagues/{analyst}/", who="organiser", ready=SIDEBAR),
    Page("staff-invite", "staff", "/staff/colleagues/invite/", who="organiser", ready=SIDEBAR),
    Page(
        "staff-invite-refused",
        "staff",
        "/staff/colleagues/invite/",
        who="organiser",
        ready=SIDEBAR,
        sends={"pseudonym": "Demo organiser", "role": "care", "scope": "nowhere"},
        status=422,
    ),
    Page("staff-audit", "staff", "/staff/audit/", who="organiser", ready=SIDEBAR),
    Page("staff-audit-none", "staff", "/staff/audit/?month=2001-01", who="organiser", ready=SIDEBAR),
    Page("staff-exports", "staff", "/staff/exports/", who="organiser", ready=SIDEBAR),
    Page("staff-import", "staff", "/staff/programme/import/", who="organiser", ready=SIDEBAR),
    Page(
        "staff-import-preview",
        "staff",
        "/staff/programme/import/",
        who="organiser",
        ready=SIDEBAR,
        sends={"file": PROGRAMMES / "festival.json", "slug": "one-sky"},
    ),
    Page(
        "staff-import-refused",
        "staff",
        "/staff/programme/import/",
        who="organiser",
        ready=SIDEBAR,
        sends={"file": SPOILT},
        status=422,
    ),
    Page("staff-front-page", "staff", "/staff/pages/{front_page}/edit/", who="organiser", ready=SIDEBAR),
)

LONG, SHORT, SCRIPTS, MIXED = (f"/events/{slug}/" for slug in ("long-names", "one-letter", "six-scripts", "two-ways"))
BAD_INPUT = (
    Page("extreme-front", "extremes", "/", house=EXTREMES),
    Page("extreme-events", "extremes", "/events/", house=EXTREMES),
    Page("long-event", "extremes", LONG, house=EXTREMES, who="participant"),
    Page("long-programme", "extremes", f"{LONG}programme/", house=EXTREMES),
    Page("long-session", "extremes", f"{LONG}sessions/long/", house=EXTREMES),
    Page("long-contributor", "extremes", "{long_contributor}", house=EXTREMES),
    Page("long-come-in", "extremes", f"{LONG}join/", house=EXTREMES, who="participant"),
    Page("long-my-place", "extremes", "/me/", house=EXTREMES, who="participant"),
    Page("long-held", "extremes", "/me/what-we-know/", house=EXTREMES, who="participant"),
    Page("long-room", "extremes", "{long_room}", house=EXTREMES, who="participant", ready=CONNECTED),
    Page("short-event", "extremes", SHORT, house=EXTREMES),
    Page("short-programme", "extremes", f"{SHORT}programme/", house=EXTREMES),
    Page("short-session", "extremes", f"{SHORT}sessions/o/", house=EXTREMES),
    Page("short-contributor", "extremes", "{short_contributor}", house=EXTREMES),
    Page("scripts-event", "extremes", SCRIPTS, house=EXTREMES),
    Page("scripts-programme", "extremes", f"{SCRIPTS}programme/", house=EXTREMES),
    Page("scripts-session", "extremes", f"{SCRIPTS}sessions/script-2/", house=EXTREMES),
    Page("mixed-programme", "extremes", f"{MIXED}programme/", house=EXTREMES),
    Page("mixed-session", "extremes", f"{MIXED}sessions/both/", house=EXTREMES),
    Page("mixed-room", "extremes", "{mixed_room}", house=EXTREMES, who="participant", ready=CONNECTED),
    Page("room-with-nobody", "extremes", "{room_empty}", house=EXTREMES, who="participant", ready=CONNECTED),
    Page("programme-of-one", "extremes", "/events/only-one/programme/", house=EXTREMES),
    Page("programme-without-tracks", "extremes", "/events/no-tracks/programme/", house=EXTREMES),
    Page("event-of-900", "extremes", "/events/nine-hundred/", house=EXTREMES),
    Page("programme-of-900", "extremes", "/events/nine-hundred/programme/", house=EXTREMES),
    Page("extreme-staff-events", "extremes", "/staff/events/", house=EXTREMES, who="organiser", ready=SIDEBAR),
    Page("extreme-staff-sessions", "extremes", "/staff/sessions/", house=EXTREMES, who="organiser", ready=SIDEBAR),
)


def _under(condition: Condition, *names: str) -> tuple[Page, ...]:
    """The pages of these names once more, under another condition."""
    known = {page.name: page for page in (*OUTSIDE, *DOORS, *ROOMS, *APART)}
    pages = [
        replace(known[name], name=f"{name}-{condition}", group="conditions", condition=condition) for name in names
    ]
    # Without scripts nothing says that it is connected.
    return tuple(replace(page, ready="") if condition == Condition.NO_SCRIPTS else page for page in pages)


CONDITIONS = (
    *_under(Condition.NO_SCRIPTS, "event-in", "programme", "session-now", "come-back", "way-back", "passkeys"),
    *_under(Condition.NO_SCRIPTS, "preferences", "room-with-talk"),
    *_under(Condition.NO_STYLES, "front", "event-out", "programme", "come-in-wrong", "room-with-talk"),
    *_under(Condition.FEW_FONTS, "front", "event-out", "programme", "session-now", "room-with-talk"),
    *_under(Condition.PRINTED, "programme", "session-now", "way-back"),
)

PAGES = (*OUTSIDE, *DOORS, *ROOMS, *APART, *STAFF, *BAD_INPUT, *CONDITIONS)
