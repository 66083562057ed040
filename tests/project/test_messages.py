"""The words of the code are found wherever they are marked, and catalogues keep what was translated."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog

from tertulia.project import messages

CODE = """
from django.utils.translation import gettext as _, ngettext, npgettext, pgettext_lazy

def f(n):
    # Translators: shown when somebody comes in
    print(_("Good evening"), pgettext_lazy("of a book", "Title"), _(f"{n}"), ngettext("%d day", "%d days", n))
    return npgettext("of a song", "verse", "verses", n)
"""
TEMPLATE = """{% load i18n %}
  <h1>{% translate "It’s open" %}</h1>
{% blocktranslate count days=days trimmed %}
    One
    day
{% plural %}
    {{ days }} days
{% endblocktranslate %}
    {% include "x.html" with label=_("Now") %}{{ page.title|default:_("Welcome") }}
  {% translate "May" context "month" %}
"""
HELD = """msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Good evening"
msgstr "Buenas noches"

msgid "Good morning"
msgstr "Buenos días"
"""
LEFT = """es: 2 messages, 1 to translate
  It’s open
fr: 2 messages, 2 to translate
  Good evening
  It’s open
"""
WRITTEN = """msgid ""
msgstr ""
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Good evening"
msgstr "Buenas noches"

msgid "It’s open"
msgstr ""

"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "app" / "templates" / "app").mkdir(parents=True)
    (tmp_path / "app" / "migrations").mkdir()
    return tmp_path


def write(package: Path, code: str, template: str) -> None:
    (package / "app" / "views.py").write_text(code)
    (package / "app" / "migrations" / "0001_initial.py").write_text('_("not this")')
    (package / "app" / "notes.txt").write_text('_("nor this")')
    (package / "app" / "templates" / "app" / "page.html").write_text(template)


def found(words: Catalog) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in words if message.id}


def test_whatever_is_marked_is_found(package: Path) -> None:
    write(package, CODE, TEMPLATE)
    words = messages.said_by(package)
    assert found(words) == {
        (None, "Good evening"),
        ("of a book", "Title"),
        (None, ("%d day", "%d days")),
        ("of a song", ("verse", "verses")),
        (None, "It’s open"),
        (None, ("One day", "%(days)s days")),
        (None, "Now"),
        (None, "Welcome"),
        ("month", "May"),
    }
    said = words.get("Good evening")
    assert said
    assert said.auto_comments == ["Translators: shown when somebody comes in"]


def test_a_catalogue_is_brought_up_to_the_code(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(messages, "PACKAGE", package)
    write(package, '_("Good evening")', '{% load i18n %}{% translate "It’s open" %}')
    held = messages.place_of("es")
    held.parent.mkdir(parents=True)
    held.write_text(HELD)
    assert messages.main(["fr"]) == 0
    assert capsys.readouterr().out == LEFT
    assert held.read_text() == WRITTEN
    messages.main([])
    assert held.read_text() == WRITTEN
    assert messages.languages() == ["es", "fr"]


@pytest.mark.parametrize("word", ["--nonsense", "xx", "no such"])
def test_what_is_no_language_is_one_line_and_writes_nothing(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    assert messages.main([word]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"run messages: {word!r} is not the code of a language, such as fr\n")
    assert list(tmp_path.iterdir()) == []
