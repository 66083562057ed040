"""What the house says to people: `./run messages` brings the catalogues up to the words that the code has now.

A further language is named once: `./run messages fr` begins its catalogue.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tertulia.project.catalogues import LOCALE

PACKAGE = LOCALE.parent
# Which arguments of Django's functions are words: "c" marks the context.
_SINGULAR, _PLURAL = (1,), (1, 2)
_WITH_CONTEXT, _PLURAL_WITH_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
_KEYWORDS = {
    "gettext": _SINGULAR,
    "_": _SINGULAR,
    "ngettext": _PLURAL,
    "pgettext": _WITH_CONTEXT,
    "npgettext": _PLURAL_WITH_CONTEXT,
}
KEYWORDS = _KEYWORDS | {f"{name}_lazy": words for name, words in _KEYWORDS.items()}
SAID_TO_TRANSLATORS = "Translators:"
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def main(begun: list[str]) -> int:
    """Bring every catalogue up to date, those of the languages `begun` here too; say what is left to translate.

    0, or 2 for a code that is no language's: then nothing is written.
    """
    unknown = [word for word in begun if not is_language(word)]
    if unknown:
        print(f"run messages: {unknown[0]!r} is not the code of a language, such as fr", file=sys.stderr)
        return 2
    words = said_by(PACKAGE)
    for language in sorted({*languages(), *begun}):
        catalogue = brought_up_to(words, language)
        place_of(language).parent.mkdir(parents=True, exist_ok=True)
        place_of(language).write_text(written(catalogue, language), encoding="utf-8")
        left = sorted(message for message in catalogue if message.id and not is_translated(message))
        print(f"{language}: {len(catalogue)} messages, {len(left)} to translate")
        for message in left:
            print(f"  {message.id}")
    return 0


def is_language(word: str) -> bool:
    """Whether the word is the code of a language that Babel knows."""
    try:
        return bool(Locale.parse(word))
    except (ValueError, UnknownLocaleError):
        return False


def languages() -> list[str]:
    """The codes of the languages that have a catalogue."""
    return sorted(place.parent.parent.name for place in LOCALE.glob("*/LC_MESSAGES/django.po"))


def place_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue_of(language: str) -> Catalog:
    """The catalogue as it stands; an empty one if there is none."""
    place = place_of(language)
    if not place.exists():
        return Catalog(locale=language)
    with place.open("rb") as text:
        return read_po(text, locale=language, abort_invalid=True)


def said_by(package: Path) -> Catalog:
    """Everything that Python files and templates beneath `package` mark for translation, without translations."""
    words = Catalog()
    for path in sorted(package.rglob("*")):
        if path.is_file() and "migrations" not in path.parts:
            _add(words, path)
    return words


def brought_up_to(words: Catalog, language: str) -> Catalog:
    """The catalogue of a language with these words and no others; what is new is empty, nothing is guessed."""
    catalogue = catalogue_of(language)
    catalogue.update(words, no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog, language: str) -> str:
    """The text of the file: sorted, one line for each message, and nothing that changes from run to run."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEAD.format(language=language, plurals=catalogue.plural_forms) + text.getvalue().decode()


def is_translated(message: Message) -> bool:
    """Whether every form of a message has its translation."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def _add(words: Catalog, path: Path) -> None:
    for _line, function, message, comments in _found_in(path):
        spec = KEYWORDS[function]
        parts = message if isinstance(message, tuple) else (message,)
        context = parts[0] if spec[0] == (1, "c") else None
        said = tuple(part for part in parts[: len(spec)][context is not None :] if part)
        if said:
            words.add(said if len(said) > 1 else said[0], auto_comments=comments, context=context)


def _found_in(path: Path) -> Iterator[Any]:
    """What Babel finds: line, function, its arguments, comments."""
    if path.suffix == ".py":
        code = path.read_text(encoding="utf-8")
    elif "templates" in path.parts:
        # Django's stand-in for a template has calls in it, and is otherwise Python only if no line is indented.
        shown = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        code = "\n".join(line.strip() for line in shown.splitlines())
    else:
        return iter(())
    return extract_python(io.BytesIO(code.encode()), KEYWORDS, [SAID_TO_TRANSLATORS], {"encoding": "utf-8"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
