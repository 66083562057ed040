"""Countries have codes that are told apart from what is none, and names in each language in its own order."""

from __future__ import annotations

import pytest
from django.conf import settings

from tertulia.kit.countries import COUNTRIES, countries_in, country_name


def test_unions_test_codes_and_the_unknown_are_no_countries() -> None:
    assert len(COUNTRIES) == 250
    assert {"PT", "XK", "PS", "TW", "EH", "AQ"} <= COUNTRIES
    assert not {"EU", "UN", "ZZ", "XA", "XB", "AC", "001", "pt"} & COUNTRIES


@pytest.mark.parametrize(("language", "name"), [("en", "Nepal"), ("es", "Nepal"), ("ar", "نيبال"), ("pt-br", "Nepal")])
def test_a_country_has_a_name_in_the_readers_language(language: str, name: str) -> None:
    assert country_name("NP", language) == name


def test_what_is_no_country_has_no_name() -> None:
    with pytest.raises(KeyError):
        country_name("EU", "en")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_all_countries_stand_once_in_a_list_and_each_has_a_name(language: str) -> None:
    listed = countries_in(language)
    assert {code for code, _name in listed} == COUNTRIES
    assert len({name for _code, name in listed}) == len(listed) == len(COUNTRIES)
    assert [code for code, name in listed if name == code] == []


def test_accents_do_not_put_a_country_at_the_end() -> None:
    english = [name for _code, name in countries_in("en")]
    assert english[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert english[-1] == "Zimbabwe"
