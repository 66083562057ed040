"""Names in every script are found in texts and addresses, and words that merely look like them stay."""

from __future__ import annotations

import pytest
from django.test import Client

from tertulia.people.actions import withdraw_consent
from tertulia.people.models import Person, Purpose
from tertulia.programme.formats.letters import is_telling
from tertulia.programme.models import SessionText
from tests.factories import make_account, make_event, make_session

pytestmark = pytest.mark.django_db
REMOVED = "removed at someone’s request"


@pytest.mark.parametrize(
    ("name", "text", "is_taken_out"),
    [
        ("May", "On the first of May we met May.", True),
        ("Zoë Ångström", "With ZOE ANGSTROM, and zoë-ångström.", True),
        ("ليلى الحسن", "أمسية مع ليلى الحسن هنا", True),
        ("Zoe\u0308 A\u030angstro\u0308m", "Con Zoë Ångström", True),
        ("Zoë Ångström", "Con Zoe\u0308 A\u030angstro\u0308m.", True),
        ("ليلى الحسن", "أمسية مع لَيلى الحَسن هنا", True),
        ("Łukasz Weiß", "LUKASZ WEISS spielt", True),
        ("Ёлкин Йозеф", "Вечер: елкин иозеф", True),
        ("夜鷺", "夜鷺 is here", True),
        ("王小明", "我们和王小明一起读诗", True),
        ("山田 太郎", "詩人山田太郎さんの夜", True),
        ("김철수", "김철수는 읽는다", True),
        ("สมชาย ใจดี", "ค่ำคืนกับสมชาย ใจดีที่นี่", True),
        ("ជា ស៊ីណា", "ជាមួយជា ស៊ីណានៅទីនេះ", True),
        ("अमृता शेरगिल", "आज अमृता शेरगिल के साथ", True),
        ("🌊", "🌊 is here", False),
        ("Ana", "Anatomy of a banana", False),
        ("李", "他的行李", False),
        ("ស្រី", "ស្រីនៅ", False),
        ("นา", "นาน้า", False),
    ],
)
def test_names_of_all_kinds(name: str, text: str, is_taken_out: bool) -> None:
    event = make_event("nights")
    session = make_session(event, text, persons=(name,))
    other = make_session(event, text)
    withdraw_consent(Person.objects.get(), Purpose.NAMED, make_account("administrator"))
    title = SessionText.objects.get(session=session).title
    assert (title != text, REMOVED in title) == (is_taken_out, is_taken_out)
    # A name of one word may be a word like any other: where its person is not credited, it stays.
    is_one_word = not is_telling(name)
    assert (SessionText.objects.get(session=other).title == text) is (is_one_word or not is_taken_out)


@pytest.mark.parametrize(
    ("name", "slug", "left"),
    [
        ("Hans Weiß", "an-evening-with-hans-wei", "an-evening-with"),
        ("Hans Weiß", "an-evening-with-hans-weiss", "an-evening-with"),
        ("Łukasz Nowak", "ukasz-nowak-reads", "reads"),
        ("Łukasz Nowak", "lukasz-nowak-reads", "reads"),
    ],
)
def test_addresses_write_names_in_ways_of_their_own(name: str, slug: str, left: str) -> None:
    session = make_session(make_event("nights"), persons=(name,), slug=slug)
    withdraw_consent(Person.objects.get(), Purpose.NAMED, make_account("administrator"))
    session.refresh_from_db()
    assert session.slug == left


def test_two_of_one_name_are_two(client: Client) -> None:
    event = make_event("nights")
    make_session(event, "One", persons=("Ana Flores",), slug="one")
    make_session(event, "Two", persons=("Ana Flores",), slug="two")
    first = Person.objects.get(credits__session__slug="one")
    withdraw_consent(first, Purpose.NAMED, make_account("administrator"))
    shown = [client.get(f"/events/nights/sessions/{slug}/").content.decode() for slug in ("one", "two")]
    assert ["Ana Flores" in page for page in shown] == [False, True]
