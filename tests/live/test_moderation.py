"""What those see who moderate, what they do there, and what of it is written down."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tertulia.kit.errors import Gone
from tertulia.live import actions
from tertulia.live.models import Audience, Restriction, Room
from tertulia.live.queries import author_of, invitation_address, latest_talk, waiting_talk
from tertulia.live.relay.hub import ask
from tertulia.live.relay.tickets import COOKIE, check
from tertulia.people.models import Account, AuditEntry
from tertulia.programme.models import Participation
from tests.factories.people import sign_in
from tests.live.scenes import a_moderator, a_room, address, said_on, say_all, somebody_in, text_of

pytestmark = pytest.mark.django_db
RULES = {"is_open": "on", "slow": "0", "newcomers": "0", "audience": "account"}


@pytest.fixture
def moderator(room: Room) -> Account:
    return a_moderator(room)


@pytest.fixture
def desk(moderator: Account) -> Client:
    """The browser of the moderator."""
    return sign_in(Client(), moderator)


def screen(room: Room) -> str:
    return f"{address(room)}moderation/"


def act(room: Room, sequence: int, name: str) -> str:
    return f"{screen(room)}messages/{sequence}/{name}/"


def kept() -> list[tuple[str, str, str, str]]:
    """The audit log: what, the kind and name of what it is about, further words; oldest first."""
    rows = AuditEntry.objects.filter(what__startswith="live.").order_by("number")
    return list(rows.values_list("what", "kind", "subject", "detail"))


def held(room: Room, who: Participation, text: str) -> int:
    """Something said that waits for approval; its sequence."""
    message = {"id": f"held-{text[:20]:_<8}".replace(" ", "_"), "text": text}
    request = {"room": room.public_id, "author": author_of(who), "name": who.chosen_name, "message": message}
    return int(ask(settings.LIVE_SOCKET, request)["held"])


class TestReading:
    @pytest.mark.usefixtures("relay")
    def test_staff_read_a_room_without_a_box_and_hear_what_waits(
        self, desk: Client, room: Room, wren: Participation
    ) -> None:
        actions.set_audience(room, Audience.INVITED)
        say_all(room, wren, "good evening")
        page = desk.get(address(room))
        assert said_on(page) == ["good evening"]
        assert 'id="say"' not in page.content.decode()
        assert "You read here as one of the staff. Staff do not write in rooms." in text_of(page)
        ticket = check(settings.KEYS.make("tickets"), page.cookies[COOKIE].value, room.public_id)
        assert ticket
        assert (ticket.author, ticket.may_speak, ticket.moderates) == ("", False, True)
        sent = desk.post(address(room), {"client_id": "message-1", "text": "as staff"})
        assert (sent.status_code, "You cannot write here just now. What you wrote: as staff" in text_of(sent)) == (
            403,
            True,
        )

    @pytest.mark.usefixtures("relay")
    def test_each_message_leads_them_to_what_they_can_do_and_nobody_else(
        self, desk: Client, inside: Client, room: Room, wren: Participation
    ) -> None:
        say_all(room, wren, "one", "two")
        pages = [one.get(address(room)).content.decode() for one in (desk, inside)]
        links = [re.findall(r'href="[^"]*/messages/(\d+)/([a-z-]+)/"', page) for page in pages]
        everything = ["remove", "mute", "ask-to-leave"]
        # The last ones are those of the template that the script fills.
        assert links == [[(number, name) for number in ("1", "2", "0") for name in everything], []]

    @pytest.mark.usefixtures("relay")
    def test_what_waits_is_counted_for_them(self, desk: Client, room: Room, wren: Participation) -> None:
        actions.set_rules(room, slow=0, hold=True, newcomers=0)
        actions.carry_out_what_waits()
        held(room, wren, "first")
        assert "Moderation 1 message waits" in text_of(desk.get(address(room)))


class TestKeeping:
    def test_the_form_says_how_it_is_and_changes_only_what_differs(self, desk: Client, room: Room) -> None:
        page = desk.get(screen(room)).content.decode()
        assert re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page) == [
            ("slow", "0"),
            ("newcomers", "0"),
            ("audience", "account"),
        ]
        assert desk.post(screen(room), RULES).status_code == 302
        assert kept() == []
        desk.post(screen(room), {**RULES, "hold": "on", "slow": "30", "newcomers": "15"})
        desk.post(screen(room), {"slow": "30", "newcomers": "15", "hold": "on", "audience": "community"})
        room.refresh_from_db()
        told = (room.is_open, room.is_held, room.slow_seconds, room.newcomer_minutes, room.audience)
        assert told == (False, True, 30, 15, "community")
        assert [what for what, *_rest in kept()] == ["live.RulesSet", "live.RoomClosed", "live.AudienceSet"]
        desk.post(screen(room), {**RULES, "hold": "on", "slow": "30", "newcomers": "15", "audience": "community"})
        assert kept()[-1] == ("live.RoomOpened", "room", room.public_id, "")

    @pytest.mark.parametrize("wrong", [{"slow": "11"}, {"newcomers": "1"}, {"audience": "everybody"}])
    def test_what_is_not_offered_is_refused(self, desk: Client, room: Room, wrong: dict[str, str]) -> None:
        assert desk.post(screen(room), {**RULES, **wrong}).status_code == 422
        assert kept() == []

    def test_the_link_stands_there_while_the_room_is_for_the_invited(self, desk: Client, room: Room) -> None:
        assert "The link that invites" not in text_of(desk.get(screen(room)))
        actions.set_audience(room, Audience.INVITED)
        assert invitation_address(room) in text_of(desk.get(screen(room)))
        assert desk.post(f"{screen(room)}invitation/").status_code == 302
        assert invitation_address(room) not in text_of(desk.get(screen(room)))
        assert kept()[-1] == ("live.InvitationRenewed", "room", room.public_id, "")

    def test_an_erased_room_has_nothing_to_moderate(self, desk: Client, room: Room) -> None:
        actions.erase_talk(room)
        assert (desk.get(screen(room)).status_code, desk.post(screen(room), RULES).status_code) == (410, 410)


@pytest.mark.usefixtures("relay")
class TestMessages:
    def test_removing_asks_first_and_then_the_words_are_gone(
        self, desk: Client, moderator: Account, room: Room, wren: Participation
    ) -> None:
        say_all(room, wren, "one", "an address")
        asked = desk.get(act(room, 2, "remove"))
        assert "Remove this message?" in text_of(asked)
        shown = text_of(asked)
        assert all(word in shown for word in ("Wren", author_of(wren), "an address"))
        assert [message.text for message in latest_talk(room).messages] == ["one", "an address"]
        assert desk.post(act(room, 2, "remove")).status_code == 302
        assert [(message.text, message.gone_by) for message in latest_talk(room).messages] == [
            ("one", ""),
            ("", "moderator"),
        ]
        assert "Removed by a moderator." in text_of(desk.get(address(room)))
        assert kept() == [("live.MessageRemoved", "room", room.public_id, "")]
        entry = AuditEntry.objects.order_by("number").last()
        assert entry
        assert (entry.by, entry.roles) == (moderator.pseudonym, f"moderator {room.event.slug}")

    @pytest.mark.parametrize("name", ["remove", "mute", "ask-to-leave"])
    def test_what_is_not_there_any_more_cannot_be_moderated(
        self, desk: Client, room: Room, wren: Participation, name: str
    ) -> None:
        say_all(room, wren, "one", "two")
        actions.remove_message(room, 1)
        other = a_room(room.event, name="Courtyard")
        # The third entry says that the first was removed.
        for place in (act(room, 1, name), act(room, 3, name), act(room, 0, name), act(other, 1, name)):
            assert [desk.get(place).status_code, desk.post(place, {"time": "60"}).status_code] == [404, 404]

    def test_muting_holds_here_and_is_told_without_a_name(self, desk: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "one")
        assert "Let this person only read?" in text_of(desk.get(act(room, 1, "mute")))
        assert desk.post(act(room, 1, "mute"), {"time": "10"}).status_code == 302
        restriction = Restriction.objects.get()
        assert (restriction.room, restriction.author, restriction.kind) == (room, author_of(wren), "mute")
        words = text_of(desk.get(screen(room)))
        assert f"Wren {author_of(wren)} may not write · until" in words
        assert kept() == [("live.Muted", "room", room.public_id, "10 min")]

    def test_asking_to_leave_holds_in_all_rooms_until_it_is_lifted(
        self, desk: Client, inside: Client, room: Room, wren: Participation
    ) -> None:
        other = a_room(room.event, name="Courtyard")
        say_all(room, wren, "one")
        assert desk.post(act(room, 1, "ask-to-leave"), {"time": "0"}).status_code == 302
        assert inside.get(address(other)).status_code == 403
        page = desk.get(screen(other)).content.decode()
        assert "was asked to leave · until the event is over" in page.replace("\n", " ")
        lifted = re.findall(r'action="([^"]*/restrictions/\d+/lift/)"', page)
        assert [desk.post(place).status_code for place in lifted] == [302]
        assert inside.get(address(other)).status_code == 200
        assert "This is over already." in text_of(desk.post(lifted[0], follow=True))
        about = ("event", room.event.slug)
        assert kept() == [("live.Banned", *about, ""), ("live.RestrictionLifted", *about, "ban")]

    @pytest.mark.parametrize(("name", "time"), [("mute", "0"), ("mute", ""), ("ask-to-leave", "10"), ("mute", "x")])
    def test_for_how_long_has_to_be_chosen(
        self, desk: Client, room: Room, wren: Participation, name: str, time: str
    ) -> None:
        say_all(room, wren, "one")
        assert desk.post(act(room, 1, name), {"time": time}).status_code == 422
        assert Restriction.objects.count() == 0

    def test_the_log_and_the_table_name_nobody(self, desk: Client, room: Room, wren: Participation) -> None:
        say_all(room, wren, "one")
        desk.post(act(room, 1, "ask-to-leave"), {"time": "60"})
        desk.post(act(room, 1, "mute"), {"time": "10"})
        desk.post(act(room, 1, "remove"))
        log, table = repr(list(AuditEntry.objects.values())), repr(list(Restriction.objects.values()))
        who = (wren.chosen_name, wren.account.public_id, str(wren.account_id), author_of(wren))
        assert [word for word in who if word in log] == []
        assert [word for word in who[:3] if word in table] == []


@pytest.mark.usefixtures("relay")
class TestWaiting:
    @pytest.fixture
    def first(self, room: Room, wren: Participation) -> int:
        actions.set_rules(room, slow=0, hold=True, newcomers=0)
        actions.carry_out_what_waits()
        return held(room, wren, "first words")

    def test_what_is_published_is_said_once(self, desk: Client, room: Room, first: int) -> None:
        page = desk.get(screen(room))
        assert said_on(page) == ["first words"]
        assert latest_talk(room).messages == []
        place = f"{screen(room)}waiting/{first}/"
        assert desk.post(place, {"approve": "1"}).status_code == 302
        assert [message.text for message in latest_talk(room).messages] == ["first words"]
        assert "This message is not there any more." in text_of(desk.post(place, {"approve": "1"}, follow=True))
        assert "Nothing waits for approval." in text_of(desk.get(screen(room)))
        assert kept()[1:] == [("live.WaitingDecided", "room", room.public_id, "published")]

    def test_what_is_taken_out_is_never_said(self, desk: Client, room: Room, first: int) -> None:
        desk.post(f"{screen(room)}waiting/{first}/", {"refuse": "1"})
        assert (waiting_talk(room), latest_talk(room).messages) == ([], [])
        assert kept()[1:] == [("live.WaitingDecided", "room", room.public_id, "refused")]


class TestWithoutARelay:
    def test_what_could_not_be_done_is_said_and_not_written_down(self, desk: Client, room: Room) -> None:
        for try_it in (
            lambda: actions.remove_message(room, 1),
            lambda: actions.decide_waiting(room, 1, approve=True),
        ):
            with pytest.raises(Gone, match="The room cannot be reached just now. Nothing has changed: try again."):
                try_it()
        page = desk.post(f"{screen(room)}waiting/1/", {"approve": "1"}, follow=True)
        assert "The room cannot be reached just now." in text_of(page)
        assert kept() == []


@pytest.mark.usefixtures("relay")
@pytest.mark.parametrize("count", [1, 3])
def test_the_screen_asks_the_database_as_often_for_many(
    desk: Client, room: Room, count: int, django_assert_max_num_queries: Any
) -> None:
    actions.set_rules(room, slow=0, hold=True, newcomers=0)
    actions.carry_out_what_waits()
    for number in range(count):
        who = somebody_in(room, f"Bird {number}")
        held(room, who, f"text {number}")
        actions.mute(room, author_of(who), 10)
    with django_assert_max_num_queries(8):
        page = desk.get(screen(room))
    assert (len(said_on(page)), page.content.decode().count("/lift/")) == (count, count)
