"""What gives others a way in, or people's data away, asks for a factor that was shown minutes ago."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from tertulia.people import actions
from tertulia.people.models import Account, Export, SignInLink, StaffRole
from tertulia.people.queries.factor import SECONDS_SHOWN
from tests.factories import make_account, make_event
from tests.factories.people import sign_in
from tests.people.factors.ways import (
    PASSWORD,
    browser,
    code_of,
    colleague_with_app,
    enter_by_code,
)

pytestmark = pytest.mark.django_db
PAST = timedelta(seconds=SECONDS_SHOWN)
POSTS = {
    "appoint/": {"role": "care", "scope": ""},
    "unappoint/": {"role": "editor", "scope": "", "sure": "yes"},
    "link/": {},
    "dismiss/": {"sure": "yes"},
}


def administering(clock: time_machine.Traveller) -> tuple[Client, Account, str]:
    """A browser in which an administrator came in by a code, and the secret of their app."""
    account, secret = colleague_with_app(clock)
    actions.appoint(account, StaffRole.ADMINISTRATOR)
    client = browser()
    enter_by_code(client, account, code_of(secret))
    return client, account, secret


def shown_once_more(client: Client, secret: str, asked: str) -> str:
    """Show password and code on the page that was `asked` for; where that leads."""
    page = client.get(asked)
    onward = page.context["next"]
    answer = client.post("/staff-door/prove/", {"password": PASSWORD, "code": code_of(secret), "next": onward})
    return str(answer["Location"])


@pytest.mark.parametrize("path", POSTS)
def test_what_changes_a_colleague_asks_after_ten_minutes(path: str, clock: time_machine.Traveller) -> None:
    client, _account, secret = administering(clock)
    heron = make_account("editor", "A heron")
    actions.appoint(heron, StaffRole.ANALYST)
    page = f"/staff/colleagues/{heron.public_id}/"
    clock.shift(PAST)
    asked = client.post(f"{page}{path}", POSTS[path])
    assert (asked.status_code, urlsplit(asked["Location"]).path) == (302, "/staff-door/prove/")
    heron.refresh_from_db()
    assert (heron.is_active, SignInLink.objects.count()) == (True, 0)
    assert sorted(heron.appointments.values_list("role", flat=True)) == ["analyst", "editor"]
    back = shown_once_more(client, secret, asked["Location"])
    assert urlsplit(back).path == page
    shown = client.get(back)
    assert "Nothing was changed yet" in shown.content.decode()
    assert shown.context["form"].initial.get("role") == ("care" if path == "appoint/" else None)
    done = client.post(f"{page}{path}", POSTS[path])
    assert "/staff-door/prove/" not in done.get("Location", "")
    assert done.status_code in {200, 302}


def test_an_invitation_asks_before_it_is_written_and_loses_nothing_after(clock: time_machine.Traveller) -> None:
    client, _account, secret = administering(clock)
    make_event("nights")
    path, sent = "/staff/colleagues/invite/", {"pseudonym": "Blue egret", "role": "care", "scope": "nights"}
    assert client.get(path).status_code == 200
    clock.shift(PAST)
    asked = client.get(path)["Location"]
    assert parse_qs(urlsplit(asked).query) == {"next": [path]}
    asked = client.post(path, sent)["Location"]
    assert "egret" not in asked
    back = shown_once_more(client, secret, asked)
    assert "egret" not in back
    assert client.get(back).context["form"].initial == sent
    # That is for who typed it alone.
    other = sign_in(browser(), make_account("administrator"))
    assert other.get(back).context["form"].initial == {}
    assert not Account.objects.filter(pseudonym="Blue egret").exists()
    assert client.post(path, sent).status_code == 200
    assert Account.objects.filter(pseudonym="Blue egret").count() == 1


def test_who_does_many_in_a_row_is_asked_once(clock: time_machine.Traveller) -> None:
    client, _account, secret = administering(clock)
    clock.shift(PAST)
    shown_once_more(client, secret, client.get("/staff/colleagues/invite/")["Location"])
    for place in range(4):
        clock.shift(timedelta(seconds=SECONDS_SHOWN // 5))
        sent = {"pseudonym": f"Egret {place}", "role": "editor"}
        assert client.post("/staff/colleagues/invite/", sent).status_code == 200
    clock.shift(timedelta(seconds=SECONDS_SHOWN // 5))
    assert client.post("/staff/colleagues/invite/", {"pseudonym": "Egret 5", "role": "editor"}).status_code == 302
    assert Account.objects.filter(pseudonym__startswith="Egret").count() == 4


def test_agreeing_to_an_export_and_taking_one_ask_too(clock: time_machine.Traveller) -> None:
    client, account, secret = administering(clock)
    slug, other = make_event("nights").slug, make_account("organiser")
    waiting = actions.ask_for_export("credits", slug, other)
    mine = actions.ask_for_export("credits", slug, account)
    actions.approve_export(mine, other)
    clock.shift(PAST)
    for path in (f"{waiting.public_id}/approve/", f"{mine.public_id}/take/csv/"):
        asked = client.post(f"/staff/exports/{path}")["Location"]
        assert urlsplit(asked).path == "/staff-door/prove/"
    waiting.refresh_from_db()
    assert (waiting.approved_by, Export.objects.count()) == (None, 2)
    back = shown_once_more(client, secret, asked)
    assert urlsplit(back).path == "/staff/exports/"
    assert "Nothing was changed yet" in client.get(back).content.decode()
    assert client.post(f"/staff/exports/{waiting.public_id}/approve/")["Location"] == "/staff/exports/"
    assert client.post(f"/staff/exports/{mine.public_id}/take/csv/").status_code == 200


def test_ones_own_factors_ask_though_one_has_just_come_in(clock: time_machine.Traveller) -> None:
    client, _account, secret = administering(clock)
    assert client.get("/staff-door/factors/passkey/").status_code == 302
    clock.shift(timedelta(seconds=60))
    shown_once_more(client, secret, "/staff-door/prove/?next=/staff-door/factors/passkey/")
    clock.shift(timedelta(seconds=SECONDS_SHOWN - 1))
    assert client.get("/staff-door/factors/passkey/").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get("/staff-door/factors/passkey/").status_code == 302


def test_who_came_by_a_link_of_the_machine_is_not_asked(clock: time_machine.Traveller) -> None:
    account, client = make_account("administrator"), browser()
    client.post(
        f"/staff-door/{actions.issue_sign_in_link(account, 60, loopback_only=True)}/", HTTP_HOST="localhost:8000"
    )
    clock.shift(PAST)
    assert client.get("/staff/colleagues/invite/").status_code == 200
