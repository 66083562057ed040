"""What templates draw with, as HTML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

START = datetime(2021, 11, 17, 3, 0, tzinfo=UTC)


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As you like.", max_length=5)
    topics = forms.MultipleChoiceField(label="Topics", widget=forms.CheckboxSelectMultiple, choices=[("a", "A")])
    kept = forms.BooleanField(label="Kept", required=False)


def test_the_same_seed_draws_the_same() -> None:
    assert _render("{% stars 'x' 5 40 40 %}") == _render("{% stars 'x' 5 40 40 %}")
    assert _render("{% avatar 'Ambar' 'one' %}") != _render("{% avatar 'Ambar' 'two' %}")


def test_a_long_headline_is_given_room() -> None:
    shown = [_render("<h1{% sized text %}>", text="x" * letters) for letters in (42, 43, 110, 111)]
    assert shown == ["<h1>", '<h1 class="long">', '<h1 class="long">', '<h1 class="endless">']


def test_a_long_line_beside_a_title_is_brief_and_says_the_whole_in_its_title() -> None:
    shown = [_render("<p{% brief text %}>", text="x" * letters) for letters in (60, 61)]
    assert shown == ["<p>", f'<p data-brief title="{"x" * 61}">']
    whole = _render("<p{% brief room none names %}>", room="R&D " * 9, none=None, names=["Ana", "B" * 40])
    assert whole == f'<p data-brief title="{"R&amp;D " * 9} · Ana · {"B" * 40}">'


def test_an_event_has_one_sky_of_six() -> None:
    skies = [_render("{{ seed|sky_of }}", seed=f"event {number}") for number in range(60)]
    assert skies == [_render("{{ seed|sky_of }}", seed=f"event {number}") for number in range(60)]
    assert sorted(set(skies)) == [f"sky-{number}" for number in range(6)]


def test_a_cover_says_the_language_of_a_foreign_title() -> None:
    drawn = _render("{% cover 'Noche' 'seed' 'Poesía' 'es' %}{% cover 'Night' 'seed' '' 'en-GB' %}")
    assert re.findall("<b .*?</b>", drawn) == ['<b dir="auto" lang="es">Noche</b>', '<b dir="auto">Night</b>']


def test_numbers_of_a_drawing_stay_latin() -> None:
    with override("es"):
        spanish = _render("{% stars 'x' %}{% dial moment 220 %}", moment=START)
    assert spanish == _render("{% stars 'x' %}{% dial moment 220 %}", moment=START)


def test_times_without_a_chosen_zone_leave_a_slot_for_the_browser() -> None:
    html = _times(None)
    assert '<time class="theirs" datetime="2021-11-17T03:00:00+00:00">04:00–05:15</time>' in html
    assert 'datetime="2021-11-17T03:00:00+00:00" data-day="2021-11-17" data-words="{} yours" data-yours hidden' in html


def test_times_in_a_chosen_zone_say_another_day() -> None:
    assert '<time class="yours" datetime="2021-11-17T03:00:00+00:00">Tue 22:00 yours</time>' in _times("America/Lima")
    assert '<time class="yours" datetime="2021-11-17T03:00:00+00:00">05:00 yours</time>' in _times("Africa/Cairo")


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    html = _render("{% field form.name %}", form=Form({"name": "too long"}))
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="too long"' in html
    assert 'id="id_name-error">Ensure this value has at most 5 characters (it has 8).</p>' in html


def test_a_fresh_field_is_not_wrong() -> None:
    html = _render("{% field form.name %}{% field form.kept %}", form=Form())
    assert html.count("aria-invalid") == 0
    assert html.count("aria-describedby") == 1
    assert html.count("None") == 0


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = _render("{% field form.topics %}", form=Form({"topics": ["b"]}))
    assert 'fieldset class="field" aria-describedby="id_topics-error"' in " ".join(html.split())
    assert html.count("aria-describedby") == 1
    assert "<legend>Topics</legend>" in html


def test_words_of_people_are_escaped() -> None:
    html = _render("{% cover title %}{% include 'design/_message.html' %}", title="<b>", name="<i>", text="<script>")
    assert [tag for tag in ("<b><", "<i>", "<script>") if tag in html] == []
    assert "&lt;script&gt;" in html


def _times(zone: str | None) -> str:
    request = RequestFactory().get("/")
    request.zone = ZoneInfo(zone) if zone else None  # type: ignore[attr-defined]
    end = START + timedelta(minutes=75)
    given = {"start": START, "end": end, "request": request}
    return _render("{% two_times start end 'Europe/Berlin' %}", **given)


def _render(source: str, **given: Any) -> str:
    return Template("{% load look %}" + source).render(Context(given))
