"""Staff: roles, what follows from them, and links that work once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.people import rules
from tertulia.people.actions import appoint, dismiss, invite, issue_sign_in_link, redeem_sign_in_link
from tertulia.people.models import Account, Appointment, SignInLink, StaffRole
from tertulia.people.tasks import clear_ended
from tertulia.programme.models import Event
from tests.factories import make_account, make_event
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def festival() -> Event:
    """An event that a role can be limited to."""
    return make_event("festival")


def make_link(account: Account, minutes: int = 60, *, loopback_only: bool = False) -> str:
    return issue_sign_in_link(account, minutes, loopback_only=loopback_only)


def powers(account: Account | AnonymousUser) -> tuple[bool, bool, bool, bool, bool]:
    return (
        rules.is_staff(account),
        rules.is_administrator(account),
        rules.is_organiser(account, "festival"),
        rules.is_organiser(account, "another"),
        rules.can_enter_staff_screens(account),
    )


@pytest.mark.usefixtures("festival")
def test_what_each_may() -> None:
    everywhere, here = make_account("organiser"), make_account("organiser", scope="festival")
    administrator, participant = make_account("administrator"), make_account()
    assert powers(administrator) == (True, True, True, True, True)
    assert powers(everywhere) == (True, False, True, True, True)
    assert powers(here) == (True, False, True, False, True)
    assert powers(participant) == (False, False, False, False, False)
    assert powers(AnonymousUser()) == (False, False, False, False, False)


def test_a_closed_account_may_nothing() -> None:
    account = make_account("administrator")
    account.is_active = False
    account.save()
    assert powers(account) == (False, False, False, False, False)


@pytest.mark.usefixtures("festival")
def test_a_role_given_twice_is_held_once() -> None:
    account = make_account("organiser", scope="festival")
    appoint(account, StaffRole.ORGANISER, "festival")
    assert Appointment.objects.filter(account=account).count() == 1
    assert list(account.appointments.values_list("role", "scope")) == [(StaffRole.ORGANISER, "festival")]


def test_only_an_administrator_appoints() -> None:
    colleague = make_account("organiser")
    for by in (make_account("organiser"), make_account()):
        with pytest.raises(NotAllowed):
            appoint(colleague, StaffRole.ADMINISTRATOR, by=by)
    appoint(colleague, StaffRole.ADMINISTRATOR, by=make_account("administrator"))
    assert rules.is_administrator(colleague)


def test_an_administrator_of_one_event_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        invite("Heron", StaffRole.ADMINISTRATOR, "festival")
    assert refused.value.where == "scope"
    assert Account.objects.count() == 0


@pytest.mark.usefixtures("festival")
@pytest.mark.parametrize("scope", ["festivall", "Festival", "festival ", "*"])
def test_a_role_in_an_event_that_there_is_none_of_is_refused(scope: str) -> None:
    with pytest.raises(Invalid, match="There is no event at the address") as refused:
        invite("Heron", StaffRole.ORGANISER, scope)
    assert refused.value.where == "scope"
    assert Account.objects.count() == 0


@pytest.mark.parametrize("name", ["Garça", "garça", " GARÇA ", "Garc\u0327a", "Garca", "Gar-ça"])
def test_no_two_colleagues_are_called_the_same(name: str) -> None:
    """Nor after one of them has left: what they published still names them."""
    first = invite("Garça", StaffRole.ORGANISER)
    for _ in range(2):
        with pytest.raises(Invalid, match="A colleague is called that already") as refused:
            invite(name, StaffRole.ORGANISER)
        assert refused.value.where == "pseudonym"
        if first.appointments.exists():
            dismiss(first)
    assert Account.objects.count() == 1


@pytest.mark.parametrize("name", ["A\u200bna", "A\u043da", "Ana\u202e", "\u0410na"])
def test_a_colleague_is_called_as_it_looks(name: str) -> None:
    """In the audit log, and beside an export, one would be taken for another."""
    with pytest.raises(Invalid) as refused:
        invite(name, StaffRole.ORGANISER)
    assert (refused.value.where, Account.objects.count()) == ("pseudonym", 0)


def test_the_database_keeps_two_colleagues_apart_and_lets_participants_be_nameless() -> None:
    Account.objects.create(pseudonym="Heron")
    Account.objects.bulk_create([Account(pseudonym=""), Account(pseudonym="")])
    with pytest.raises(IntegrityError, match="people_account_pseudonym_once"), transaction.atomic():
        Account.objects.create(pseudonym="heron")
    assert Account.objects.count() == 3


def test_a_participants_account_is_not_made_one_of_staff() -> None:
    account = make_account()
    with pytest.raises(Invalid) as refused:
        appoint(account, StaffRole.ORGANISER)
    assert refused.value.where == "account"


class TestDismissing:
    def test_everything_that_opened_a_door_goes(self) -> None:
        account = make_account("administrator")
        token = make_link(account)
        client = sign_in(Client(), account)
        account.user_permissions.add(Permission.objects.earliest("pk"))
        dismiss(account, by=make_account("administrator"))
        kept = Account.objects.get(pk=account.pk)
        held = (kept.appointments, kept.groups, kept.user_permissions, kept.sessions, kept.sign_in_links)
        assert [rows.count() for rows in held] == [0] * 5
        assert (kept.is_active, kept.is_superuser) == (False, False)
        assert powers(kept) == (False, False, False, False, False)
        assert client.get("/staff/").status_code == 302
        with pytest.raises(Gone):
            redeem_sign_in_link(token)
        with pytest.raises(NotAllowed):
            make_link(kept)

    def test_others_stay(self) -> None:
        goes, stays = make_account("organiser"), make_account("organiser")
        dismiss(goes)
        assert powers(Account.objects.get(pk=stays.pk)) == (True, False, True, True, True)

    def test_only_an_administrator_does_it(self) -> None:
        account = make_account("organiser")
        for by in (make_account("organiser"), make_account(), account):
            with pytest.raises(NotAllowed):
                dismiss(account, by=by)
        assert rules.is_staff(account)

    def test_who_is_not_of_the_staff_is_not_dismissed(self) -> None:
        dismissed = make_account("organiser")
        dismiss(dismissed)
        for account in (make_account(), dismissed):
            with pytest.raises(Invalid) as refused:
                dismiss(account)
            assert refused.value.where == "account"

    def test_nobody_is_appointed_again_under_a_closed_account(self) -> None:
        account = make_account("organiser")
        dismiss(account)
        with pytest.raises(Invalid) as refused:
            appoint(account, StaffRole.ORGANISER)
        assert refused.value.where == "account"


def test_sessions_of_two_colleagues_are_bound_to_each() -> None:
    accounts = [make_account("organiser") for _ in range(3)]
    assert len({account.get_session_auth_hash() for account in accounts}) == 3
    assert accounts[0].get_session_auth_hash() == Account.objects.get(pk=accounts[0].pk).get_session_auth_hash()


def test_a_new_link_ends_what_was_open() -> None:
    account, other = make_account("organiser"), make_account("organiser")
    inside, others = sign_in(Client(), account), sign_in(Client(), other)
    make_link(account)
    assert [client.get("/staff/").status_code for client in (inside, others)] == [302, 200]


@pytest.mark.parametrize("pseudonym", ["", "   ", "x" * 81])
def test_a_colleague_needs_a_name(pseudonym: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite(pseudonym, StaffRole.ORGANISER)
    assert refused.value.where == "pseudonym"


def test_a_link_opens_once() -> None:
    account = make_account("organiser")
    token = make_link(account)
    assert redeem_sign_in_link(token).account == account
    with pytest.raises(Gone):
        redeem_sign_in_link(token)


def test_a_link_ends_by_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    token = make_link(make_account("organiser"), minutes=10)
    later = timezone.now() + timedelta(minutes=70)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(Gone):
        redeem_sign_in_link(token)
    clear_ended()
    assert SignInLink.objects.count() == 0


@pytest.mark.parametrize(("minutes", "spread"), [(10, 60), (1439, 60), (1440, 1440), (10_080, 1440)])
def test_its_end_does_not_say_when_it_was_made(minutes: int, spread: int) -> None:
    make_link(make_account("organiser"), minutes=minutes)
    ends = SignInLink.objects.get().expires_at
    assert ends.timestamp() % (spread * 60) == 0
    left = ends - timezone.now()
    assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes + spread)


def test_a_new_link_ends_the_older_one() -> None:
    account = make_account("organiser")
    older, newer = make_link(account), make_link(account)
    with pytest.raises(Gone):
        redeem_sign_in_link(older)
    assert redeem_sign_in_link(newer).account == account


def test_a_link_of_the_machine_itself_stays_when_tried_from_elsewhere() -> None:
    account = make_account("organiser")
    token = make_link(account, loopback_only=True)
    with pytest.raises(NotAllowed):
        redeem_sign_in_link(token)
    assert redeem_sign_in_link(token, from_loopback=True).account == account


def test_a_link_of_somebody_who_lost_their_role_or_was_closed_is_gone() -> None:
    former, closed = make_account("organiser"), make_account("organiser")
    tokens = [make_link(former), make_link(closed)]
    former.appointments.all().delete()
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    for token in tokens:
        with pytest.raises(Gone):
            redeem_sign_in_link(token)


def test_links_are_for_staff_and_for_a_while() -> None:
    with pytest.raises(NotAllowed):
        issue_sign_in_link(make_account(), 60)
    for minutes in (0, -1, 10_081):
        with pytest.raises(Invalid) as refused:
            issue_sign_in_link(make_account("organiser"), minutes)
        assert refused.value.where == "minutes"


def test_the_token_itself_is_not_stored() -> None:
    token = make_link(make_account("organiser"))
    assert token not in repr(list(SignInLink.objects.values()))
