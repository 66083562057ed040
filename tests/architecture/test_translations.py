"""Everybody is spoken to in their language: whatever the house says is said in all of them, completely."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from babel import Locale
from babel.messages import Catalog, Message
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from tertulia.live.models import Audience, Room
from tertulia.programme.models import Event
from tertulia.project import messages
from tests.architecture.house import report
from tests.architecture.reader import Reader

LANGUAGES = messages.languages()
HOW = "./run messages, then write what is empty in tertulia/locale/*/LC_MESSAGES/django.po; see docs/developer/words.md"
# Where a translation is its source, and why that is right.
SAME = {
    "es": {
        ", ": "Spanish lists have the same comma",
        "%(place)s, %(hour)s": "the same comma",
        "Asia": "the same name",
        "Australia": "the same name",
        "Panel": "the same word",
        "no": "the same word",
    },
    "ar": {},
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG = re.compile(r"</?\w[^>]*>")


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the head."""
    return (message for message in catalogue if message.id)


def forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """All forms of a source or a translation."""
    return (said,) if isinstance(said, str) else tuple(said)


def each() -> Iterator[tuple[str, Message]]:
    """Every message of every language."""
    return ((language, message) for language in LANGUAGES for message in entries(messages.catalogue_of(language)))


def test_every_language_of_the_interface_has_a_catalogue() -> None:
    assert sorted(LANGUAGES) == sorted(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_hold_what_the_code_says_and_nothing_else(language: str) -> None:
    says = {(message.context, message.id) for message in entries(messages.said_by(messages.PACKAGE))}
    holds = {(message.context, message.id) for message in entries(messages.catalogue_of(language))}
    report(
        [
            *(f"{language}: {words!r} is not in the catalogue" for _context, words in says - holds),
            *(f"{language}: {words!r} is in the catalogue, but nobody says it" for _context, words in holds - says),
        ],
        "what is missing is shown in English; what nobody says costs translators their time",
        HOW,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_written_as_the_program_writes_it(language: str) -> None:
    fresh = messages.brought_up_to(messages.said_by(messages.PACKAGE), language)
    assert messages.place_of(language).read_text() == messages.written(fresh, language), HOW


def test_every_message_is_translated_and_none_is_a_guess() -> None:
    report(
        [
            *(
                f"{where}: {message.id!r} has no translation"
                for where, message in each()
                if not messages.is_translated(message)
            ),
            *(f"{where}: {one.id!r} is a guess" for where, one in each() if one.fuzzy),
        ],
        "half a translation is English in the middle of a page",
        HOW,
    )


def test_a_translation_is_its_source_only_where_that_is_right() -> None:
    same = {(where, form) for where, message in each() for form in forms(message.string) if form in forms(message.id)}
    listed = {(where, words) for where, reasons in SAME.items() for words in reasons}
    report(
        [
            *(f"{where}: {words!r} is its own translation" for where, words in same - listed),
            *(f"{where}: {words!r} is on the list, but is translated" for where, words in listed - same),
        ],
        "most often somebody forgot to translate it",
        "translate it; if the words really are the same, put them into SAME with the reason",
    )


def signs(pattern: re.Pattern[str], words: str) -> list[str]:
    """Placeholders or tags, in a steady order."""
    return sorted(pattern.findall(words))


def lost(language: str, message: Message) -> Iterator[str]:
    """What a translation has too little or too much of; a form for a single number may leave that number out."""
    source = forms(message.id)[-1]
    for place, form in enumerate(forms(message.string)):
        kept, wanted = signs(PLACEHOLDER, form), signs(PLACEHOLDER, source)
        says_its_number = message.pluralizable and is_for_one_number(language, place) and not kept
        if kept != wanted and not says_its_number:
            yield f"{language}: {form!r} has {kept}, its source has {wanted}"
        if signs(TAG, form) != signs(TAG, source):
            yield f"{language}: {form!r} has other tags than its source"


def is_for_one_number(language: str, place: int) -> bool:
    """Whether a plural form stands for one number alone, such as the Arabic dual."""
    return len({number for number in range(300) if plural_rule(language)(number) == place}) == 1


@cache
def plural_rule(language: str) -> Callable[[int], int]:
    """Which form a language takes for a number, as its catalogue says."""
    rule: Callable[[int], int] = gettext.c2py(messages.catalogue_of(language).plural_expr)  # type: ignore[attr-defined]
    return rule


def test_placeholders_and_tags_survive_translation() -> None:
    report(
        (fault for language, message in each() for fault in lost(language, message)),
        "a lost placeholder is a name or a number that nobody reads; a lost tag breaks the page",
        "write placeholders and tags exactly as in the source, in the order of your language",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_that_the_language_has(language: str) -> None:
    names = ["zero", "one", "two", "few", "many", "other"] if language == "ar" else ["one", "other"]
    own = [names[plural_rule(language)(number)] for number in range(1000)]
    assert own == [Locale.parse(language).plural_form(number) for number in range(1000)]


DAYS = [
    ("es", 1, "Lo que se escribe aquí se borra 1 día después del cierre del evento."),
    ("es", 2, "Lo que se escribe aquí se borra 2 días después del cierre del evento."),
    ("ar", 0, "ما يُكتب هنا يُمحى يوم إغلاق الفعالية."),
    ("ar", 1, "ما يُكتب هنا يُمحى بعد يوم واحد من إغلاق الفعالية."),
    ("ar", 2, "ما يُكتب هنا يُمحى بعد يومين من إغلاق الفعالية."),
    ("ar", 3, "ما يُكتب هنا يُمحى بعد 3 أيام من إغلاق الفعالية."),
    ("ar", 11, "ما يُكتب هنا يُمحى بعد 11 يومًا من إغلاق الفعالية."),
    ("ar", 100, "ما يُكتب هنا يُمحى بعد 100 يوم من إغلاق الفعالية."),
]


@pytest.mark.parametrize(("language", "days", "said"), DAYS)
def test_a_number_of_days_is_said_as_the_language_says_it(language: str, days: int, said: str) -> None:
    with translation.override(language):
        shown = {"room": Room(audience=Audience.PUBLIC), "days_kept": days, "event": Event(slug="nights")}
        page = render_to_string("live/_door.html", shown)
    reader = Reader(language)
    reader.feed(page)
    assert reader.pieces[0].endswith(said)
