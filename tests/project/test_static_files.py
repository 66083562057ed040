"""Static files have names that change with them, are packed once, and are kept for a year."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

from tertulia.project import static_files
from tertulia.project.static_files import long_name

SCRIPT = "design/leave.js"
FOR_EVER = "max-age=315360000, public, immutable"


def body_of(client: Client, address: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.getvalue(), dict(answer.headers)


def source() -> bytes:
    return Path(str(finders.find(SCRIPT))).read_bytes()


def test_the_name_tells_the_content() -> None:
    assert re.fullmatch(r"/static/design/leave\.[0-9a-f]{12}\.js", static(SCRIPT))
    assert static(SCRIPT) != static("design/time.js")


def test_a_long_name_is_kept_for_ever_and_a_plain_one_for_a_minute(client: Client) -> None:
    text, headers = body_of(client, static(SCRIPT))
    assert (text, headers["Cache-Control"]) == (source(), FOR_EVER)
    text, headers = body_of(client, f"/static/{SCRIPT}")
    assert (text, headers["Cache-Control"]) == (source(), "max-age=60, public")


def test_it_comes_packed_to_who_takes_that(client: Client) -> None:
    packed, headers = body_of(client, static(SCRIPT), accept_encoding="br, gzip")
    assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed) == source()
    plain, headers = body_of(client, static(SCRIPT))
    assert ("Content-Encoding" in headers, headers["Vary"]) == (False, "Accept-Encoding")
    assert plain == source()


def test_it_is_packed_once(client: Client) -> None:
    body_of(client, static(SCRIPT), accept_encoding="gzip")
    kept = settings.DATA / static(SCRIPT).lstrip("/")
    before = kept.stat().st_mtime_ns, Path(f"{kept}.gz").stat().st_mtime_ns
    body_of(Client(), static(SCRIPT), accept_encoding="gzip")
    assert (kept.stat().st_mtime_ns, Path(f"{kept}.gz").stat().st_mtime_ns) == before
    assert sorted(path.name for path in kept.parent.glob("leave*")) == [kept.name, f"{kept.name}.gz"]


def test_the_staffs_scripts_are_packed_too(client: Client) -> None:
    address = static("wagtailadmin/js/wagtailadmin.js")
    packed, headers = body_of(client, address, accept_encoding="gzip")
    assert (headers["Content-Encoding"], headers["Cache-Control"]) == ("gzip", FOR_EVER)
    assert len(packed) < len(body_of(client, address)[0]) / 2


@pytest.mark.parametrize(
    "name",
    [
        "design/leave.000000000000.js",
        "design/nothing.0123456789ab.js",
        "design.0123456789ab",
        "design/../design/" + long_name(SCRIPT).removeprefix("design/"),
        "../" * 9 + "etc/passwd.0123456789ab.js",
    ],
)
@pytest.mark.django_db
def test_another_name_is_nowhere(name: str, client: Client) -> None:
    assert client.get(f"/static/{name}").status_code == 404
    assert name not in static_files._long_names.values()


def test_in_development_names_are_plain(settings: Settings) -> None:
    settings.DEBUG = True
    assert static(SCRIPT) == f"/static/{SCRIPT}"
    assert static("not/there.js") == "/static/not/there.js"


def test_a_script_comes_with_those_that_it_brings_along(client: Client) -> None:
    text, headers = body_of(client, static("live/room.js"))
    assert headers["Cache-Control"] == FOR_EVER
    assert re.findall(r"^(?:import|export)\b.*", text.decode(), re.MULTILINE) == []
    assert b"const $writing = (() => {" in text


def test_a_script_has_another_name_once_one_that_it_brings_along_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.js").write_text('import { two } from "./two.js";\ntwo();\n')
    (tmp_path / "two.js").write_text('import { three } from "./three.js";\nexport const two = () => three;\n')
    monkeypatch.setattr(finders, "find", lambda name: str(tmp_path / name))
    names = []
    for text in ("export const three = 3;\n", "export const three = 4;\n"):
        (tmp_path / "three.js").write_text(text)
        monkeypatch.setattr(static_files, "_long_names", {})
        names.append(long_name("one.js"))
    assert names[0] != names[1]
