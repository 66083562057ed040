"""Putting archives back: all is looked at, then the house is changed, and what was erased since is erased again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from wagtail.images import get_image_model

from tertulia.kit.erasures import HOUSE_DIGITS, KEY, Untrusted
from tertulia.kit.registry import erasures
from tertulia.live.actions import take_up_restored_log
from tertulia.live.queries import room_log
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Damaged
from tertulia.people.actions import end_all_sessions, forget_released_answers, purge
from tertulia.project.backup import envelope, place, postgres, sqlite
from tertulia.project.backup.archive import Archive, unpack
from tertulia.project.backup.keyring import lay_keys
from tertulia.project.backup.making import HOUSE, KEYS
from tertulia.project.backup.noting import note_restore
from tertulia.project.backup.unfit import Unfit
from tertulia.project.folders import make_folders
from tertulia.project.occupancy import alone, scratch
from tertulia.project.release import known_migrations

# As the erasure list says it.
HOUSE_NAME = re.compile(rf"[0-9a-f]{{{HOUSE_DIGITS}}}")


@dataclass
class Outcome:
    """What a restore has done with an archive: how many things it `erased` again, and how many `keys` were new."""

    archive: Archive
    erased: int = 0
    keys: int = 0

    @property
    def house(self) -> str:
        """What the house is called that the archive is of; empty if it does not say."""
        told = str(self.archive.about.get("house"))
        # What it says of itself is printed: anybody can seal something to a public key.
        return told if HOUSE_NAME.fullmatch(told) else ""


def restore(path: Path, identity: Path) -> Outcome:
    """Put the archive at `path` back; `identity` is the file of the private key.

    Unfit, and things are as they were, if it cannot be; Unusable while somebody works here.
    """
    place.check()
    make_folders()
    with alone():
        place.mend()
        try:
            new = place.begin()
            archive = _opened(path, identity, new)
            if archive.about["holds"] == KEYS:
                return Outcome(archive, keys=lay_keys(new))
            _check_house(archive, new)
            return Outcome(archive, erased=_move_in(archive, new))
        finally:
            # After a fault that is no more than clearing up, or putting the former house back.
            place.mend()


def verify(path: Path, identity: Path) -> Outcome:
    """Lay the archive at `path` out beside the house, look at everything, and remove it; Unfit if anything is wrong.

    `identity` is the file of the private key.
    """
    with scratch() as folder:
        archive = _opened(path, identity, folder)
        if archive.about["holds"] == HOUSE:
            _check_house(archive, folder)
            if connection.vendor == "postgresql":
                with postgres.scratch() as database:
                    postgres.load(folder / "database", database)
                    _check_postgres(archive, database)
    return Outcome(archive)


def _opened(path: Path, identity: Path, folder: Path) -> Archive:
    keys = envelope.identities(identity)
    try:
        with path.open("rb") as file, envelope.opened(file, keys) as stream:
            return unpack(stream, folder, _key_of_house(), _check_about)
    except FileNotFoundError as fault:
        raise Unfit(f"there is no file at {path}") from fault


def _key_of_house() -> bytes | None:
    return settings.KEYS.get(KEY) if settings.KEYS.has(KEY) else None


def _check_about(about: dict[str, Any]) -> None:
    """Before anything else is read: whether this release and this place can do anything with it."""
    if about["holds"] not in {HOUSE, KEYS}:
        raise Unfit("this is no archive of ours")
    if about["holds"] == KEYS:
        return
    if about["database"] != connection.vendor:
        raise Unfit(f"the archive is of a house on {about['database']}, and this one is on {connection.vendor}")
    # By the last one that is known of each app: libraries take out old ones that they have put together.
    latest: dict[str, str] = {}
    for app, name in known_migrations():
        latest[app] = max(name, latest.get(app, ""))
    applied = (told.partition(".") for told in about["migrations"])
    if any(name > latest.get(app, "") for app, _dot, name in applied):
        raise Unfit("the archive is of a newer release of Tertulia than this one: upgrade first")


def _check_house(archive: Archive, folder: Path) -> None:
    if archive.is_ours is False:
        raise Unfit(f"{_whose(archive)}: put those of its house back first")
    if archive.is_ours:
        _check_list(folder)
    if archive.about["database"] == "sqlite":
        sqlite.check(folder / "database", _counts_of(archive, rooms=False))
        sqlite.check(folder / "rooms", _counts_of(archive, rooms=True))
        _check_log(f"sqlite:///{folder / 'rooms'}")


def _whose(archive: Archive) -> str:
    here, theirs = settings.ERASURES.house(), Outcome(archive).house
    if theirs and theirs != here:
        return f"the archive is of house {theirs}, and the keys that are here are of house {here}"
    return "the archive was not made with the keys that are here"


def _check_list(folder: Path) -> None:
    try:
        settings.ERASURES.read((folder / "erasures").read_bytes())
        settings.ERASURES.digests()
    except Untrusted as fault:
        raise Unfit(str(fault)) from fault


def _check_postgres(archive: Archive, database: str = "") -> None:
    postgres.check(archive.counts, database)
    _check_log(postgres.address_of(database))


def _check_log(address: str) -> None:
    try:
        log = open_log(address)
        try:
            log.verify()
        finally:
            log.close()
    except Damaged as fault:
        raise Unfit("the room log in the archive contradicts itself") from fault


def _move_in(archive: Archive, new: Path) -> int:
    """Change the house and settle in; how many things were erased again."""
    if archive.is_ours is None:
        raise Unfit("the keys of this house are not here: put them back first, from their own archive")
    # Whatever becomes of the rest: what was erased has been.
    settings.ERASURES.merge((new / "erasures").read_bytes())
    place.change()
    if connection.vendor == "postgresql":
        _check_postgres(archive)
    call_command("prepare", verbosity=0)
    erased = _erase_again()
    end_all_sessions()
    get_image_model().get_rendition_model().objects.all().delete()
    take_up_restored_log()
    forget_released_answers()
    note_restore()
    purge()
    room_log().verify()
    place.settle()
    return erased


def _erase_again() -> int:
    """Carry out once more what is on the erasure list and has come back; how many things."""
    digests, count = settings.ERASURES.digests(), 0
    for kind in erasures.names():
        entry = erasures.named(kind)
        for identifier in entry.present():
            if settings.ERASURES.holds(kind, identifier, digests):
                entry.erase(identifier)
                count += 1
    return count


def _counts_of(archive: Archive, *, rooms: bool) -> dict[str, int]:
    """The counts of the database, or of the room log, by the names that tables have there."""
    return {
        table.removeprefix("rooms."): rows
        for table, rows in archive.counts.items()
        if table.startswith("rooms.") == rooms
    }
