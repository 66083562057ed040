"""`tertulia staff …`, as the operator types it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tertulia.people.actions import appoint
from tertulia.people.models import Account, SignInLink, StaffRole
from tertulia.project.commandline import main
from tests.factories import make_account, make_event
from tests.factories.people import make_participant

pytestmark = pytest.mark.django_db
INVITE = ["staff", "invite", "--pseudonym", "Heron", "--role"]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    answer: dict[str, str] = json.loads(capsys.readouterr().out)
    return answer


def test_inviting_prints_a_link_that_opens(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    make_event("festival")
    assert main([*INVITE, "organiser", "--scope", "festival", "--json"]) == 0
    answer, account = told(capsys), Account.objects.get()
    assert (answer["public_id"], answer["pseudonym"]) == (account.public_id, "Heron")
    assert list(account.appointments.values_list("role", "scope")) == [("organiser", "festival")]
    assert answer["link"].startswith("http://127.0.0.1:8000/staff-door/")
    client.post(answer["link"].removeprefix("http://127.0.0.1:8000"))
    assert client.get("/staff-door/factors/").status_code == 200


def test_without_json_it_speaks_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*INVITE, "administrator", "--loopback", "--minutes", "5"]) == 0
    spoken = capsys.readouterr().out.splitlines()
    assert spoken[0] == f"Heron ({Account.objects.get().public_id}) comes in once, on this machine, within 5 minutes:"
    assert spoken[1].startswith("http://127.0.0.1:8000/staff-door/")
    assert SignInLink.objects.get().loopback_only is True


def test_another_link_ends_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    account = make_account("organiser")
    assert main(["staff", "link", account.public_id, "--json"]) == 0
    first = told(capsys)
    assert main(["staff", "link", account.public_id, "--json"]) == 0
    assert told(capsys)["link"] != first["link"]
    assert SignInLink.objects.count() == 1


def test_dismissing_says_who_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = make_account("organiser"), make_account("administrator")
    assert main(["staff", "dismiss", first.public_id]) == 0
    assert capsys.readouterr().out == f"Heron ({first.public_id}) is no longer one of the staff\n"
    assert main(["staff", "dismiss", second.public_id, "--json"]) == 0
    assert told(capsys) == {"public_id": second.public_id, "pseudonym": "Heron 2"}
    assert list(Account.objects.values_list("is_active", flat=True)) == [False, False]
    assert main(["staff", "dismiss", first.public_id]) == 2
    assert capsys.readouterr().err == "tertulia: This account is not one of the staff.\n"


def test_who_takes_the_last_administrator_away_is_told_how_to_appoint_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is not refused: whoever has the machine may."""
    said = "Nobody is an administrator now; appoint one: tertulia staff invite --pseudonym NAME --role administrator\n"
    first, second, third = (make_account("administrator") for _number in range(3))
    appoint(second, StaffRole.EDITOR)
    assert main(["staff", "dismiss", first.public_id]) == 0
    assert main(["staff", "dismiss", third.public_id]) == 0
    assert capsys.readouterr().err == ""
    assert main(["staff", "appoint", second.public_id, "--role", "administrator", "--take-away"]) == 0
    assert capsys.readouterr().err == said
    fourth = make_account("administrator")
    assert main(["staff", "dismiss", fourth.public_id]) == 0
    assert capsys.readouterr().err == said


def test_who_invites_under_a_name_that_somebody_bears_reads_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    make_participant(make_event(), "Her0n")
    assert main([*INVITE, "editor"]) == 0
    said = "Somebody who takes part goes by a name like this now, and could be taken for one of the staff.\n"
    assert capsys.readouterr().err == said


def test_a_role_that_is_held_already_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    account = make_account("editor")
    assert main(["staff", "appoint", account.public_id, "--role", "editor"]) == 0
    assert capsys.readouterr().out == "Heron was that already, and is: editor\n"


def test_the_list_says_by_which_names_the_other_commands_know_them(capsys: pytest.CaptureFixture[str]) -> None:
    make_event("festival")
    heron, egret = make_account("administrator", "Heron"), make_account("care", "Egret", "festival")
    appoint(egret, StaffRole.EDITOR)
    assert main(["staff", "list"]) == 0
    lines = [f"Egret ({egret.public_id}): care festival, editor", f"Heron ({heron.public_id}): administrator"]
    assert capsys.readouterr().out.splitlines() == lines
    assert main(["staff", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"public_id": egret.public_id, "pseudonym": "Egret", "roles": ["care festival", "editor"]},
        {"public_id": heron.public_id, "pseudonym": "Heron", "roles": ["administrator"]},
    ]


@pytest.mark.parametrize(
    "words",
    [
        [*INVITE, "administrator", "--scope", "festival"],
        [*INVITE, "organiser", "--scope", "nowhere"],
        [*INVITE, "organiser", "--minutes", "0"],
        ["staff", "invite", "--pseudonym", " ", "--role", "organiser"],
        ["staff", "link", "nobody"],
        ["staff", "dismiss", "nobody"],
    ],
)
def test_what_is_refused_says_so_in_one_line_and_changes_nothing(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert (Account.objects.count(), SignInLink.objects.count()) == (0, 0)


def test_a_second_colleague_of_the_same_name_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    make_account("organiser")
    assert main([*INVITE, "administrator"]) == 2
    why = "tertulia: A colleague is called that already, or was: please choose another name.\n"
    assert capsys.readouterr() == ("", why)
    assert Account.objects.count() == 1


def test_a_participant_gets_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "link", make_account().public_id]) == 2
    assert "Only staff sign in by a link." in capsys.readouterr().err


def test_roles_are_given_and_taken(capsys: pytest.CaptureFixture[str]) -> None:
    make_event("festival")
    account = make_account("editor", "Heron")
    change = ["staff", "appoint", account.public_id, "--role"]
    assert main([*change, "care", "--scope", "festival"]) == 0
    assert capsys.readouterr().out == "Heron is now: care festival, editor\n"
    assert main([*change, "editor", "--take-away", "--json"]) == 0
    told_of = {"public_id": account.public_id, "pseudonym": "Heron", "roles": ["care festival"]}
    assert json.loads(capsys.readouterr().out) == told_of
    assert main([*change, "care", "--scope", "festival", "--take-away"]) == 2
    assert capsys.readouterr().err == "tertulia: This is their only role: end their account instead.\n"
    assert main([*change, "analyst", "--scope", "festival"]) == 2
    assert capsys.readouterr().err == "tertulia: This role is one for the whole house, not for one event.\n"
    assert list(account.appointments.values_list("role", "scope")) == [("care", "festival")]
