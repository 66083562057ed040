"""Coming back, renewing the way back in, leaving."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tertulia.kit.limits import Limit
from tertulia.kit.phrases import Kind
from tertulia.live.models import Room
from tertulia.people.actions import make_new_way_back, show_way_back
from tertulia.people.models import Account, Session
from tertulia.people.queries import account_behind, mark_to_keep
from tertulia.people.views import door
from tertulia.programme.models import Participation
from tests.factories import make_account, make_event
from tests.factories.people import make_newcomer, sign_in

pytestmark = pytest.mark.django_db
WRONG = "abacus abacus abacus abacus abacus abacus"


@pytest.fixture(autouse=True)
def fresh_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tries of one test are not those of another."""
    monkeypatch.setattr(door, "WRONG_PHRASES", Limit(most=3, seconds=600))
    return


def back(client: Client, phrase: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post("/come-back/", {"phrase": phrase}, **more)
    return answer


def shown_on(page: Any) -> str:
    """The way back in that a page shows."""
    return " ".join(re.findall(r"<span>(\w+)</span>", page.content.decode().split('id="words"')[1].split("</p>")[0]))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_phrase_leads_back_in(client: Client, kind: Kind) -> None:
    _account, phrase = make_newcomer(kind)
    response = back(client, f" {phrase.upper()}\n")
    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(("asked", "led"), [("/live/abc/", "/live/abc/"), ("//example.org", "/me/"), ("", "/me/")])
def test_one_is_led_on_within_this_site_only(client: Client, asked: str, led: str) -> None:
    _account, phrase = make_newcomer()
    assert asked in client.get("/come-back/", {"next": asked}).content.decode()
    assert client.post("/come-back/", {"phrase": phrase, "next": asked})["Location"] == led


def test_what_opens_nothing_is_answered_alike(client: Client) -> None:
    make_newcomer()
    _closed, phrase = make_newcomer()
    _closed.__class__.objects.filter(pk=_closed.pk).update(is_active=False)
    answers = []
    for number, wrong in enumerate([WRONG, "", "0" * 24, phrase, "x" * 401]):
        response = back(client, wrong, REMOTE_ADDR=f"192.0.2.{number}")
        errors = response.context["form"].errors["phrase"]  # type: ignore[attr-defined]
        answers.append((response.status_code, list(errors)))
    assert len(answers[0][1]) == 1
    assert answers == [(422, answers[0][1])] * 5


def test_after_too_many_wrong_phrases_from_one_address_the_page_says_so(client: Client) -> None:
    statuses = [back(client, WRONG, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    waiting = back(client, WRONG, REMOTE_ADDR="192.0.2.1")
    elsewhere = back(Client(), WRONG, REMOTE_ADDR="192.0.2.2")
    assert statuses == [422, 422, 422]
    assert waiting.status_code == 429
    assert b"Many wrong words came from your network" in waiting.content
    assert WRONG in waiting.content.decode()
    assert elsewhere.status_code == 422


def test_a_right_phrase_opens_whatever_others_tried_from_the_same_address(client: Client) -> None:
    _account, phrase = make_newcomer()
    statuses = [back(client, WRONG, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]
    assert back(client, phrase, REMOTE_ADDR="192.0.2.1").status_code == 302
    assert back(Client(), WRONG, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_right_phrases_are_not_counted() -> None:
    _account, phrase = make_newcomer()
    statuses = [back(Client(), phrase, REMOTE_ADDR="192.0.2.1").status_code for _ in range(5)]
    assert statuses == [302] * 5


class TestFile:
    """The way back in as a file, made of what stands on the page."""

    @pytest.fixture
    def wren(self, client: Client) -> str:
        account, phrase = make_newcomer()
        sign_in(client, account)
        return phrase

    def test_it_holds_the_words_and_nothing_else(self, client: Client, wren: str) -> None:
        answer = client.post("/me/way-back/file/", {"phrase": wren})
        assert answer.content.decode() == f"{wren}\n"
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/plain; charset=utf-8", "no-store, private")
        assert answer["Content-Disposition"] == 'attachment; filename="words.txt"'

    def test_the_page_that_shows_it_offers_it_without_scripts(self, client: Client) -> None:
        account = make_account()
        sign_in(client, account)
        page = client.post("/me/way-back/", {"kind": "digits"}, follow=True)
        form = page.content.decode().split('id="file"')[1].split("</form>")[0]
        (digits,) = re.findall(r'name="phrase" value="([\d ]+)"', form)
        assert client.post("/me/way-back/file/", {"phrase": digits}).content.decode() == f"{digits}\n"

    @pytest.mark.parametrize("sent", ["", WRONG])
    def test_nothing_else_becomes_a_file(self, client: Client, wren: str, sent: str) -> None:
        _other, others = make_newcomer()
        answers = [client.post("/me/way-back/file/", {"phrase": phrase}) for phrase in (sent, others)]
        assert [(answer.status_code, wren in answer.content.decode()) for answer in answers] == [(404, False)] * 2


class TestRenewing:
    """A new way back in; on a weak line, any answer may be lost and any button pressed again."""

    def make(self, client: Client, kind: str = "digits") -> str:
        """A new one, as the page shows it."""
        return shown_on(client.post("/me/way-back/", {"kind": kind, "next": "/me/"}, follow=True))

    def keep(self, client: Client) -> HttpResponse:
        """Press "I have kept it", on the page of the newest one."""
        (account,) = Account.objects.all()
        sent = {"mark": mark_to_keep(account), "next": "/events/"}
        answer: HttpResponse = client.post("/me/way-back/keep/", sent)
        return answer

    @pytest.fixture
    def wren(self, client: Client) -> tuple[Account, str]:
        account, old = make_newcomer()
        sign_in(client, account)
        return account, old

    def test_it_works_from_the_moment_it_is_kept(self, client: Client, wren: tuple[Account, str]) -> None:
        account, old = wren
        other_device = sign_in(Client(), account)
        new = self.make(client)
        assert [one.get("/me/").status_code for one in (client, other_device)] == [200, 200]
        assert account_behind(old) == account
        answer = self.keep(client)
        assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
            302,
            "/events/",
            "no-store, private",
        )
        assert (account_behind(old), account_behind(new)) == (None, account)
        assert [one.get("/me/").status_code for one in (client, other_device)] == [200, 302]

    def test_who_lost_the_answer_is_still_in_and_the_old_one_opens(
        self, client: Client, wren: tuple[Account, str]
    ) -> None:
        account, old = wren
        before = client.cookies["s"].value
        client.post("/me/way-back/", {"kind": "words"})
        for cookie in (before, client.cookies["s"].value):
            browser = Client()
            browser.cookies["s"] = cookie
            assert browser.get("/me/").status_code == 200
        assert account_behind(old) == account

    def test_who_lost_the_answer_to_keeping_it_is_still_in(self, client: Client, wren: tuple[Account, str]) -> None:
        account, _old = wren
        new, before = self.make(client), client.cookies["s"].value
        mark = mark_to_keep(account)
        for _press in range(2):
            browser = Client()
            browser.cookies["s"] = before
            assert browser.post("/me/way-back/keep/", {"mark": mark}).status_code == 302
            assert browser.get("/me/").status_code == 200
        assert account_behind(new) == account

    def test_of_two_that_were_made_at_once_the_older_one_is_not_shown(
        self, client: Client, wren: tuple[Account, str]
    ) -> None:
        older, newer = (make_new_way_back(wren[0]) for _press in range(2))
        for phrase, is_shown in ((older, False), (newer, True)):
            answer = show_way_back(wren[0], phrase, "/me/")
            client.cookies.update(answer.cookies)
            page = client.get(answer["Location"])
            assert (page.context["phrase"], "/me/way-back/keep/" in page.content.decode()) == (
                phrase if is_shown else None,
                is_shown,
            )

    def test_coming_back_with_it_is_keeping_it(self, client: Client, wren: tuple[Account, str]) -> None:
        account, old = wren
        new = self.make(client)
        elsewhere = Client()
        assert back(elsewhere, new)["Location"] == "/me/"
        assert (account_behind(old), account_behind(new)) == (None, account)
        assert [one.get("/me/").status_code for one in (client, elsewhere)] == [302, 200]

    def test_coming_back_with_the_old_one_leaves_all_as_it_is(self, client: Client, wren: tuple[Account, str]) -> None:
        account, old = wren
        new = self.make(client)
        assert back(Client(), old).status_code == 302
        assert [account_behind(old), account_behind(new)] == [account, account]
        assert client.get("/me/").status_code == 200

    def test_a_page_that_a_newer_one_has_replaced_keeps_nothing(
        self, client: Client, wren: tuple[Account, str]
    ) -> None:
        account, old = wren
        self.make(client)
        mark = mark_to_keep(account)
        newest = self.make(client)
        page = client.post("/me/way-back/keep/", {"mark": mark})
        assert (page.status_code, page["Cache-Control"]) == (410, "no-store, private")
        assert "replaced by a newer one, or its time is over" in page.content.decode()
        assert [account_behind(old), account_behind(newest)] == [account, account]

    def test_the_pages_say_which_one_works(self, client: Client, wren: tuple[Account, str]) -> None:
        waits = "have not said that you kept it: the old one still works"
        assert waits not in client.get("/me/").content.decode()
        page = client.post("/me/way-back/", {"kind": "words"}, follow=True).content.decode()
        assert "Your old way back in works until you press this button" in page
        assert f'name="mark" value="{mark_to_keep(wren[0])}"' in page
        for path in ("/me/", "/me/way-back/"):
            page = client.get(path).content.decode()
            assert waits in page
            assert "/me/way-back/keep/" not in page
        self.keep(client)
        assert waits not in client.get("/me/").content.decode()

    def test_who_is_no_longer_in_is_led_to_coming_back(self, client: Client, wren: tuple[Account, str]) -> None:
        new = self.make(client)
        mark = mark_to_keep(wren[0])
        answer = Client().post("/me/way-back/keep/", {"mark": mark, "next": "/events/"})
        assert answer["Location"] == "/come-back/?next=%2Fevents%2F"
        assert account_behind(new) == wren[0]

    def test_keeping_takes_our_own_form(self, wren: tuple[Account, str]) -> None:
        strict = sign_in(Client(enforce_csrf_checks=True), wren[0])
        make_new_way_back(wren[0])
        sent = {"mark": mark_to_keep(wren[0])}
        assert strict.post("/me/way-back/keep/", sent).status_code == 403
        assert account_behind(wren[1]) == wren[0]

    def test_a_newcomer_has_nothing_to_confirm(self, client: Client) -> None:
        make_event("nights")
        sent = {"chosen_name": "Wren", "kind": "words"}
        page = client.post("/events/nights/join/", sent, follow=True).content.decode()
        assert 'href="/events/nights/">I have kept it</a>' in page
        assert "/me/way-back/keep/" not in page


def test_leaving_ends_the_session_and_asks_the_browser_to_forget(client: Client) -> None:
    sign_in(client, make_account())
    cookie = client.cookies["s"].value
    response = client.post("/leave/")
    assert (response["Location"], response["Clear-Site-Data"]) == ("/left/", '"cache", "cookies", "storage"')
    assert response.cookies["s"]["max-age"] == 0
    assert Session.objects.count() == 0
    client.cookies["s"] = cookie
    assert client.get("/me/").status_code == 302


def test_leaving_takes_a_button_not_a_link(client: Client) -> None:
    sign_in(client, make_account())
    assert client.get("/leave/").status_code == 405
    assert client.get("/me/").status_code == 200


def test_a_visitor_is_led_to_coming_back(client: Client) -> None:
    assert client.get("/me/")["Location"] == "/come-back/?next=/me/"
    assert client.get("/me/way-back/")["Location"] == "/come-back/?next=/me/way-back/"


def test_leaving_needs_our_own_form() -> None:
    client = sign_in(Client(enforce_csrf_checks=True), make_account())
    assert client.post("/leave/").status_code == 403
    assert client.get("/me/").status_code == 200


class TestDeleting:
    def test_the_page_says_what_goes_when_and_changes_nothing(self, client: Client) -> None:
        account = make_account()
        page = sign_in(client, account).get("/me/delete/")
        assert page["Cache-Control"] == "no-store, private"
        assert "thirty days after the event is closed" in page.content.decode()
        assert {Room.retention.days, Participation.retention.days} == {30}
        assert client.get("/me/").context["user"] == account

    def test_it_leads_out_on_every_device(self, client: Client) -> None:
        account, phrase = make_newcomer()
        other_device = sign_in(Client(), account)
        response = sign_in(client, account).post("/me/delete/")
        assert (response["Location"], response["Clear-Site-Data"]) == (
            "/deleted/",
            client.post("/leave/")["Clear-Site-Data"],
        )
        assert response["Cache-Control"] == "no-store, private"
        assert response.cookies["s"]["max-age"] == 0
        assert (Account.objects.count(), Session.objects.count()) == (0, 0)
        assert [one.get("/me/").status_code for one in (client, other_device)] == [302, 302]
        assert back(client, phrase).status_code == 422

    def test_goodbye_says_what_happened_and_leads_to_no_door_that_is_shut(self, client: Client) -> None:
        page = sign_in(client, make_account()).post("/me/delete/", follow=True)
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        assert page.redirect_chain == [("/deleted/", 302)]
        assert ("It is deleted" in main, "thirty days after the event is closed" in main) == (True, True)
        assert "/come-back/" not in main

    def test_pressing_again_after_a_lost_answer_says_it_too(self) -> None:
        client = sign_in(Client(enforce_csrf_checks=True), make_account())
        page = client.get("/me/delete/")
        whose = re.findall(r'name="whose" value="([^"]+)"', page.content.decode())[0]
        sent = {"csrfmiddlewaretoken": page.context["csrf_token"], "whose": whose}
        kept = {name: cookie.value for name, cookie in client.cookies.items()}
        for cookies in (kept, kept, {}):
            browser = Client(enforce_csrf_checks=True)
            browser.cookies.load(cookies)
            answer = browser.post("/me/delete/", sent)
            assert (answer.status_code, answer["Location"]) == (302, "/deleted/")
            assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'

    def test_a_page_elsewhere_tells_nobody_that_they_are_deleted(self, client: Client) -> None:
        whose = self._deleted(client)
        for origin in ("https://elsewhere.example", "null"):
            answer = Client(enforce_csrf_checks=True).post("/me/delete/", {"whose": whose}, headers={"Origin": origin})
            assert (answer.status_code, answer.headers.get("Clear-Site-Data")) == (403, None), origin

    def test_it_is_said_again_for_some_minutes_only(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        whose, now = self._deleted(client), time.time()
        assert Client().post("/me/delete/", {"whose": whose}).headers["Location"] == "/deleted/"
        monkeypatch.setattr(time, "time", lambda: now + 11 * 60)
        assert Client().post("/me/delete/", {"whose": whose}).headers["Location"].startswith("/come-back/")

    def _deleted(self, client: Client) -> str:
        sign_in(client, make_account())
        whose: str = client.get("/me/delete/").context["whose"]
        assert client.post("/me/delete/").headers["Location"] == "/deleted/"
        return whose

    def test_who_is_only_out_is_not_told_that_it_is_deleted(self) -> None:
        client = sign_in(Client(), make_account())
        whose = client.get("/me/delete/").context["whose"]
        for box in (whose, "", "AAAA", "Ä"):
            answer = Client().post("/me/delete/", {"whose": box})
            assert answer["Location"] == "/come-back/?next=/me/delete/"
        assert Account.objects.count() == 1

    def test_it_takes_our_own_form(self) -> None:
        client = sign_in(Client(enforce_csrf_checks=True), make_account())
        assert client.post("/me/delete/").status_code == 403
        assert Account.objects.count() == 1

    def test_staff_are_not_offered_it(self, client: Client) -> None:
        sign_in(client, make_account("organiser"))
        assert "/me/delete/" not in client.get("/me/").content.decode()
        assert client.post("/me/delete/").status_code == 403
        assert Account.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    ["/come-back/", "/left/", "/deleted/", "/staff-door/", "/staff-door/x/", "/me/", "/me/way-back/", "/me/delete/"],
)
@pytest.mark.parametrize("language", ["", "/es", "/ar"])
def test_every_page_stands_in_every_language(client: Client, language: str, path: str) -> None:
    sign_in(client, make_account())
    page = client.get(language + path)
    # A link that opens nothing says so at once.
    assert page.status_code == (410 if path == "/staff-door/x/" else 200)
    assert page["Content-Language"] == (language[1:] or "en")
