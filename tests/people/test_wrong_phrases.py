"""What opens nothing is answered alike, in words and in time: unknown, of another form, of a closed account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tertulia.kit.phrases import Kind, phrase
from tertulia.people.forms import ComeBackForm
from tertulia.people.models import Account
from tertulia.people.queries import way_in
from tests.factories.people import make_newcomer
from tests.people.timing import ratio

pytestmark = pytest.mark.django_db
TRIES = 600
# Above what the same question differs from itself on a machine with other work; one query more is a third.
ALIKE = 1.15


class NaiveForm(forms.Form):
    """As one writes it without thinking: looks up only what has the form of a phrase."""

    phrase = forms.CharField(max_length=200)

    def clean_phrase(self) -> object:
        words = self.cleaned_data["phrase"].split()
        if len(words) != 6 or way_in(" ".join(words)) is None:
            raise forms.ValidationError("wrong")
        return words


@pytest.fixture
def wrong() -> dict[str, Callable[[int], str]]:
    """Each kind of what opens nothing, for the try of that number: no two tries send the same.

    All are as long as each other: reading a longer text takes longer, and whoever sent it knows how long it is.
    """
    unknown = [phrase(Kind.WORDS) for _ in range(TRIES)]
    closed = [make_newcomer()[1] for _ in range(TRIES)]
    Account.objects.update(is_active=False)
    return {
        "unknown": lambda number: unknown[number],
        "closed": lambda number: closed[number],
        "of another form": lambda number: f"two words {number}".ljust(len(unknown[number]), "x"),
        "signs alone": lambda number: "." * len(unknown[number]),
    }


def ask(form: type[forms.Form], wrong: dict[str, Callable[[int], str]]) -> dict[str, Callable[[int], bool]]:
    return {name: lambda number, made=made: form({"phrase": made(number)}).is_valid() for name, made in wrong.items()}


def test_they_take_the_same_time(wrong: dict[str, Callable[[int], str]]) -> None:
    # What is really told by a clock is told each time; what else the machine does, not three times.
    assert any(ratio(ask(ComeBackForm, wrong), TRIES) < ALIKE for _ in range(3))


def test_a_naive_form_is_told_by_its_time(wrong: dict[str, Callable[[int], str]]) -> None:
    assert ratio(ask(NaiveForm, wrong), TRIES) > 2


def test_they_ask_the_same_of_the_database_and_are_answered_in_the_same_words(
    wrong: dict[str, Callable[[int], str]],
) -> None:
    answers = set()
    for made in (*wrong.values(), lambda _number: "x" * 5000):
        with CaptureQueriesContext(connection) as asked:
            form = ComeBackForm({"phrase": made(1)})
            assert not form.is_valid()
        answers.add((len(asked), tuple(form.errors["phrase"])))
    assert len(answers) == 1
