"""No table has a column that tells when or from where, but those that say why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tertulia.project.telling import TELLING
from tests.architecture.house import report

TELLING_KINDS = (
    models.DateField,  # and moments, which are dates to Django
    models.TimeField,
    models.DurationField,
    models.GenericIPAddressField,
    models.JSONField,
    models.EmailField,
    models.URLField,
)
TELLING_NAMES = re.compile(
    r"(?:^|_)(?:ip|address|agent|browser|host|hostname|referr?er|location|device|fingerprint|latitude|longitude|phone"
    r"|e?mail|country|city|zone|timezone|time|moment|when|seen|joined|login|visits?)(?:_|$)"
)


def columns_that_tell() -> Iterator[str]:
    """Each column of each installed app that is of a kind, or has a name, that could tell."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, TELLING_KINDS) or TELLING_NAMES.search(field.name):
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_could_tell_when_or_from_where_says_why() -> None:
    columns = set(columns_that_tell())
    faults = [f"{column}: could tell when or from where" for column in sorted(columns - TELLING.keys())]
    faults += [f"{column}: is excused and is not there" for column in sorted(TELLING.keys() - columns)]
    report(
        faults,
        "what is not stored cannot be taken; a library that stores it is blanked or said to",
        "leave it out, or a day or month instead of a moment; else a reason in tertulia/project/telling.py",
    )


def test_a_reason_is_a_sentence() -> None:
    assert [column for column, reason in TELLING.items() if len(reason.split()) < 4] == []
