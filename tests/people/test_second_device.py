"""A second device comes in once by a code or a square; wrong codes cannot be tried through."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tertulia.kit import work
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.gates import Gate
from tertulia.kit.limits import Limit
from tertulia.people.actions import (
    keep_new_way_back,
    make_device_code,
    make_new_way_back,
    use_device_code,
)
from tertulia.people.models import Account, Notice, SecondDevice
from tertulia.people.queries import mark_to_keep
from tertulia.people.queries.device import device_by_code, device_by_token, second_device_of
from tertulia.people.tasks import clear_device_codes
from tertulia.people.views import device
from tests.factories import make_account
from tests.factories.people import make_newcomer, sign_in
from tests.people.flood import asked_on

pytestmark = pytest.mark.django_db
TYPED = "/come-back/device/"
WRONG = "00000 00000"


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries of one test are not those of another."""
    monkeypatch.setattr(device, "CODES", Gate("codes", most=3, overall=5, seconds=600))
    monkeypatch.setattr(device, "ALL_CODES", Limit(most=8, seconds=600, places=1))


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def first(account: Account) -> Client:
    """The browser of the first device."""
    return sign_in(Client(), account)


def type_code(code: str, address: str = "192.0.2.1", **sent: str) -> Any:
    return Client().post(TYPED, {"code": code} | sent, REMOTE_ADDR=address)


def whose(client: Client) -> Account:
    account: Account = client.get("/me/").context["request"].user
    return account


class TestCode:
    """What is made, and what opens."""

    def test_a_code_and_a_square_open_the_account_and_the_table_holds_neither(self, account: Account) -> None:
        shown = make_device_code(account)
        assert re.fullmatch(r"\d{5} \d{5}", shown.code)
        found = device_by_code(shown.code.replace(" ", "-")), device_by_token(shown.token)
        assert [one and one.account for one in found] == [account, account]
        kept = repr(list(SecondDevice.objects.values()))
        assert [word for word in (*shown.code.split(), shown.token) if word in kept] == []
        assert device_by_code(shown.token) is device_by_token(shown.code) is None

    def test_either_works_once_for_both(self, account: Account) -> None:
        shown = make_device_code(account)
        found = device_by_code(shown.code)
        assert found is not None
        assert use_device_code(found) == account
        assert device_by_code(shown.code) is device_by_token(shown.token) is None
        with pytest.raises(Gone):
            use_device_code(found)

    def test_a_newer_one_takes_its_place(self, account: Account) -> None:
        older, newer = make_device_code(account), make_device_code(account)
        found = [device_by_code(older.code), device_by_token(older.token), device_by_code(newer.code)]
        assert [one is None for one in found] == [True, True, False]

    def test_it_ends_after_ten_minutes_and_the_row_goes_soon_after(self, account: Account) -> None:
        shown = make_device_code(account)
        row = SecondDevice.objects.get()
        left = row.expires_at - timezone.now()
        assert timedelta(minutes=9, seconds=59) < left <= timedelta(minutes=11)
        assert (row.expires_at.second, row.expires_at.microsecond) == (0, 0)
        clear_device_codes()
        assert SecondDevice.objects.count() == 1
        SecondDevice.objects.update(expires_at=timezone.now())
        assert device_by_code(shown.code) is device_by_token(shown.token) is second_device_of(account) is None
        with pytest.raises(Gone):
            use_device_code(row)
        clear_device_codes()
        assert SecondDevice.objects.count() == 0

    def test_a_closed_account_is_not_opened(self, account: Account) -> None:
        shown = make_device_code(account)
        Account.objects.update(is_active=False)
        assert device_by_code(shown.code) is device_by_token(shown.token) is None

    @pytest.mark.parametrize("role", ["organiser", "administrator"])
    def test_staff_have_none(self, role: str) -> None:
        with pytest.raises(NotAllowed):
            make_device_code(make_account(role))

    def test_keeping_a_new_way_back_ends_it(self, account: Account) -> None:
        shown = make_device_code(account)
        make_new_way_back(account)
        keep_new_way_back(account, mark_to_keep(account))
        assert device_by_code(shown.code) is None


