"""Zone and colours: kept only when chosen, only what exists, and only on this site."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tertulia.design.middleware import PreferencesMiddleware
from tertulia.design.queries import zones_by_continent
from tertulia.design.rules import CONTINENTS, is_scheme, is_way_back, zone_called, zone_names


def test_only_places_and_world_time_are_zones() -> None:
    asked = ["America/Lima", "UTC", "Etc/GMT+5", "../etc/passwd", "Posix/Europe", "", "america/lima"]
    assert [name for name in asked if zone_called(name)] == ["America/Lima", "UTC"]


def test_a_place_is_offered_under_its_name_of_today_alone() -> None:
    assert {"Africa/Asmara", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(zone_names())
    assert not {"Africa/Asmera", "Europe/Kiev", "America/Buenos_Aires", "Asia/Calcutta"} & set(zone_names())
    for language in ("en", "es", "ar"):
        for _continent, zones in zones_by_continent(language):
            cities = [city for _zone, city in zones]
            assert len(cities) == len(set(cities))


def test_a_choice_under_an_older_name_goes_on(client: Client) -> None:
    older = {name for name in available_timezones() if "/" in name and name.split("/")[0] in CONTINENTS}
    assert [name for name in sorted(older) if not zone_called(name)] == []
    client.cookies["zone"] = "Europe/Kiev"
    page = client.get("/preferences/").content.decode()
    assert re.findall(r'<option value="([^"]+)" selected>', page) == ["Europe/Kyiv"]


def test_only_three_schemes_may_be_chosen() -> None:
    assert [name for name in ("light", "dark", "contrast", "", "blue") if is_scheme(name)] == [
        "light",
        "dark",
        "contrast",
    ]


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", ""]
)
def test_no_way_leads_off_the_site(address: str, client: Client) -> None:
    assert not is_way_back(address)
    response = client.post("/preferences/", {"zone": "", "scheme": "dark", "next": address})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_every_zone_is_offered_once_in_each_language() -> None:
    for language in ("en", "es", "ar"):
        offered = [zone for _continent, zones in zones_by_continent(language) for zone, _city in zones]
        assert sorted(offered) == sorted(zone_names())


def test_choosing_is_kept_until_the_browser_is_closed_and_leads_back(client: Client) -> None:
    chosen = {"zone": "America/Lima", "scheme": "dark", "motion": "on", "next": "/es/preferences/?next=/x"}
    response = client.post("/es/preferences/", chosen)
    assert response.headers["Location"] == "/es/preferences/?next=/x"
    kept = {name: (morsel.value, morsel["max-age"], morsel["httponly"]) for name, morsel in response.cookies.items()}
    assert kept == {"zone": ("America/Lima", "", True), "scheme": ("dark", "", True), "motion": ("on", "", True)}


def test_choosing_nothing_forgets(client: Client) -> None:
    client.cookies["scheme"] = "dark"
    response = client.post("/preferences/", {"zone": "", "scheme": "", "next": "/"})
    ages = {name: morsel["max-age"] for name, morsel in response.cookies.items()}
    assert ages == {"zone": 0, "scheme": 0, "motion": 0}


def test_nothing_moves_unless_it_was_asked_for(client: Client) -> None:
    assert client.get("/preferences/").content.decode().count("data-motion") == 0
    client.cookies["motion"] = "on"
    moving = client.get("/preferences/").content.decode()
    assert moving.count('dir="ltr" data-motion="on"') == 1
    assert re.findall('<input type="checkbox" name="motion"[^>]* checked', moving) != []


@pytest.mark.parametrize("unknown", [{"zone": "Moon/Sea"}, {"scheme": "blue"}])
def test_unknown_values_are_refused(unknown: dict[str, str], client: Client) -> None:
    response = client.post("/preferences/", unknown)
    assert response.status_code == 400
    assert response.cookies.keys() == {"c"}
    assert response.content.count(b'class="error"') == 1


def test_a_forged_form_is_refused_in_the_look() -> None:
    response = Client(enforce_csrf_checks=True).post("/preferences/", {"scheme": "dark"})
    assert response.status_code == 403
    assert response.content.count(b"This page had been open too long") == 2


def test_a_chosen_zone_holds_for_one_request() -> None:
    seen: list[tuple[object, str, object]] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append((request.zone, request.colour_scheme, timezone.get_current_timezone()))  # type: ignore[attr-defined]
        return HttpResponse()

    around = PreferencesMiddleware(answer)
    for zone in ("America/Lima", "Moon/Sea"):
        request = RequestFactory().get("/")
        request.COOKIES = {"zone": zone, "scheme": "dark"}
        around(request)
    lima, utc = ZoneInfo("America/Lima"), timezone.get_default_timezone()
    assert seen == [(lima, "dark", lima), (None, "dark", utc)]
    assert timezone.get_current_timezone() == utc


def test_the_header_shows_the_chosen_city_in_the_language_of_the_page(client: Client) -> None:
    client.cookies["zone"] = "Africa/Cairo"
    found = {prefix: client.get(f"{prefix}/preferences/").content.decode() for prefix in ("", "/es", "/ar")}
    cities = {"": "Cairo, ", "/es": "El Cairo, ", "/ar": "القاهرة، "}
    assert {prefix: page.count(cities[prefix]) for prefix, page in found.items()} == {"": 1, "/es": 1, "/ar": 1}
