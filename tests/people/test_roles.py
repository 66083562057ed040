"""Each role: where it holds, what it may do today, and how it is given and taken."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tertulia.home.models import HomePage
from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.live.actions import open_rooms, set_audience
from tertulia.live.models import Audience
from tertulia.live.rules import can_open_door
from tertulia.people import rules
from tertulia.people.actions import appoint, dismiss, issue_claim_link, unappoint, withdraw_consent
from tertulia.people.actions.appointment import UNAPPOINTED
from tertulia.people.models import OF_EVENTS, Account, Appointment, Person, Purpose, StaffRole
from tertulia.people.queries.consent import persons_listed
from tertulia.programme.actions.closing import close_event
from tertulia.programme.models import Event
from tertulia.programme.rules import can_close, can_edit_programme, can_import
from tests.factories import make_account, make_event, make_person, make_room, make_session

pytestmark = pytest.mark.django_db
EVERYWHERE = sorted(set(StaffRole) - OF_EVENTS)


@pytest.fixture
def nights() -> Event:
    event = make_event("nights")
    make_room(event)
    make_session(event, persons=("Ana Flores",))
    return event


@pytest.fixture
def days() -> Event:
    event = make_event("days")
    make_session(event, persons=("Bela Stone",))
    return event


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize("role", sorted(OF_EVENTS))
def test_a_role_of_events_is_held_for_one_or_for_all(role: StaffRole) -> None:
    one, every = make_account(role, scope="nights"), make_account(role)
    assert [rules.acts_as(one, role)(slug) for slug in ("nights", "days", "")] == [True, False, False]
    assert [rules.acts_as(every, role)(slug) for slug in ("nights", "days", "")] == [True, True, True]


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize("role", EVERYWHERE)
def test_a_role_of_the_house_is_not_held_for_one_event(role: StaffRole) -> None:
    with pytest.raises(Invalid) as refused:
        make_account(role, scope="nights")
    assert refused.value.where == "scope"
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("role", sorted(StaffRole))
def test_every_role_opens_the_staff_screens_and_administrators_hold_every_role(role: StaffRole) -> None:
    account = make_account(role)
    assert (rules.is_staff(account), rules.can_enter_staff_screens(account)) == (True, True)
    assert rules.acts_as(make_account("administrator"), role)("nights")
    account.is_active = False
    assert not rules.acts_as(account, role)("nights")
    assert not rules.acts_as(AnonymousUser(), role)("nights")


def may(account: Account, event: Event) -> dict[str, bool]:
    room = event.live_rooms.get()
    person = Person.objects.get(credits__session__event=event)
    page = HomePage.objects.get().permissions_for_user(account)
    return {
        "import": can_edit_programme(account, event),
        "close": can_close(account, event),
        "open doors": can_open_door(account, room),
        "care": rules.can_care_for(account, person),
        "edit pages": page.can_edit() and page.can_publish(),
        "appoint": rules.can_appoint(account),
        "read the log": rules.can_read_audit(account),
    }


POWERS = {
    StaffRole.ADMINISTRATOR: {"import", "close", "open doors", "care", "edit pages", "appoint", "read the log"},
    StaffRole.ORGANISER: {"import", "close", "open doors", "care"},
    StaffRole.PROGRAMMER: {"import"},
    StaffRole.MODERATOR: {"open doors"},
    StaffRole.CARE: {"care"},
    StaffRole.EDITOR: {"edit pages"},
}


@pytest.mark.parametrize("role", sorted(StaffRole))
def test_what_each_role_may_do_today(role: StaffRole, nights: Event) -> None:
    open_rooms(nights)
    assert {name for name, allowed in may(make_account(role), nights).items() if allowed} == POWERS.get(role, set())


@pytest.mark.parametrize("role", sorted(OF_EVENTS))
def test_at_another_event_a_role_may_nothing(role: StaffRole, nights: Event, days: Event) -> None:
    open_rooms(nights)
    elsewhere, here = make_account(role, scope=days.slug), make_account(role, scope=nights.slug)
    assert not any(may(elsewhere, nights).values())
    # Who organises one event alone does not care for its persons: that is a role of its own.
    assert {name for name, can in may(here, nights).items() if can} == POWERS.get(role, set()) - (
        {"care"} if role == StaffRole.ORGANISER else set()
    )


def test_only_roles_with_a_programme_may_import(nights: Event) -> None:
    letting = {role for role in StaffRole if can_import(make_account(role))}
    assert letting == {StaffRole.ADMINISTRATOR, StaffRole.ORGANISER, StaffRole.PROGRAMMER}
    assert can_import(make_account("programmer", scope=nights.slug))
    assert not can_edit_programme(make_account("programmer", scope=nights.slug), None)


def test_a_moderator_opens_the_doors_of_their_event_and_no_others(nights: Event) -> None:
    room = open_rooms(nights)[0]
    set_audience(room, Audience.PUBLIC, by=make_account("moderator", scope="nights"))
    assert room.audience == Audience.PUBLIC
    make_event("days")
    for by in (make_account("moderator", scope="days"), make_account("programmer"), make_account("interpreter")):
        with pytest.raises(NotAllowed):
            set_audience(room, Audience.ACCOUNT, by=by)


def test_who_makes_the_programme_does_not_close_the_event(nights: Event) -> None:
    with pytest.raises(NotAllowed):
        close_event(nights, by=make_account("programmer"))
    close_event(nights, by=make_account("organiser", scope="nights"))


class TestCare:
    def test_it_sees_the_persons_of_its_events_alone(self, nights: Event, days: Event) -> None:
        make_person("Nobody credits me")
        names = [person.name for person in persons_listed(make_account("care", scope=nights.slug))]
        assert names == ["Ana Flores"]
        both = make_account("care", scope=nights.slug)
        appoint(both, StaffRole.CARE, days.slug)
        assert [person.name for person in persons_listed(both)] == ["Ana Flores", "Bela Stone"]
        assert [person.name for person in persons_listed(make_account("care"))] == ["Ana Flores", "Bela Stone"]
        assert list(persons_listed(make_account("reviewer"))) == []

    @pytest.mark.usefixtures("nights")
    def test_who_took_their_name_back_is_still_cared_for(self) -> None:
        care, ana = make_account("care", scope="nights"), Person.objects.get(name="Ana Flores")
        withdraw_consent(ana, Purpose.NAMED, care)
        assert [person.pk for person in persons_listed(care)] == [ana.pk]

    def test_it_acts_for_its_own_alone(self, nights: Event, days: Event) -> None:
        care, bela = make_account("care", scope=nights.slug), Person.objects.get(name="Bela Stone")
        with pytest.raises(NotAllowed):
            withdraw_consent(bela, Purpose.NAMED, care)
        with pytest.raises(NotAllowed):
            issue_claim_link(bela, care)
        assert issue_claim_link(bela, make_account("care", scope=days.slug))

    def test_the_list_asks_as_often_for_three_persons_as_for_one(self, nights: Event) -> None:
        care, counts = make_account("care", scope="nights"), []
        for number in range(3):
            make_session(nights, persons=(f"Sample {number}",))
            with CaptureQueriesContext(connection) as counted:
                list(persons_listed(care))
            counts.append(len(counted))
        assert counts[0] == counts[2]


class TestTakingARoleAway:
    def test_the_others_stay(self, nights: Event) -> None:
        account = make_account("moderator", scope="nights")
        appoint(account, StaffRole.EDITOR)
        unappoint(account, StaffRole.EDITOR, by=make_account("administrator"))
        assert [(one.role, one.scope) for one in account.appointments.all()] == [("moderator", nights.slug)]
        assert [group.name for group in account.groups.all()] == ["moderator"]

    def test_an_administrator_who_is_none_any_more_may_nothing(self) -> None:
        account = make_account("administrator")
        appoint(account, StaffRole.ANALYST)
        unappoint(account, StaffRole.ADMINISTRATOR, by=make_account("administrator"))
        assert (rules.is_administrator(account), Account.objects.get(pk=account.pk).is_superuser) == (False, False)

    def test_what_is_not_held_and_what_is_the_only_role_is_refused(self) -> None:
        account, by = make_account("editor"), make_account("administrator")
        for role in (StaffRole.ANALYST, StaffRole.EDITOR):
            with pytest.raises(Invalid) as refused:
                unappoint(account, role, by=by)
            assert refused.value.where == "role"
        assert account.appointments.count() == 1

    def test_nobody_takes_their_own_administration_so_one_is_always_left(self) -> None:
        last = make_account("administrator")
        appoint(last, StaffRole.EDITOR)
        with pytest.raises(NotAllowed):
            unappoint(last, StaffRole.ADMINISTRATOR, by=last)
        with pytest.raises(NotAllowed):
            dismiss(last, by=last)
        assert rules.is_administrator(last)
        unappoint(last, StaffRole.EDITOR, by=last)

    def test_only_an_administrator_does_it(self) -> None:
        account = make_account("editor")
        appoint(account, StaffRole.ANALYST)
        for by in (make_account("organiser"), account):
            with pytest.raises(NotAllowed):
                unappoint(account, StaffRole.ANALYST, by=by)

    def test_a_restore_does_not_bring_it_back(self, nights: Event) -> None:
        from django.conf import settings

        from tertulia.kit.registry import erasures

        account = make_account("moderator", scope=nights.slug)
        key = appoint(account, StaffRole.EDITOR).pk
        unappoint(account, StaffRole.EDITOR)
        # As an older archive has it.
        Appointment.objects.create(pk=key, account=account, role=StaffRole.EDITOR)
        again = erasures.named(UNAPPOINTED)
        noted = [
            one for one in again.present() if settings.ERASURES.holds(UNAPPOINTED, one, settings.ERASURES.digests())
        ]
        assert noted == [str(key)]
        again.erase(noted[0])
        assert [one.role for one in account.appointments.all()] == ["moderator"]
