"""A programme that was read opens its rooms."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from tertulia.live.models import Room
from tertulia.live.tasks import open_rooms_of
from tertulia.project.commandline import main
from tests.programme.schedules import FILES

pytestmark = pytest.mark.django_db(transaction=True)


def import_festival() -> None:
    assert main(["event", "import", str(FILES / "festival.json"), "--slug", "one-sky"]) == 0


def test_the_worker_opens_a_room_at_every_place_once(capsys: pytest.CaptureFixture[str]) -> None:
    import_festival()
    assert Room.objects.count() == 0
    main(["worker", "--drain"])
    rooms = list(Room.objects.select_related("place", "event"))
    assert [(room.event.slug, room.place.name) for room in rooms] == [
        ("one-sky", "Main sky"),
        ("one-sky", "The courtyard"),
    ]
    import_festival()
    main(["worker", "--drain"])
    assert list(Room.objects.all()) == rooms
    assert {row.status for row in DBTaskResult.objects.all()} == {"SUCCESSFUL"}


def test_an_event_that_is_gone_needs_no_rooms() -> None:
    open_rooms_of(1)
    assert Room.objects.count() == 0
