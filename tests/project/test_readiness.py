"""What the house says of itself to the machines that watch over it: each part that is missing, by its name."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client

from tertulia.kit.erasures import KEY as ERASURES_KEY
from tertulia.kit.erasures import LOST, ErasureList
from tertulia.kit.pepper import Pepper
from tertulia.kit.sealing import KeyStore
from tertulia.people.models import Account
from tertulia.project import worker
from tertulia.project.middleware import ANSWERED
from tertulia.project.release import STAMP, is_prepared, note_prepared
from tests.factories import make_account
from tests.factories.people import sign_in
from tests.live.stand import Stand, stand


@pytest.fixture
def sound(tmp_path: Path, db: None, settings: LazySettings) -> Iterator[Stand]:
    """A house that lacks nothing: prepared, with its secrets, a relay, and a worker that was there a moment ago."""
    note_prepared()
    settings.KEYS.make("secret")
    settings.PEPPER_FILE = tmp_path / "pepper"
    Pepper(settings.PEPPER_FILE).versions()
    settings.WORKER_SIGN = tmp_path / "worker.sign"
    settings.WORKER_SIGN.touch()
    with stand(tmp_path) as place:
        yield place


def told(client: Client) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    assert answer.json()["ready"] == (answer.status_code == 200)
    return answer.status_code, answer.json()["lacking"]


def test_a_sound_house_lacks_nothing(client: Client, sound: Stand) -> None:
    assert told(client) == (200, [])


def test_it_leaves_no_cookie_and_stays_in_no_cache(client: Client, sound: Stand) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
        assert "no-store" in answer["Cache-Control"]


def test_a_database_of_another_release_is_named(client: Client, sound: Stand, settings: LazySettings) -> None:
    (settings.DATA / STAMP).write_text("another release")
    assert told(client) == (503, ["migrations"])
    note_prepared()
    assert is_prepared()


def test_secrets_that_are_gone_are_named_and_not_made_anew(
    client: Client, sound: Stand, settings: LazySettings, tmp_path: Path
) -> None:
    settings.PEPPER_FILE.unlink()
    assert told(client) == (503, ["pepper"])
    assert not settings.PEPPER_FILE.exists()
    settings.PEPPER_FILE.write_text("1 nonsense\n")
    assert told(client) == (503, ["pepper"])
    assert client.get("/healthz").status_code == 200
    settings.KEYS = KeyStore(tmp_path / "elsewhere")
    assert told(client) == (503, ["keys", "pepper"])
    assert not (tmp_path / "elsewhere").exists()


def test_a_lost_key_of_the_erasure_list_is_named_and_what_cannot_be_erased_stays_whole(
    client: Client, sound: Stand, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = KeyStore(tmp_path / "own")
    settings.KEYS, settings.ERASURES = keys, ErasureList(tmp_path / "erasures", keys)
    keys.make("secret")
    settings.ERASURES.begin()
    assert told(client) == (200, [])
    keys.destroy(ERASURES_KEY)
    assert told(client) == (503, ["erasures"])

    account = make_account()
    answer = sign_in(client, account).post("/es/me/delete/")
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (503, True)
    assert answer.content.decode().count("<h1>") == 1
    assert Account.objects.filter(pk=account.pk).exists()
    assert client.get("/me/").status_code == 200
    assert not keys.has(ERASURES_KEY)
    said = [record.getMessage() for record in caplog.records if (record.name, record.levelno) == ("tertulia.pages", 40)]
    assert said == [f"nothing can be erased: {LOST}"]


def test_a_worker_that_has_not_been_seen_for_a_lease_is_named(
    client: Client, sound: Stand, settings: LazySettings
) -> None:
    long_ago = time.time() - settings.TERTULIA_LEASE_SECONDS - 1
    os.utime(settings.WORKER_SIGN, (long_ago, long_ago))
    assert told(client) == (503, ["worker"])
    worker._show_life()
    assert told(client) == (200, [])
    settings.WORKER_SIGN.unlink()
    assert told(client) == (503, ["worker"])


def test_a_relay_that_is_not_there_is_named(client: Client, sound: Stand, settings: LazySettings) -> None:
    settings.LIVE_SOCKET = settings.DATA / "nobody.sock"
    assert told(client) == (503, ["relay"])


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_named_and_the_house_is_alive(
    client: Client, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKER_SIGN = tmp_path / "worker.sign"
    settings.LIVE_SOCKET = tmp_path / "nobody.sock"
    settings.PEPPER_FILE = tmp_path / "pepper"
    with connection.execute_wrapper(_broken):
        status, missing = told(client)
        assert client.get("/healthz").status_code == 200
    assert (status, missing) == (503, ["database", "pepper", "relay", "worker"])


def _broken(*_call: object) -> None:
    raise OperationalError


def test_machines_that_ask_do_not_fill_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    ANSWERED.tell()
    caplog.clear()
    with caplog.at_level(logging.INFO):
        client.get("/healthz")
        client.get("/robots.txt")
        ANSWERED.tell()
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == ["GET robots 200"]
