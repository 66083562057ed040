"""Coming in to an event under a name."""

from __future__ import annotations

import pytest

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.phrases import Kind
from tertulia.people.models import Account
from tertulia.people.queries import account_behind
from tertulia.programme.actions.participation import come_in, come_in_anew, rename
from tertulia.programme.models import Event, Participation
from tertulia.programme.queries.participation import participation_of, text_of
from tertulia.programme.rules import can_join
from tests.factories import make_account, make_event

pytestmark = pytest.mark.django_db


def test_one_comes_in_under_the_name_as_it_is_shown() -> None:
    event, account = make_event(), make_account()
    participation = come_in(event, account, "  Wren \n of the  marsh ")
    assert participation.chosen_name == "Wren of the marsh"
    assert participation_of(account, event) == participation
    assert participation_of(make_account(), event) is None
    assert participation_of(account, make_event()) is None


def test_two_may_have_the_same_name() -> None:
    event = make_event()
    first, second = come_in(event, make_account(), "Wren"), come_in(event, make_account(), "Wren")
    assert first != second
    assert Participation.objects.filter(event=event, chosen_name="Wren").count() == 2


def test_coming_in_twice_is_once_and_keeps_the_name() -> None:
    event, account = make_event(), make_account()
    first = come_in(event, account, "Wren")
    assert come_in(event, account, "Heron") == first
    assert participation_of(account, event).chosen_name == "Wren"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["", "moderator", "\u202eWren", "x" * 41])
def test_a_refused_name_leaves_nothing_behind(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        come_in_anew(make_event(), name, Kind.WORDS)
    assert refused.value.where == "chosen_name"
    assert (Account.objects.count(), Participation.objects.count()) == (0, 0)


def test_somebody_new_gets_an_account_and_its_phrase() -> None:
    event = make_event()
    participation, phrase = come_in_anew(event, "Wren", Kind.DIGITS)
    assert account_behind(phrase) == participation.account
    assert participation.event == event


def test_one_may_go_by_another_name() -> None:
    participation = come_in(make_event(), make_account(), "Wren")
    rename(participation, "Heron ")
    participation.refresh_from_db()
    assert participation.chosen_name == "Heron"
    with pytest.raises(Invalid):
        rename(participation, "admin")
    participation.refresh_from_db()
    assert participation.chosen_name == "Heron"


def test_a_closed_account_and_an_unsaved_event_are_refused() -> None:
    event, account = make_event(), make_account()
    participation = come_in(event, account, "Wren")
    account.is_active = False
    assert [can_join(event), can_join(event, account), can_join(Event(slug="nowhere"))] == [True, False, False]
    with pytest.raises(NotAllowed):
        come_in(event, account, "Wren")
    participation.account = account
    with pytest.raises(NotAllowed):
        rename(participation, "Heron")
    with pytest.raises(NotAllowed):
        come_in_anew(Event(slug="nowhere"), "Wren", Kind.WORDS)


@pytest.mark.parametrize("role", ["organiser", "administrator"])
def test_staff_come_in_nowhere(role: str) -> None:
    event, account = make_event(), make_account(role)
    elsewhere = make_account("organiser", scope=make_event().slug)
    assert [can_join(event, one) for one in (account, elsewhere, make_account())] == [False, False, True]
    with pytest.raises(NotAllowed):
        come_in(event, account, "Wren")
    assert Participation.objects.count() == 0


def test_nothing_says_when_one_came_in() -> None:
    participation = come_in(make_event(), make_account(), "Wren")
    held = Participation.objects.filter(pk=participation.pk).values().get()
    assert set(held) == {"id", "event_id", "account_id", "chosen_name"}
    assert str(participation) == "participation"


def test_an_event_is_called_in_the_language_of_the_page() -> None:
    from django.utils.translation import override

    event = make_event(title="A festival")
    event.texts.create(language="es", title="Un festival", source_revision=1)
    with override("es"):
        assert text_of(event).title == "Un festival"
    with override("ar"):
        assert text_of(event).title == "A festival"
