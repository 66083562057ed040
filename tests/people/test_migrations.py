"""What a migration does to rows that were there before."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tertulia.people.models import Consent, ConsentText, Person

BEFORE, AFTER = [("people", "0002_sessions_roles_persons")], [("people", "0003_pseudonym_once")]


@pytest.mark.django_db(transaction=True)
def test_colleagues_of_one_name_are_told_apart() -> None:
    then = MigrationExecutor(connection).migrate(BEFORE).apps.get_model("people", "Account")
    names = ["Heron", "heron", "Heron", "Wren", "", "", "x" * 80, "x" * 80]
    then.objects.bulk_create([then(pseudonym=name) for name in names])
    later = MigrationExecutor(connection).migrate(AFTER).apps.get_model("people", "Account")
    kept = sorted(later.objects.values_list("pseudonym", flat=True))
    herons = [name for name in kept if name.lower().startswith("heron")]
    assert sorted(name.lower() for name in herons) == ["heron", "heron 2", "heron 3"]
    assert [name for name in kept if name not in herons] == ["", "", "Wren", "x" * 78 + " 2", "x" * 80]


@pytest.mark.django_db(transaction=True)
def test_consents_that_ended_shed_what_they_said() -> None:
    MigrationExecutor(connection).migrate([("people", "0007_passkeys")])
    person, day = Person.objects.create(name="Ana Flores"), date(2026, 11, 1)
    text = ConsentText.objects.create(purpose="quoted", version=1, language="en", text="Yes.")
    for ended in (day, None):
        Consent.objects.create(person=person, purpose="quoted", text=text, given=day, until=day, withdrawn=ended)
    MigrationExecutor(connection).migrate([("people", "0008_ended_consents")])
    rows = Consent.objects.order_by("withdrawn").values_list("text", "given", "until", "withdrawn")
    assert set(rows) == {(text.pk, day, day, None), (None, None, None, day)}
