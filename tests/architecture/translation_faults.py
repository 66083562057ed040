"""One fault against each rule of the catalogues, and what has to be said of it."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

CATALOGUE = "tertulia/locale/es/LC_MESSAGES/django.po"
TRANSLATION_FAULTS = [
    Fault(
        "words that nobody translated",
        TESTS,
        "tertulia/people/templates/people/planted.html",
        "{% load i18n %}{% translate 'Nobody has translated this' %}",
        "ar: 'Nobody has translated this' is not in the catalogue",
    ),
    Fault(
        "a translation of what nobody says",
        TESTS,
        CATALOGUE,
        'msgid "Long gone"\nmsgstr "Ya no"',
        "es: 'Long gone' is in the catalogue, but nobody says it",
    ),
    Fault(
        "an empty translation",
        TESTS,
        CATALOGUE,
        'msgstr ""',
        "es: 'Come in' has no translation",
        instead_of='msgstr "Entra"',
    ),
    Fault(
        "a guess",
        TESTS,
        CATALOGUE,
        '#, fuzzy\nmsgid "All events"',
        "es: 'All events' is a guess",
        instead_of='msgid "All events"',
    ),
    Fault(
        "a translation that is its source",
        TESTS,
        CATALOGUE,
        'msgstr "Leave"',
        "es: 'Leave' is its own translation",
        instead_of='msgstr "Salir"',
    ),
    Fault(
        "a translation that lost a name",
        TESTS,
        CATALOGUE,
        'msgstr "A la sala"',
        "es: 'A la sala' has [], its source has ['%(name)s']",
        instead_of='msgstr "A la sala: %(name)s"',
    ),
    Fault(
        "a translation that lost a tag",
        TESTS,
        CATALOGUE,
        'msgstr "hora de %(place)s"',
        "es: 'hora de %(place)s' has other tags than its source",
        instead_of='msgstr "<span class=\\"vh\\">hora de </span>%(place)s"',
    ),
    Fault(
        "the Arabic dual is forgotten",
        TESTS,
        "tertulia/locale/ar/LC_MESSAGES/django.po",
        "n==2 ? 3 :",
        "test_plural_forms_are_those_that_the_language_has[ar]",
        instead_of="n==2 ? 2 :",
    ),
    Fault(
        "English on a page in Arabic",
        TESTS,
        "tertulia/design/templates/design/_foot.html",
        "<p>Leave quickly</p>",
        "E Leave quickly E Why: this page is not whole in Arabic",
    ),
]