class TestPages:
    """What the two devices show."""

    def shown_on(self, page: Any) -> str:
        return " ".join(re.findall(r"<span>(\d{5})</span>", page.content.decode()))

    def test_the_other_device_comes_in_and_the_first_sees_it(self, first: Client, account: Account) -> None:
        code = self.shown_on(first.post("/me/second-device/"))
        assert "Nobody has used your code yet" in first.get("/me/second-device/").content.decode()
        other = Client()
        answer = other.post(TYPED, {"code": code, "device": "own"})
        assert (answer.status_code, answer["Location"], whose(other)) == (302, "/me/", account)
        assert other.cookies["s"]["max-age"] == 30 * 86_400
        page = first.get("/me/second-device/").content.decode()
        assert "The other device is in." in page
        assert code not in page
        assert whose(first) == account

    def test_the_first_device_finds_a_notice_and_a_line_until_it_is_read(self, first: Client, account: Account) -> None:
        line = "Another device came in as you."
        device = device_by_code(make_device_code(account).code)
        assert line not in first.get("/me/").content.decode()
        use_device_code(device)
        assert line in first.get("/me/").content.decode()
        page = first.get("/me/notices/").content.decode()
        assert ("Somebody came in on another device by a code" in page, 'href="/me/way-back/"' in page) == (True, True)
        [notice] = Notice.objects.all()
        assert (notice.account, notice.month.day) == (account, 1)
        assert sign_in(Client(), make_account()).post(f"/me/notices/{notice.public_id}/read/").status_code == 404
        first.post(f"/me/notices/{notice.public_id}/read/")
        assert line not in first.get("/me/").content.decode()
        account.delete()
        assert not Notice.objects.exists()

    def test_the_square_leads_to_a_button_and_looking_uses_nothing(self, account: Account) -> None:
        address = f"{TYPED}{make_device_code(account).token}/"
        other = Client()
        assert [other.get(address).status_code for _ in range(2)] == [200, 200]
        assert other.get("/me/").status_code == 302
        assert (other.post(address, {"device": "shared"})["Location"], whose(other)) == ("/me/", account)
        assert other.cookies["s"]["max-age"] == ""
        assert [Client().get(address).status_code, Client().post(address, {"device": ""}).status_code] == [410, 410]

    def test_the_page_holds_its_square_itself_and_is_kept_by_nobody(self, first: Client) -> None:
        page = first.post("/me/second-device/")
        square = page.content.decode().split('class="square"')[1].split("</svg>")[0]
        assert square.count("M") > 100
        assert "http" not in square
        assert page["Cache-Control"] == "no-store, private"

    def test_the_other_device_forgets_who_was_in(self, account: Account) -> None:
        other = sign_in(Client(), make_account())
        other.post(f"{TYPED}{make_device_code(account).token}/", {"device": "shared"})
        assert whose(other) == account

    def test_it_is_held_and_says_so(self, first: Client) -> None:
        first.post("/me/second-device/")
        assert "A code for a second device" in first.get("/me/what-we-know/").content.decode()


class TestWrongCodes:
    """Nobody tries codes through."""

    @pytest.mark.parametrize("wrong", [WRONG, "", "1", "x" * 500, "1" * 30])
    def test_each_is_answered_alike(self, wrong: str) -> None:
        answer = type_code(wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
        assert answer.context["form"].errors["code"] == [
            "This code opens nothing. Please look at each digit again, or make a new code."
        ]

    def test_after_some_a_right_one_too_costs_work(self, account: Account) -> None:
        code = make_device_code(account).code
        assert [type_code(WRONG).status_code for _ in range(3)] == [422] * 3
        asked = type_code(code)
        assert (asked.status_code, code in asked.content.decode()) == (429, True)
        assert type_code(code, address="192.0.2.2").status_code == 302
        code, task = make_device_code(account).code, asked_on(asked)["task"]
        sent = {"task": task, "done": work.do(task)}
        assert type_code(WRONG, **sent).status_code == 422
        assert type_code(code, **sent).status_code == 429

    def test_or_half_a_minute(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        code = make_device_code(account).code
        for _ in range(3):
            type_code(WRONG)
        ticket, now = asked_on(type_code(code))["ticket"], time.time() + 30
        monkeypatch.setattr(time, "time", lambda: now)
        assert type_code(code, ticket=ticket).status_code == 302

    def test_from_many_addresses_all_are_asked_for_work(self, account: Account) -> None:
        for number in range(5):
            assert type_code(WRONG, address=f"192.0.2.{number}").status_code == 422
        assert type_code(make_device_code(account).code, address="198.51.100.1").status_code == 429

    def test_in_the_end_none_is_looked_at_and_the_square_still_opens(self, account: Account) -> None:
        shown = make_device_code(account)
        for _ in range(8):
            device.ALL_CODES.count("")
        refused = type_code(shown.code)
        assert (refused.status_code, "the square and your words still open" in refused.content.decode()) == (429, True)
        assert Client().post(f"{TYPED}{shown.token}/", {"device": "shared"}).status_code == 302


def test_an_account_that_was_deleted_a_moment_ago_gets_no_code() -> None:
    account = make_newcomer()[0]
    Account.objects.filter(pk=account.pk).delete()
    with pytest.raises(Gone, match="This account was deleted"):
        make_device_code(account)
    assert not SecondDevice.objects.exists()
