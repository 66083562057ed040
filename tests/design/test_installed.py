"""The site as an app: what the manifest says, what the worker keeps, and what a device draws around the page."""

from __future__ import annotations

import json
import re

import pytest
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

from tertulia.design.palette import NIGHT, TOKENS, colours
from tertulia.design.queries import style_sheet


def manifest(client: Client, prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = client.get(f"{prefix}/manifest.webmanifest").json()
    return found


@pytest.mark.parametrize(
    ("prefix", "language", "direction", "events"),
    [("", "en", "ltr", "Events"), ("/es", "es", "ltr", "Eventos"), ("/ar", "ar", "rtl", "الفعاليات")],
)
def test_the_manifest_speaks_the_language_of_the_page(
    client: Client, prefix: str, language: str, direction: str, events: str
) -> None:
    told = manifest(client, prefix)
    assert [told[key] for key in ("lang", "dir", "start_url", "id", "display")] == [
        language,
        direction,
        f"{prefix}/",
        "/",
        "standalone",
    ]
    shortcuts = told["shortcuts"]
    assert isinstance(shortcuts, list)
    assert shortcuts[0] == {"name": events, "url": f"{prefix}/events/"}


def test_an_icon_on_a_phone_does_not_tell_whose_it_is(client: Client, settings: Settings) -> None:
    settings.ORGANISATION = "Network of people who would be at risk"
    assert [manifest(client)[key] for key in ("name", "short_name")] == ["Tertulia", "Tertulia"]
    assert "at risk" not in client.get("/manifest.webmanifest").content.decode()
    settings.APP_NAME = "Evenings"
    assert [manifest(client)[key] for key in ("name", "short_name")] == ["Evenings", "Evenings"]
    page = client.get("/preferences/").content.decode()
    assert page.count('<meta name="apple-mobile-web-app-title" content="Evenings">') == 1


def test_every_icon_of_the_manifest_is_there(client: Client) -> None:
    icons = manifest(client)["icons"]
    assert isinstance(icons, list)
    assert [(icon["sizes"], icon["purpose"]) for icon in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for icon in icons:
        answer = client.get(icon["src"])
        width = int.from_bytes(answer.content[16:20])
        assert (answer.status_code, answer["Content-Type"], f"{width}x{width}") == (200, "image/png", icon["sizes"])
    assert client.get("/icons/99.png").status_code == 404


def test_the_sign_of_old_browsers_is_a_picture(client: Client) -> None:
    answer = client.get("/favicon.ico", follow=True)
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        ("", [("light", "(prefers-color-scheme: light)"), ("dark", "(prefers-color-scheme: dark)")]),
        ("contrast", [("contrast", "")]),
    ],
)
def test_the_device_draws_in_the_colour_of_the_header(
    client: Client, scheme: str, found: list[tuple[str, str]]
) -> None:
    client.cookies["scheme"] = scheme
    page = client.get("/preferences/").content.decode()
    metas = re.findall(r'<meta name="theme-color" content="([^"]+)"(?: media="([^"]+)")?>', page)
    assert metas == [(colours(name)["night"], media) for name, media in found]


def test_the_palette_is_that_of_the_tokens() -> None:
    tokens = TOKENS.read_text()
    nights = {colours(*schemes)["night"] for schemes in ((), ("contrast",))}
    assert [tokens.count(f"--night: {night};") for night in nights] == [1, 1]
    assert colours(NIGHT)["violet"] != colours()["violet"]
    with pytest.raises(LookupError):
        colours("nothing")


def test_the_worker_keeps_the_page_its_style_and_its_sign_and_nothing_else(client: Client) -> None:
    answer = client.get("/away-worker.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    [told] = re.findall(r"^const KEPT = (.*);$", answer.content.decode(), re.MULTILINE)
    kept = json.loads(told)
    assert kept["pages"] == {"": "/offline/", "es": "/es/offline/", "ar": "/ar/offline/"}
    assert kept["files"] == [f"/styles/{style_sheet().name}.css", static("design/favicon.svg")]


def test_the_worker_changes_with_what_it_keeps(client: Client, settings: Settings) -> None:
    before = client.get("/away-worker.js").content
    assert client.get("/away-worker.js").content == before
    settings.ORGANISATION = "Another name in the header"
    assert client.get("/away-worker.js").content != before


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es"), ("/ar", "ar")])
def test_the_page_without_connection_is_the_same_for_everybody(client: Client, prefix: str, language: str) -> None:
    page = client.get(f"{prefix}/offline/")
    client.cookies["scheme"], client.cookies["zone"] = "dark", "America/Lima"
    assert client.get(f"{prefix}/offline/").content == page.content
    html = page.content.decode()
    assert html.count(f'<html lang="{language}"') == 1
    assert (html.count('<a class="button" href="">'), html.count("<script")) == (1, 0)
    assert page["X-Robots-Tag"] == "noindex"


def test_a_device_that_was_left_is_offered_no_app(client: Client) -> None:
    assert client.get("/preferences/").content.decode().count('rel="manifest"') == 1
    assert client.get("/left/").content.decode().count('rel="manifest"') == 0
