"""Whatever is wrong with an archive is said in one line, and nothing in the house has changed."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tertulia.kit.erasures import ErasureList
from tertulia.kit.sealing import KeyStore
from tertulia.live.models import Room
from tertulia.people.models import Account
from tertulia.project.backup import archive as archives
from tertulia.project.backup import envelope, sqlite
from tertulia.project.backup.unfit import Unfit
from tests.factories import make_account
from tests.project.backup.scenes import Operator, Scene, a_scene, close

pytestmark = pytest.mark.django_db(transaction=True)
Said = pytest.CaptureFixture[str]
ANOTHER_KEY = "the archive cannot be opened: it was sealed to another key, or changed or cut off since"
NOT_OURS = {"this is no archive of ours", "this is no archive of ours, or it is damaged"}
FLIPS = 24


def state() -> tuple[int, int, dict[str, bytes], list[str]]:
    """What must not change."""
    keys = {name: settings.KEYS.get(name) for name in settings.KEYS.names()}
    left = sorted(path.name for path in settings.DATA.iterdir() if path.name.startswith("."))
    return Account.objects.count(), Room.objects.filter(is_erased=False).count(), keys, left


def refusal(operator: Operator, archive: Path, capsys: Said, *more: str, identity: Path | None = None) -> str:
    """The one line with which an archive is refused, nothing having changed."""
    before = state()
    capsys.readouterr()
    assert operator.restore(archive, *more, identity=identity) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), said[:10], state()) == (1, "tertulia: ", before)
    return said.removeprefix("tertulia: ").rstrip("\n")


def test_one_flipped_byte_is_noticed_wherever_it_is(operator: Operator, capsys: Said) -> None:
    a_scene()
    whole = operator.back_up()
    content = whole.read_bytes()
    head = content.index(b"\n---") + 10
    places = [0, 30, head, head + 40, len(content) - 1]
    places += [number * (len(content) - 1) // FLIPS for number in range(FLIPS)]
    spoilt = operator.folder / "spoilt.age"
    for place in places:
        spoilt.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert refusal(operator, spoilt, capsys) == ANOTHER_KEY, place
    assert operator.restore(whole) == 0


def test_what_was_cut_off_or_grew_is_noticed(operator: Operator, capsys: Said) -> None:
    a_scene()
    content = operator.back_up().read_bytes()
    spoilt = operator.folder / "spoilt.age"
    for size in (0, 1, 100, len(content) // 2, len(content) - 65_552, len(content) - 16, len(content) - 1):
        spoilt.write_bytes(content[:size])
        assert refusal(operator, spoilt, capsys) == ANOTHER_KEY, size
    spoilt.write_bytes(content + b"more")
    assert refusal(operator, spoilt, capsys) == ANOTHER_KEY


def test_another_key_rubbish_and_what_is_not_there(operator: Operator, capsys: Said, tmp_path: Path) -> None:
    whole = operator.back_up()
    envelope.make_key(tmp_path / "other")
    assert refusal(operator, whole, capsys, identity=tmp_path / "other") == ANOTHER_KEY
    assert refusal(operator, whole, capsys, "--verify", identity=tmp_path / "other") == ANOTHER_KEY
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(os.urandom(100_000))
    assert refusal(operator, rubbish, capsys) == ANOTHER_KEY
    assert (
        refusal(operator, whole, capsys, identity=rubbish)
        == f"{rubbish} holds no private key of age (AGE-SECRET-KEY-1…)"
    )
    assert refusal(operator, tmp_path / "none", capsys) == f"there is no file at {tmp_path / 'none'}"
    nowhere = tmp_path / "nowhere"
    assert refusal(operator, whole, capsys, identity=nowhere) == f"{nowhere} cannot be read: No such file or directory"


def forged(operator: Operator, fill: Callable[[tarfile.TarFile], None]) -> Path:
    """Something that somebody who knows the public key alone has sealed."""
    path = operator.folder / "forged.age"
    to = envelope.recipients(settings.BACKUP_RECIPIENTS)
    with path.open("wb") as file, envelope.sealed(file, to) as out, tarfile.open(fileobj=out, mode="w|") as tar:
        fill(tar)
    return path


def add(tar: tarfile.TarFile, name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> None:
    """One member."""
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(content), kind, "/etc/passwd"
    tar.addfile(member, io.BytesIO(content))


def about(**other: Any) -> bytes:
    """The first word of an archive that would be taken here."""
    told = {"format": 1, "holds": "house", "database": connection.vendor, "migrations": []}
    return json.dumps(told | other).encode()


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (b"not json", None),
        (b"[]", None),
        (b"{}", None),
        (about(format=2), "the archive has another form (2) than this release knows (1)"),
        (about(holds="letters"), "this is no archive of ours"),
        (
            about(migrations=["people.9999_from_the_future"]),
            "the archive is of a newer release of Tertulia than this one: upgrade first",
        ),
        (
            about(database="oracle"),
            f"the archive is of a house on oracle, and this one is on {connection.vendor}",
        ),
        (about(), None),
    ],
)
def test_what_it_says_of_itself_is_looked_at_first(
    first: bytes, says: str | None, operator: Operator, capsys: Said
) -> None:
    path = forged(operator, lambda tar: add(tar, "about.json", first))
    assert refusal(operator, path, capsys) in ({says} if says else NOT_OURS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../evil", tarfile.REGTYPE),
        ("/etc/evil", tarfile.REGTYPE),
        ("media/../../evil", tarfile.REGTYPE),
        ("media/link", tarfile.SYMTYPE),
        ("media/link", tarfile.LNKTYPE),
        ("database", tarfile.FIFOTYPE),
        ("evil", tarfile.REGTYPE),
    ],
)
def test_nothing_is_laid_where_it_does_not_belong(name: str, kind: bytes, operator: Operator, capsys: Said) -> None:
    def fill(tar: tarfile.TarFile) -> None:
        add(tar, "about.json", about())
        add(tar, name, b"" if kind != tarfile.REGTYPE else b"evil", kind)

    path = forged(operator, fill)
    assert refusal(operator, path, capsys) == "this is no archive of ours: it holds something that none of ours does"
    assert not (settings.DATA.parent / "evil").exists()


def test_who_knows_the_public_key_alone_cannot_make_a_house(operator: Operator, capsys: Said) -> None:
    path = operator.folder / "forged.age"
    with path.open("wb") as file, envelope.sealed(file, envelope.recipients(settings.BACKUP_RECIPIENTS)) as out:
        writer = archives.Writer(out, {"holds": "house", "database": connection.vendor, "migrations": []})
        writer.put_words("database", b"a database with one more administrator")
        writer.close({}, os.urandom(32))
    says = "the archive was not made with the keys that are here: put those of its house back first"
    assert refusal(operator, path, capsys) == says


@pytest.mark.parametrize("spoil", ["content", "missing", "more"])
def test_parts_that_are_not_what_the_last_word_says(spoil: str, operator: Operator, capsys: Said) -> None:
    def fill(tar: tarfile.TarFile) -> None:
        add(tar, "about.json", about())
        sums = {"erasures": {"bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}
        if spoil != "missing":
            add(tar, "erasures", b"x" if spoil == "content" else b"")
        if spoil == "more":
            add(tar, "media/more", b"")
        add(tar, "manifest.json", json.dumps({"counts": {}, "parts": sums}).encode())

    path = forged(operator, fill)
    assert refusal(operator, path, capsys) == "the archive is damaged: it does not hold what its manifest says"


def test_the_keys_of_another_house_are_not_mixed_with_ours(
    operator: Operator, capsys: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys, house = operator.back_up_keys(), operator.back_up()
    other = KeyStore(tmp_path / "other")
    for name in ("secret", "erasures"):
        other.make(name)
    ours, theirs = ErasureList(tmp_path / "list", other).house(), settings.ERASURES.house()
    monkeypatch.setattr(settings, "KEYS", other)
    monkeypatch.setattr(settings, "ERASURES", ErasureList(tmp_path / "list", other))
    says = f"these are the keys of house {theirs}, and the keys in {other.folder} are of house {ours}"
    assert refusal(operator, keys, capsys) == f"{says}: move them away first, or take its own"
    says = f"the archive is of house {theirs}, and the keys that are here are of house {ours}"
    assert refusal(operator, house, capsys) == f"{says}: put those of its house back first"


def test_the_keys_of_another_house_are_refused_where_ours_are_lost(
    operator: Operator, capsys: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys, theirs = operator.back_up_keys(), settings.ERASURES.house()
    ErasureList(tmp_path / "list", KeyStore(tmp_path / "lost")).begin()
    nothing = KeyStore(tmp_path / "nothing")
    monkeypatch.setattr(settings, "KEYS", nothing)
    monkeypatch.setattr(settings, "ERASURES", ErasureList(tmp_path / "list", nothing))
    says = f"these are the keys of house {theirs}, and the erasure list in {settings.DATA} is another's, or was changed"
    assert refusal(operator, keys, capsys) == says
    assert not nothing.has("erasures")


def test_keys_of_our_house_that_differ_are_not_mixed(operator: Operator, capsys: Said) -> None:
    keys = operator.back_up_keys()
    secret = settings.KEYS.get("secret")
    settings.KEYS.destroy("secret")
    settings.KEYS.make("secret")
    assert refusal(operator, keys, capsys) == f"other keys are in {settings.KEYS.folder}: move them away first"
    settings.KEYS.destroy("secret")
    settings.KEYS.put("secret", secret)


def test_another_pepper_is_not_overwritten(operator: Operator, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = operator.back_up_keys()
    other = operator.folder / "pepper"
    other.write_text(f"1 {'ab' * 32}\n")
    monkeypatch.setattr(settings, "PEPPER_FILE", other)
    assert refusal(operator, keys, capsys) == f"another pepper is in {other}: move it away first"
    assert other.read_text() == f"1 {'ab' * 32}\n"


def test_a_list_that_was_changed_stops_a_restore(operator: Operator, capsys: Said) -> None:
    scene = a_scene()
    house = operator.back_up()
    settings.ERASURES.note("people.account", scene.people[0][0].public_id)
    content = settings.ERASURES.path.read_bytes()
    settings.ERASURES.path.write_bytes(content.replace(content[10:11], b"0" if content[10:11] != b"0" else b"1", 1))
    says = "the erasure list was changed, or written under other keys than those that are here"
    assert refusal(operator, house, capsys) == says


def test_a_database_that_is_not_whole_or_lacks_rows_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.executescript("CREATE TABLE row (a TEXT, b TEXT); INSERT INTO row VALUES ('x', 'p'), ('y', 'q');")
    sqlite.check(file, {"row": 2})
    with pytest.raises(Unfit):
        sqlite.check(file, {"row": 3})
    with closing(sqlite3.connect(file)) as made:
        # An index that says something else than its table: every row is there, and some are not found.
        made.executescript("CREATE INDEX place ON row (a); PRAGMA writable_schema = ON;")
        made.execute("UPDATE sqlite_schema SET sql = 'CREATE INDEX place ON row (b)' WHERE name = 'place'")
        made.commit()
    with pytest.raises(Unfit, match="is not whole"):
        sqlite.check(file, {"row": 2})
    content = bytearray(file.read_bytes())
    content[4096:4200] = b"\xff" * 104
    file.write_bytes(content)
    with pytest.raises(Unfit):
        sqlite.check(file, {"row": 2})


def test_verify_changes_nothing_and_works_beside_a_server(operator: Operator, capsys: Said) -> None:
    scene = a_scene()
    house, keys = operator.back_up(), operator.back_up_keys()
    made: Scene = scene
    make_account()
    before = state()
    capsys.readouterr()
    for archive in (house, keys):
        assert operator.restore(archive, "--verify", "--json") == 0
        assert json.loads(capsys.readouterr().out)["verified"] is True
    assert (state(), made.said()) == (before, [["hello", "again"]] * 2)
    close()
