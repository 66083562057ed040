"""Wagtail's screens wear our colours: every property that it has is ours, and what is named is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import wagtail.admin
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from tertulia.design.queries import STYLES
from tertulia.design.wagtail_hooks import SHEETS
from tests.factories import make_account
from tests.factories.people import sign_in

STAFF = STYLES.parent / "staff"
CORE = Path(wagtail.admin.__file__).parent / "static" / "wagtailadmin" / "css" / "core.css"
# What Wagtail paints with by its meaning; the others are shades that these are made of.
MEANING = re.compile(r"(--w-color-(?:surface|text|icon|border|focus)[\w-]*):")


def test_every_colour_that_wagtail_names_by_its_meaning_is_one_of_ours() -> None:
    """So that a colour which comes with a new release of it is not overlooked."""
    theirs, ours = (set(MEANING.findall(file.read_text())) for file in (CORE, STAFF / "theme.css"))
    assert len(theirs) > 40
    assert sorted(theirs - ours) == []
    assert sorted(ours - theirs) == []


def test_every_token_that_the_staff_screens_name_is_there() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", (STYLES / "10-tokens.css").read_text()))
    named = {
        name
        for file in STAFF.glob("*.css")
        for name in re.findall(r"var\((--[\w-]+)", file.read_text())
        if not name.startswith("--w-")
    }
    assert sorted(named - tokens) == []


@pytest.mark.django_db
def test_the_screens_load_the_look_after_wagtails_own(client: Client) -> None:
    page = sign_in(client, make_account("organiser")).get("/staff/").content.decode()
    sheets = ["wagtailadmin/css/core.css", *SHEETS]
    assert re.findall(r'<link rel="stylesheet" href="([^"?]*)', page) == [static(sheet) for sheet in sheets]
    assert [sheet for sheet in sheets if finders.find(sheet) is None] == []
    assert "data-scheme" not in page


@pytest.mark.django_db
def test_a_scheme_that_was_chosen_holds_here_too(client: Client) -> None:
    sign_in(client, make_account("organiser"))
    for scheme, named in (("dark", 1), ('"><b', 0)):
        client.cookies["scheme"] = scheme
        page = client.get("/staff/").content.decode()
        script = f'<script src="{static("design/staff/scheme.js")}" data-scheme="dark"></script>'
        assert (page.count(script), page.count("data-scheme")) == (named, named)


@pytest.mark.django_db
def test_an_unknown_address_is_answered_in_the_look(client: Client) -> None:
    page = sign_in(client, make_account("organiser")).get("/staff/nowhere/")
    assert page.status_code == 404
    assert page.content.decode().count("<h1>No star by that name</h1>") == 1
