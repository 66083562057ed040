"""The drill: a house is copied, goes on, is lost, and comes back without what was erased meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import NotAllowed
from tertulia.kit.sealing import Unreadable
from tertulia.live.actions import erase_talk, erase_what_is_over, open_rooms
from tertulia.live.models import Room
from tertulia.live.queries import author_of, event_key_name, latest_talk, room_log
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.hub import ask
from tertulia.people.actions import (
    DELETED_ACCOUNT,
    delete_account,
    dismiss,
    hand_in_answers,
    issue_sign_in_link,
    release_counts,
)
from tertulia.people.counting.totals import Totals
from tertulia.people.models import Account, Answered, Session, SignInLink
from tertulia.people.rules import is_staff
from tertulia.programme.actions.closing import clear_participations, close_event
from tertulia.programme.actions.counting import say_where_from
from tertulia.programme.models import Event, Participation
from tertulia.project.backup import envelope
from tertulia.project.backup.archive import unpack
from tests.factories import make_account, make_event, make_room
from tests.factories.people import sign_in
from tests.live.stand import stand
from tests.project.backup.scenes import Operator, a_scene, burn_down, close, say

pytestmark = pytest.mark.django_db(transaction=True)
Said = pytest.CaptureFixture[str]


def test_what_was_erased_after_the_copy_is_erased_again_and_all_else_is_as_it_was(
    operator: Operator, capsys: Said
) -> None:
    scene = a_scene()
    colleague, former = make_account("administrator"), make_account("organiser", "Stork")
    rows = {model: model.objects.count() for model in (Account, Participation, Room, Event)}
    archive = operator.back_up()

    delete_account(scene.people[0][0])
    erase_talk(scene.rooms[0])
    dismiss(former)
    make_account()
    say(scene.rooms[1], "after the copy")
    (settings.DATA / "media/documents/programme.txt").write_text("changed")
    capsys.readouterr()

    assert operator.restore(archive, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["erased_again"], told["made_with_these_keys"]) == (3, True)
    assert told["rows"] > sum(rows.values())
    found = {model: model.objects.count() for model in rows}
    assert found == {Account: rows[Account] - 1, Participation: rows[Participation] - 1, Room: 2, Event: 2}
    assert scene.can_come_back() == [False, True]
    assert scene.said() == [[], ["hello", "again"]]
    assert [Room.objects.get(pk=room.pk).is_erased for room in scene.rooms] == [True, False]
    assert (is_staff(Account.objects.get(pk=former.pk)), is_staff(Account.objects.get(pk=colleague.pk))) == (
        False,
        True,
    )
    assert (settings.DATA / "media/documents/programme.txt").read_text() == "nine days"
    assert not (settings.DATA / "media/images").exists()
    assert not (settings.DATA / ".restore").exists()
    room_log().verify()


def test_a_message_that_was_taken_back_after_the_copy_is_taken_back_again(operator: Operator, tmp_path: Path) -> None:
    scene = a_scene()
    archive = operator.back_up()
    with stand(tmp_path):
        question = {"room": scene.rooms[0].public_id, "remove": 1, "by": "moderator"}
        assert ask(settings.LIVE_SOCKET, question) == {"sequence": 3}
    close()
    assert operator.restore(archive) == 0
    assert [message.gone_by for message in latest_talk(scene.rooms[0]).messages] == ["moderator", ""]
    assert scene.said() == [["", "again"], ["hello", "again"]]


def test_a_deletion_is_on_the_list_before_it_is_committed_and_only_if_it_is_not_refused(operator: Operator) -> None:
    (account, _phrase), (other, _others) = a_scene().people
    seen: list[bool] = []
    for one in (account, make_account("organiser")):
        name = one.public_id
        with contextlib.suppress(NotAllowed), transaction.atomic():
            delete_account(one)
            seen.append(settings.ERASURES.holds(DELETED_ACCOUNT, name, settings.ERASURES.digests()))
        seen.append(settings.ERASURES.holds(DELETED_ACCOUNT, name, settings.ERASURES.digests()))
    assert seen == [True, True, False]
    assert not settings.ERASURES.holds(DELETED_ACCOUNT, other.public_id, settings.ERASURES.digests())


def test_a_machine_that_is_lost_comes_back_from_both_archives_and_the_newer_list_holds(
    operator: Operator, capsys: Said
) -> None:
    scene = a_scene()
    archive = operator.back_up()
    old_keys = operator.back_up_keys("old-keys.age")
    delete_account(scene.people[0][0])
    erase_talk(scene.rooms[0])
    keys = operator.back_up_keys()
    before = set(settings.KEYS.names())
    burn_down(keys=True)
    capsys.readouterr()

    assert operator.restore(archive) == 2
    assert capsys.readouterr().err == (
        "tertulia: the keys of this house are not here: put them back first, from their own archive\n"
    )
    assert operator.restore(keys) == 0
    # An older copy of the keys brings back none that was destroyed since.
    assert operator.restore(old_keys) == 0
    assert set(settings.KEYS.names()) == before
    assert operator.restore(archive) == 0
    assert scene.can_come_back() == [False, True]
    assert scene.said() == [[], ["hello", "again"]]


def test_an_older_copy_of_the_keys_alone_knows_what_its_list_knows(operator: Operator) -> None:
    scene = a_scene()
    erase_talk(scene.rooms[0])
    keys = operator.back_up_keys()
    burn_down(keys=True)
    assert operator.restore(keys) == 0
    assert not settings.KEYS.has(key_name(scene.rooms[0].public_id))
    assert settings.KEYS.has(key_name(scene.rooms[1].public_id))


def test_the_list_in_a_newer_archive_of_the_house_takes_back_what_older_keys_brought(operator: Operator) -> None:
    scene = a_scene()
    keys = operator.back_up_keys()
    erase_talk(scene.rooms[0])
    archive = operator.back_up()
    burn_down(keys=True)
    assert operator.restore(keys) == 0
    assert settings.KEYS.has(key_name(scene.rooms[0].public_id))
    assert operator.restore(archive) == 0
    assert [settings.KEYS.has(key_name(room.public_id)) for room in scene.rooms] == [False, True]


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="PostgreSQL has no such file")
def test_what_a_killed_server_left_in_its_log_of_changes_goes_with_its_database(operator: Operator) -> None:
    scene = a_scene()
    archive = operator.back_up()
    close()
    file = settings.DATA / "tertulia.sqlite3"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as killed:
        killed.execute("UPDATE people_account SET is_active = 0")
        assert (settings.DATA / "tertulia.sqlite3-wal").stat().st_size > 0
        assert operator.restore(archive) == 0
        assert set(Account.objects.values_list("is_active", flat=True)) == {True}
    assert scene.can_come_back() == [True, True]
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_who_was_in_at_an_event_whose_days_were_over_is_forgotten_again(operator: Operator) -> None:
    scene = a_scene()
    event = scene.rooms[0].event
    author_of(event.participations.get())
    archive, keys = operator.back_up(), operator.back_up_keys()
    close_event(event)
    Event.objects.filter(pk=event.pk).update(closed_on=timezone.now().date() - timedelta(days=30))
    assert (clear_participations(), erase_what_is_over()) == (1, 1)

    burn_down(keys=True)
    assert (operator.restore(keys), operator.restore(archive)) == (0, 0)
    assert {row.chosen_name for row in Participation.objects.all()} == {"Wren", "Heron"}

    # The copy of the keys was as old as that of the house; with the list that the machine had, both are gone.
    Event.objects.filter(pk=event.pk).update(closed_on=timezone.now().date() - timedelta(days=30))
    clear_participations()
    erase_what_is_over()
    assert operator.restore(archive) == 0
    assert [row.chosen_name for row in Participation.objects.all()] == ["Heron"]
    assert Event.objects.get(pk=event.pk).closed_on == timezone.now().date()
    with pytest.raises(Unreadable):
        settings.KEYS.get(event_key_name(event.pk))


@pytest.mark.parametrize("is_lost", [False, True])
def test_that_somebody_answered_goes_again_with_the_figures(
    is_lost: bool, operator: Operator, tmp_path: Path, settings: LazySettings
) -> None:
    """Whether the figures were released after the copy, as the file of the totals knows, or before it."""
    settings.COUNTING_FILE = tmp_path / "counting.sqlite3"
    event = a_scene().rooms[0].event
    say_where_from(event.participations.get(), "NP")
    if not is_lost:
        archive = operator.back_up()
    Totals(settings.COUNTING_FILE).end(event.slug, 0)
    hand_in_answers()
    assert release_counts() == 1
    if is_lost:
        Answered.objects.create(account=event.participations.get().account, scope=event.slug, question="country")
        archive = operator.back_up()
        settings.COUNTING_FILE.unlink()

    assert operator.restore(archive) == 0
    assert Answered.objects.count() == 0


def test_nobody_is_signed_in_after_a_restore_and_listeners_begin_anew(operator: Operator, client: Client) -> None:
    scene = a_scene()
    sign_in(client, scene.people[1][0])
    issue_sign_in_link(make_account("administrator"), 60)
    before = [latest_talk(room).position.epoch for room in scene.rooms]
    archive = operator.back_up()
    assert operator.restore(archive) == 0
    assert (Session.objects.count(), SignInLink.objects.count()) == (0, 0)
    after = [latest_talk(room).position.epoch for room in scene.rooms]
    assert set(before) & set(after) == set()


def test_a_room_that_was_opened_between_the_two_snapshots_leaves_nothing_in_the_log(operator: Operator) -> None:
    scene = a_scene()
    event = make_event()
    make_room(event)
    (stray,) = open_rooms(event)
    say(stray, "nobody could erase this")
    Room.objects.filter(pk=stray.pk).delete()
    archive = operator.back_up()
    assert stray.public_id in room_log().rooms()
    assert operator.restore(archive) == 0
    assert room_log().rooms() == sorted(room.public_id for room in scene.rooms)


def test_people_go_on_talking_and_coming_in_while_a_copy_is_made(operator: Operator) -> None:
    scene = a_scene()
    writer = Busy(lambda number: (say(scene.rooms[0], f"number {number}"), make_account()))
    with writer:
        writer.wait_for(3)
        archives = [operator.back_up(f"{number}.age") for number in range(3)]
        writer.wait_for(writer.count + 3)
    spoken = writer.count
    for archive in archives:
        assert operator.restore(archive, "--verify") == 0
    assert operator.restore(archives[-1]) == 0
    said = [message.text for message in latest_talk(scene.rooms[0], limit=100_000).messages]
    assert said == ["hello", "again", *(f"number {number}" for number in range(len(said) - 2))]
    assert 5 <= len(said) < spoken + 2


class Busy:
    """Somebody who does something again and again, in a thread, until the end of the block."""

    def __init__(self, do: Callable[[int], object]) -> None:
        self.count = 0
        self._do = do
        self._stop = threading.Event()
        self._went_on = threading.Condition()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_fault: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for(self, count: int) -> None:
        """Until it was done so often; AssertionError if that takes a minute."""
        with self._went_on:
            assert self._went_on.wait_for(lambda: self.count >= count, timeout=60)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._do(self.count)
            with self._went_on:
                self.count += 1
                self._went_on.notify_all()
        room_log().close()
        connections.close_all()


def test_the_archives_hold_no_word_and_keys_are_never_with_what_they_open(operator: Operator) -> None:
    a_scene()
    house, keys = operator.back_up(), operator.back_up_keys()
    names = {path: parts_of(path, operator) for path in (house, keys)}
    assert names[house] == {"database", "erasures", "media/documents/programme.txt"} | log_part()
    assert {name.partition("/")[0] for name in names[keys]} == {"keys", "pepper", "erasures"}
    for path in (house, keys):
        assert path.stat().st_mode & 0o077 == 0
        assert b"nine days" not in path.read_bytes()


def parts_of(path: Path, operator: Operator) -> set[str]:
    """What is in an archive, looked at with its private key."""
    folder = operator.folder / f"{path.name}-parts"
    folder.mkdir()
    with path.open("rb") as file, envelope.opened(file, envelope.identities(operator.identity)) as stream:
        return set(unpack(stream, folder, None, lambda _about: None).parts)


def log_part() -> set[str]:
    """With PostgreSQL, the room log is in the dump."""
    return {"rooms"} if connections["default"].vendor == "sqlite" else set()
