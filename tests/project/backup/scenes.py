"""A house with people and talk in it, and what has to be true of it after a restore."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from tertulia.live.models import Room
from tertulia.live.queries import close_room_log, latest_talk, room_log
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.entries import draft_message
from tertulia.people.models import Account
from tertulia.people.queries import account_behind
from tertulia.project.commandline import main
from tests.factories.people import make_participant
from tests.live.scenes import a_room

_ids = itertools.count(1)


@dataclass
class Operator:
    """Who has the private key, and a folder for archives."""

    folder: Path
    identity: Path = field(init=False)

    def __post_init__(self) -> None:
        self.identity = self.folder / "identity"

    def back_up(self, name: str = "house.age") -> Path:
        """An archive of the house."""
        assert main(["backup", str(self.folder / name)]) == 0
        return self.folder / name

    def back_up_keys(self, name: str = "keys.age") -> Path:
        """An archive of its keys."""
        assert main(["backup", "--keys", str(self.folder / name)]) == 0
        return self.folder / name

    def restore(self, archive: Path, *more: str, identity: Path | None = None) -> int:
        """The exit code of the command."""
        close()
        return main(["restore", str(archive), "--identity", str(identity or self.identity), *more])


@dataclass
class Scene:
    """Two rooms in which something was said, and two people with their phrases."""

    rooms: list[Room]
    people: list[tuple[Account, str]]

    def said(self) -> list[list[str]]:
        """What can be read in each of the rooms."""
        return [[message.text for message in latest_talk(room).messages] for room in self.rooms]

    def can_come_back(self) -> list[bool]:
        """Whether each of the people finds their account by their phrase."""
        return [account_behind(phrase) is not None for _account, phrase in self.people]


def a_scene() -> Scene:
    """Two events with a room each, somebody in at each, and an uploaded document."""
    rooms = [a_room(), a_room()]
    people = [make_participant(room.event, name) for room, name in zip(rooms, ("Wren", "Heron"), strict=True)]
    for room in rooms:
        say(room, "hello", "again")
    document = Path(settings.MEDIA_ROOT) / "documents" / "programme.txt"
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text("nine days")
    made_again = Path(settings.MEDIA_ROOT) / "images" / "small.png"
    made_again.parent.mkdir(parents=True, exist_ok=True)
    made_again.write_bytes(b"a picture in another size")
    return Scene(rooms, people)


def say(room: Room, *texts: str) -> None:
    """Put what was said into the log, sealed, as the relay does."""
    drafts = [
        draft_message(room.public_id, "author", "Wren", {"id": f"message-{next(_ids)}", "text": text}) for text in texts
    ]
    room_log().append([Boxes(settings.KEYS).seal(draft) for draft in drafts])


def close() -> None:
    """Let go of database and log in this process: a restore is made while nobody works there."""
    close_room_log()
    connections.close_all()


def burn_down(*, keys: bool = False) -> None:
    """Lose the machine: nothing of the house is left, and with `keys` nothing of these either."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS rooms CASCADE")
    close()
    for path in settings.DATA.iterdir():
        if path != settings.KEYS.folder:
            remove(path)
    if keys:
        remove(settings.KEYS.folder)


def remove(path: Path) -> None:
    """A file, or a folder with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
