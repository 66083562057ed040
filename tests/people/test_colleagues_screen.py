"""The administrators' pages about colleagues, and what the first page says of one's roles."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.people.actions import appoint
from tertulia.people.actions import staff as inviting
from tertulia.people.models import Account, Appointment, StaffRole
from tests.factories import make_account, make_event
from tests.factories.people import make_participant, sign_in
from tests.people.beside import one_after_the_other

pytestmark = pytest.mark.django_db
SURE = {"sure": "yes"}
LINK = re.compile(r'<code dir="ltr">(http[^<]*)</code>')


@pytest.fixture
def administrator() -> Account:
    return make_account("administrator", "Blue desk")


@pytest.fixture
def staff(client: Client, administrator: Account) -> Client:
    return sign_in(client, administrator)


def roles(account: Account) -> list[tuple[str, str]]:
    return list(account.appointments.order_by("role", "scope").values_list("role", "scope"))


def test_a_colleague_is_invited_and_comes_in_by_the_link_that_is_shown_once(staff: Client) -> None:
    make_event("nights")
    page = staff.post("/staff/colleagues/invite/", {"pseudonym": "Heron", "role": "moderator", "scope": "nights"})
    (link,) = LINK.findall(page.content.decode())
    heron = Account.objects.get(pseudonym="Heron")
    assert roles(heron) == [("moderator", "nights")]
    assert "no-store" in page["Cache-Control"]
    assert LINK.findall(staff.get(f"/staff/colleagues/{heron.public_id}/").content.decode()) == []
    path = link.removeprefix("http://127.0.0.1:8000")
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"pseudonym": "", "role": "editor"}, "This field is required."),
        ({"pseudonym": "blue desk", "role": "editor"}, "A colleague is called that already"),
        ({"pseudonym": "Heron", "role": "king"}, "Select a valid choice."),
        ({"pseudonym": "Heron", "role": ""}, "This field is required."),
        ({"pseudonym": "Heron", "role": "editor", "scope": "nights"}, "one for the whole house"),
        ({"pseudonym": "Heron", "role": "care", "scope": "nowhere"}, "There is no event at the address"),
    ],
)
def test_an_invitation_that_cannot_be_is_answered_on_the_form(staff: Client, sent: dict[str, str], said: str) -> None:
    make_event("nights")
    page = staff.post("/staff/colleagues/invite/", sent)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert Account.objects.count() == 1


def test_roles_are_given_and_taken(staff: Client) -> None:
    make_event("nights")
    heron = make_account("editor", "Heron")
    path = f"/staff/colleagues/{heron.public_id}/"
    assert staff.post(f"{path}appoint/", {"role": "care", "scope": "nights"})["Location"] == path
    assert roles(heron) == [("care", "nights"), ("editor", "")]
    again = staff.post(f"{path}appoint/", {"role": "care", "scope": "nights"}, follow=True).content.decode()
    assert "They hold this role already." in again
    assert staff.post(f"{path}unappoint/", {"role": "editor", "scope": "", **SURE})["Location"] == path
    assert roles(heron) == [("care", "nights")]
    refused = staff.post(f"{path}unappoint/", {"role": "care", "scope": "nights", **SURE})
    assert (refused.status_code, "This is their only role" in refused.content.decode()) == (422, True)
    refused = staff.post(f"{path}appoint/", {"role": "analyst", "scope": "nights"})
    assert (refused.status_code, "one for the whole house" in refused.content.decode()) == (422, True)
    assert staff.post(f"{path}unappoint/", {"role": "king"}).status_code == 404
    assert roles(heron) == [("care", "nights")]


def test_a_new_link_signs_them_out_and_dismissing_ends_their_account(staff: Client) -> None:
    heron = make_account("editor", "Heron")
    theirs = sign_in(Client(), heron)
    path = f"/staff/colleagues/{heron.public_id}/"
    assert len(LINK.findall(staff.post(f"{path}link/").content.decode())) == 1
    assert theirs.get("/staff/").status_code == 302
    assert staff.post(f"{path}dismiss/", SURE)["Location"] == "/staff/colleagues/"
    assert not Account.objects.get(pk=heron.pk).is_active
    assert staff.get(path).status_code == 404


def test_ending_an_account_and_taking_a_role_away_are_asked_once(staff: Client) -> None:
    heron = make_account("editor", "Heron")
    appoint(heron, StaffRole.REVIEWER)
    path = f"/staff/colleagues/{heron.public_id}/"
    asked = staff.post(f"{path}dismiss/")
    assert (asked.status_code, Account.objects.get(pk=heron.pk).is_active) == (200, True)
    page = asked.content.decode()
    assert [said in page for said in ("End the account of Heron", 'name="sure" value="yes"', f'href="{path}"')] == [
        True
    ] * 3
    asked = staff.post(f"{path}unappoint/", {"role": "reviewer", "scope": ""})
    assert (asked.status_code, asked.context["sent"]) == (200, {"role": "reviewer", "scope": ""})
    assert "Heron can do nothing as this from the next moment." in asked.content.decode()
    assert roles(heron) == [("editor", ""), ("reviewer", "")]


def test_who_invites_under_a_name_that_somebody_bears_is_warned_and_may_go_on(staff: Client) -> None:
    make_participant(make_event(), "B1ue Heron")
    sent = {"pseudonym": "Blue heron", "role": "editor"}
    page = staff.post("/staff/colleagues/invite/", sent)
    assert "Somebody who takes part goes by a name like this now" in page.content.decode()
    assert (
        'name="sure" value="yes"' in page.content.decode(),
        Account.objects.filter(pseudonym=sent["pseudonym"]).count(),
    ) == (True, 0)
    assert len(LINK.findall(staff.post("/staff/colleagues/invite/", sent | SURE).content.decode())) == 1
    assert (
        len(LINK.findall(staff.post("/staff/colleagues/invite/", sent | {"pseudonym": "Egret"}).content.decode())) == 1
    )


def test_one_does_not_end_oneself(staff: Client, administrator: Account) -> None:
    path = f"/staff/colleagues/{administrator.public_id}/"
    page = staff.get(path).content.decode()
    assert (f"{path}dismiss/" in page, "This is you." in page, f"{path}unappoint/" in page) == (False, True, False)
    refused = staff.post(f"{path}dismiss/", SURE)
    assert (refused.status_code, administrator.appointments.count()) == (422, 1)
    refused = staff.post(f"{path}link/")
    assert (refused.status_code, LINK.findall(refused.content.decode())) == (422, [])
    assert staff.get(path).status_code == 200
    appoint(administrator, StaffRole.EDITOR)
    refused = staff.post(f"{path}unappoint/", {"role": "administrator", "scope": "", **SURE})
    assert (refused.status_code, administrator.appointments.count()) == (422, 2)


def test_the_list_names_them_with_their_roles(staff: Client) -> None:
    make_event("nights")
    make_account("care", "Heron", "nights")
    page = staff.get("/staff/colleagues/").content.decode()
    assert page.index("Blue desk") < page.index("Heron") < page.index("care (<bdi>nights</bdi>)")
    counts = []
    for name in ("Egret", "Ibis", "Crane"):
        make_account("editor", name)
        with CaptureQueriesContext(connection) as counted:
            staff.get("/staff/colleagues/")
        counts.append(len(counted))
    assert counts[0] == counts[2]


@pytest.mark.parametrize("role", ["reviewer", "interpreter", "analyst", "correspondent", "communications"])
def test_who_has_nothing_to_do_yet_is_told_so_and_led_nowhere(client: Client, role: str) -> None:
    sign_in(client, make_account(role))
    page = client.get("/staff/").content.decode()
    assert "There is nothing to do here for this role yet." in page
    for away in ("programme/import", "persons", "colleagues", "exports", "audit"):
        assert f"/staff/{away}/" not in page


def test_an_editor_is_led_to_the_front_page_and_a_programmer_to_the_import(client: Client) -> None:
    page = sign_in(client, make_account("editor")).get("/staff/").content.decode()
    assert ("Writes what the front page says." in page, "What the front page says" in page) == (True, True)
    page = sign_in(client, make_account("programmer")).get("/staff/").content.decode()
    assert ("/staff/programme/import/" in page, "/edit/" in page) == (True, False)


def test_no_role_is_chosen_beforehand(staff: Client) -> None:
    for path in ("invite", make_account("editor", "Heron").public_id):
        assert (
            '<option value="" selected>Choose a role</option>'
            in staff.get(f"/staff/colleagues/{path}/").content.decode()
        )


def test_of_two_of_one_name_at_once_the_second_is_asked_for_another(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was called so when it was looked at, and somebody is when it is written."""
    real = inviting.is_pseudonym_taken

    def taken_after(name: str) -> bool:
        was_taken = real(name)
        Account.objects.create(pseudonym=name.upper())
        return was_taken

    monkeypatch.setattr(inviting, "is_pseudonym_taken", taken_after)
    page = staff.post("/staff/colleagues/invite/", {"pseudonym": "Heron", "role": "editor"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["pseudonym"])
    assert "A colleague is called that already" in page.content.decode()
    assert not Account.objects.filter(pseudonym="Heron").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write while somebody does")
@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_invite_one_name_beside_each_other() -> None:
    """So too where the two names only look alike, which no constraint of the database knows."""
    sent = [{"pseudonym": name, "role": "editor"} for name in ("Heron 1", "Heron l")]
    first, second = (sign_in(Client(), make_account("administrator", name)) for name in ("Blue desk", "Green desk"))
    answers = one_after_the_other(
        Appointment.objects.all(),
        lambda: first.post("/staff/colleagues/invite/", sent[0]).status_code,
        lambda: second.post("/staff/colleagues/invite/", sent[1]).status_code,
    )
    assert answers == [200, 422]
    assert Account.objects.filter(pseudonym__startswith="Heron").count() == 1
