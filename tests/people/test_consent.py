"""Agreeing, taking back, and what is over: what the ledger says and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tertulia.kit import facts
from tertulia.kit.errors import Invalid, NotAllowed, Overtaken
from tertulia.people.actions import clear_notices, expire_consents, give_consent, withdraw_consent, word_consent
from tertulia.people.actions import consent as consent_actions
from tertulia.people.facts import ConsentWithdrawn
from tertulia.people.models import Account, Consent, ConsentText, Notice, Person, Purpose
from tertulia.people.queries.consent import has_consent, standings, wording
from tests.factories import make_account, make_credited, make_event, make_person
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
THIS_MONTH = timezone.now().date().replace(day=1)


def agree(person: Person | None, purpose: Purpose, by: Account, **told: Any) -> Consent:
    return give_consent(person, purpose, by, **{"language": "en", **told})


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def person(account: Account) -> Person:
    return make_credited("Ana Flores", account)


def ledger(person: Person) -> list[tuple[str, bool, bool]]:
    """Each row: what for, whether it names a text, whether it ended."""
    rows = person.consents.all()
    return sorted((row.purpose, row.text is not None, row.withdrawn is not None) for row in rows)


@pytest.mark.parametrize("purpose", [one for one in Purpose if one != Purpose.NAMED])
def test_nothing_holds_until_it_is_given_and_after_it_is_taken_back(person: Person, purpose: Purpose) -> None:
    assert not has_consent(person, purpose)
    agree(person, purpose, person.account)
    others = [one for one in Purpose if one not in (purpose, Purpose.NAMED)]
    assert (has_consent(person, purpose), [has_consent(person, one) for one in others]) == (True, [False] * 5)
    withdraw_consent(person, purpose, person.account)
    assert not has_consent(person, purpose)
    assert (person.name, ledger(person)) == ("Ana Flores", [(purpose, False, True)])


def test_a_row_says_which_words_and_no_day(person: Person) -> None:
    row = agree(person, Purpose.QUOTED, person.account, language="es", version=1)
    assert (row.text.purpose, row.text.version, row.text.language) == ("quoted", 1, "es")
    assert row.text.text == wording(Purpose.QUOTED, "es").text
    assert (row.given, row.until, row.withdrawn) == (THIS_MONTH, None, None)


def test_of_what_ended_the_purpose_and_the_month_stay(person: Person) -> None:
    row = agree(person, Purpose.QUOTED, person.account, until=timezone.now().date())
    withdraw_consent(person, Purpose.QUOTED, person.account)
    row.refresh_from_db()
    assert (row.purpose, row.text, row.given, row.until, row.withdrawn) == ("quoted", None, None, None, THIS_MONTH)


def test_giving_again_is_another_row(person: Person) -> None:
    for _turn in range(2):
        agree(person, Purpose.QUOTED, person.account)
        withdraw_consent(person, Purpose.QUOTED, person.account)
    agree(person, Purpose.QUOTED, person.account)
    assert ledger(person) == [("quoted", False, True), ("quoted", False, True), ("quoted", True, False)]
    assert has_consent(person, Purpose.QUOTED)


def test_giving_or_taking_back_twice_is_once(person: Person) -> None:
    first = agree(person, Purpose.QUOTED, person.account)
    assert agree(person, Purpose.QUOTED, person.account) == first
    for _turn in range(2):
        withdraw_consent(person, Purpose.QUOTED, person.account)
        withdraw_consent(person, Purpose.NAMED, person.account)
        withdraw_consent(person, Purpose.SHOWN, person.account)
    assert ledger(person) == [("named", False, True), ("quoted", False, True)]


def test_a_first_consent_makes_a_person(account: Account) -> None:
    row = agree(None, Purpose.CONTACTED, account)
    assert (row.person.account, row.person.name) == (account, "")
    # A second press, and a page that was open for long: whose would it be?
    with pytest.raises(Overtaken):
        agree(None, Purpose.CONTACTED, account)
    assert Consent.objects.get() == row
    with pytest.raises(Invalid) as refused:
        agree(row.person, Purpose.NAMED, account)
    assert refused.value.where == "name"
    agree(row.person, Purpose.NAMED, account, name="  Ana   Flores ")
    assert Person.objects.get().name == "Ana Flores"


def test_a_name_that_an_organiser_published_holds_until_it_is_taken_back() -> None:
    person = make_credited("Ana Flores")
    assert has_consent(person, Purpose.NAMED)
    assert [one.on_word for one in standings(person) if one.holds] == [True]
    withdraw_consent(person, Purpose.NAMED, make_account("administrator"))
    person.refresh_from_db()
    assert not has_consent(person, Purpose.NAMED)
    assert (person.name, person.biography, ledger(person)) == ("", "", [("named", False, True)])


def test_a_name_that_is_given_again_is_shown_again(person: Person) -> None:
    withdraw_consent(person, Purpose.NAMED, person.account)
    agree(person, Purpose.NAMED, person.account, name="Ana F.")
    person.refresh_from_db()
    assert (person.name, has_consent(person, Purpose.NAMED)) == ("Ana F.", True)


def test_nobody_agrees_for_another(person: Person) -> None:
    for other in (make_account(), make_account("administrator")):
        with pytest.raises(NotAllowed):
            agree(person, Purpose.QUOTED, other)
    with pytest.raises(NotAllowed):
        agree(None, Purpose.QUOTED, make_account("organiser"))
    assert not Consent.objects.exists()
    assert Person.objects.count() == 1


def test_who_takes_back_for_another(person: Person) -> None:
    agree(person, Purpose.QUOTED, person.account)
    for other in (make_account(), make_account("organiser", scope=make_event().slug)):
        with pytest.raises(NotAllowed):
            withdraw_consent(person, Purpose.QUOTED, other)
    assert has_consent(person, Purpose.QUOTED)
    withdraw_consent(person, Purpose.QUOTED, make_account("organiser"))
    assert not has_consent(person, Purpose.QUOTED)
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.reference) == (
        person,
        "people.taken_back",
        str(Consent.objects.get().pk),
    )


def test_words_that_changed_are_read_again(person: Person) -> None:
    assert word_consent(Purpose.QUOTED, {"en": "You may quote me in print.\n"}) == 2
    with pytest.raises(Overtaken):
        agree(person, Purpose.QUOTED, person.account, version=1)
    row = agree(person, Purpose.QUOTED, person.account, version=2, language="ar")
    assert (row.text.version, row.text.language, row.text.text) == (2, "en", "You may quote me in print.")


def test_who_agreed_to_older_words_agrees_anew(person: Person) -> None:
    older = agree(person, Purpose.QUOTED, person.account)
    word_consent(Purpose.QUOTED, {"en": "You may quote me in print."}, make_account("administrator"))
    Consent.objects.update(given=date(2020, 1, 1))
    newer = agree(person, Purpose.QUOTED, person.account)
    assert newer == older
    assert (newer.withdrawn, newer.given, newer.text.version) == (None, THIS_MONTH, 2)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("texts", [{}, {"en": " "}, {"en": "Yes.", "": "Sí."}, {"x" * 36: "Yes."}])
def test_a_version_without_words_or_language_is_none(texts: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        word_consent(Purpose.QUOTED, texts)
    assert not ConsentText.objects.exists()


def test_who_writes_the_words() -> None:
    for role in ("participant", "organiser"):
        with pytest.raises(NotAllowed):
            word_consent(Purpose.QUOTED, {"en": "Yes."}, make_account(role))
    assert not ConsentText.objects.exists()


def test_a_text_that_stands_is_never_changed(person: Person) -> None:
    text = agree(person, Purpose.QUOTED, person.account).text
    text.text = "Something else."
    with pytest.raises(TypeError):
        text.save()
    assert ConsentText.objects.get().text == wording(Purpose.QUOTED, "en").text != "Something else."


def test_what_is_given_for_a_time_ends_with_its_last_day(person: Person) -> None:
    today = timezone.now().date()
    with pytest.raises(Invalid) as refused:
        agree(person, Purpose.QUOTED, person.account, until=today - timedelta(days=1))
    assert refused.value.where == "until"
    row = agree(person, Purpose.QUOTED, person.account, until=date(today.year + 1, 2, 3))
    assert row.until.day in (28, 29)
    assert row.until.month == 2
    Consent.objects.update(until=today)
    assert (has_consent(person, Purpose.QUOTED), expire_consents()) == (True, 0)
    Consent.objects.update(until=today - timedelta(days=1))
    # Nobody has called it over yet, and it is.
    assert not has_consent(person, Purpose.QUOTED)
    assert (expire_consents(), expire_consents()) == (1, 0)
    row.refresh_from_db()
    assert row.withdrawn == THIS_MONTH
    assert [notice.kind for notice in Notice.objects.all()] == ["people.consent_over"]


def test_what_is_given_anew_while_it_is_called_over_stays(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(person, Purpose.QUOTED, person.account)
    Consent.objects.update(until=timezone.now().date() - timedelta(days=1))
    locked, given = consent_actions.lock_person, []

    def locked_late(one: Person) -> Person | None:
        if not given:
            given.append(one)
            agree(one, Purpose.QUOTED, person.account)
        return locked(one)

    monkeypatch.setattr(consent_actions, "lock_person", locked_late)
    assert expire_consents() == 0
    assert has_consent(person, Purpose.QUOTED)


def test_who_deletes_their_account_meanwhile_gives_nothing(person: Person) -> None:
    account, stale = person.account, Person.objects.select_related("account").get(pk=person.pk)
    Person.objects.filter(pk=person.pk).update(account=None)
    with pytest.raises(NotAllowed):
        agree(stale, Purpose.QUOTED, account)
    assert not Consent.objects.filter(person=person).exists()


def test_it_is_told_who_took_it_back(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[ConsentWithdrawn] = []
    monkeypatch.setitem(facts._wake_ups, ConsentWithdrawn, [heard.append])
    person, staff = make_credited(), make_account("administrator")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(person, Purpose.NAMED, staff)
        withdraw_consent(person, Purpose.NAMED, staff)
    assert heard == [ConsentWithdrawn(person.pk, "named", staff.pk)]


def test_notices_of_a_year_ago_go(person: Person) -> None:
    for days in (0, 300, 400):
        month = (timezone.now().date() - timedelta(days=days)).replace(day=1)
        Notice.objects.create(person=person, kind="people.claimed", month=month)
    assert (clear_notices(), Notice.objects.count()) == (1, 2)


class TestPages:
    def test_one_reads_before_one_agrees(self, client: Client, account: Account) -> None:
        sign_in(client, account)
        page = client.get("/es/me/consents/new/quoted/")
        assert wording(Purpose.QUOTED, "es").text in page.content.decode()
        assert not Person.objects.exists()
        answer = client.post("/es/me/consents/new/quoted/", {"version": "1", "lasts": "a_year"})
        assert (answer.status_code, answer["Location"]) == (302, "/es/me/what-we-know/")
        row = Consent.objects.get()
        assert (row.text.language, row.until > timezone.now().date() + timedelta(days=364)) == ("es", True)

    def test_who_is_somebody_agrees_as_that(self, client: Client, person: Person) -> None:
        """As somebody new it would be anybody's of the persons whom they claimed."""
        make_person("Bela Stone", person.account)
        sign_in(client, person.account)
        for purpose in ("quoted", "named"):
            path = f"/me/consents/new/{purpose}/"
            answers = [client.get(path), client.post(path, {"version": "1", "lasts": "a_year", "name": "Ana"})]
            assert [answer["Location"] for answer in answers] == ["/me/what-we-know/"] * 2
        assert (Consent.objects.count(), Person.objects.count()) == (0, 2)

    def test_taking_back_asks_first(self, client: Client, person: Person) -> None:
        agree(person, Purpose.QUOTED, person.account)
        sign_in(client, person.account)
        path = f"/me/consents/{person.public_id}/quoted/take-back/"
        assert client.get(path).status_code == 200
        assert has_consent(person, Purpose.QUOTED)
        assert client.post(path)["Location"] == "/me/what-we-know/"
        assert not has_consent(person, Purpose.QUOTED)

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"version": "2", "lasts": "a_year", "name": "Ana"}, 422),
            ({"version": "1", "lasts": "a_year", "name": " "}, 422),
            ({"version": "1", "lasts": "for ever", "name": "Ana"}, 422),
            ({"version": "1", "lasts": "a_year", "name": "A" * 201}, 422),
            ({}, 422),
        ],
    )
    def test_bad_input_is_shown_again(
        self, client: Client, account: Account, sent: dict[str, str], status: int
    ) -> None:
        sign_in(client, account)
        assert client.post("/me/consents/new/named/", sent).status_code == status
        assert not Person.objects.exists()

    @pytest.mark.parametrize("path", ["new/nothing/", "new/quoted/take-back/", "nobody/quoted/"])
    def test_what_there_is_not(self, client: Client, account: Account, path: str) -> None:
        sign_in(client, account)
        assert [client.get(f"/me/consents/{path}").status_code, client.post(f"/me/consents/{path}").status_code] == [
            404,
            404,
        ]
