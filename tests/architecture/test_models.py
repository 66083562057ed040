"""What the imports cannot show of the models: where they point, how long they are kept, what they say."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from tertulia.kit.fields import RandomKey
from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.people.actions import issue_sign_in_link
from tertulia.people.models import Account, Person, Session, SignInLink
from tertulia.project.retention import THIRD_PARTY
from tests.architecture.house import app_of, may_see, report
from tests.factories import make_account, make_event
from tests.factories.people import make_participant, sign_in

CANARY = "canary"
PERSONAL_ENDS = {Ends.WHEN_ASKED, Ends.WITH_EVENT}
# Names that people chose to be seen under by colleagues: field, and why.
SHOWN_ON_PURPOSE = {"people.Account.pseudonym": "colleagues pick it for the staff screens; it may be left empty"}

Model = type[models.Model]


def models_of_ours(*, joining: bool = False) -> Iterator[Model]:
    """The models of our apps; with `joining` also the tables that only join two of them."""
    return (model for model in apps.get_models(include_auto_created=joining) if app_of(apps_module(model)))


def apps_module(model: Model) -> str:
    """The module of the app that holds the model."""
    return model._meta.app_config.name


def pointers(model: Model) -> Iterator[tuple[str, Model]]:
    """Each relation that the model itself declares, and what it points to."""
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if isinstance(field.related_model, type):
            yield field.name, field.related_model
        through = getattr(field.remote_field, "through", None)
        if through is not None:
            yield f"{field.name} (through)", through


def pointing_up() -> Iterator[str]:
    for model in models_of_ours():
        for name, target in pointers(model):
            mine, theirs = app_of(apps_module(model)), app_of(apps_module(target))
            if mine and theirs and not may_see(mine, theirs):
                yield f"{model._meta.label}.{name}: points at {target._meta.label}, which stands above or beside it"


def migrations_pointing_up() -> Iterator[str]:
    homes = {config.label: app_of(config.name) for config in apps.get_app_configs()}
    for (label, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        for needed, _ in migration.dependencies:
            mine, theirs = homes.get(label), homes.get(needed)
            if mine and theirs and not may_see(mine, theirs):
                yield f"{label}/migrations/{name}: needs a migration of {needed}, which stands above or beside it"


def undeclared_retention() -> Iterator[str]:
    for model in models_of_ours():
        if not isinstance(getattr(model, "retention", None), Retention):
            yield f"{model._meta.label}: declares no retention"


def third_party() -> set[str]:
    return {model._meta.label for model in apps.get_models() if not app_of(apps_module(model))}


def telling_key(model: Model) -> bool:
    """Whether the key of a model tells when a row was made or how many came before it."""
    key = model._meta.pk
    if isinstance(key, models.ForeignKey):  # a one-to-one key is as random as what it points to
        return False
    if isinstance(key, RandomKey):
        return False
    return key.default not in {uuid.uuid4, public_id}


def ids_that_tell() -> Iterator[str]:
    for model in models_of_ours(joining=True):
        key = model._meta.pk
        if telling_key(model):
            yield f"{model._meta.label}.{key.name}: {type(key).__name__} tells the order of arrival"


def hidden_orders() -> Iterator[str]:
    for model in models_of_ours(joining=True):
        table, key = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT rowid, "{key}" FROM "{table}"')  # noqa: S608 - names of our own tables
            rows = cursor.fetchall()
        if any(row_id != pk for row_id, pk in rows):
            yield f"{table}: SQLite keeps a row id beside {key}, which counts arrivals"


def holds_personal_data(model: Model) -> bool:
    """Whether its rows speak of a person: they end with the person or the event, or point at one."""
    retention = getattr(model, "retention", None)
    ends_with_a_person = isinstance(retention, Retention) and retention.ends in PERSONAL_ENDS
    return ends_with_a_person or any(target in {Account, Person} for _, target in pointers(model))


def filled(model: Model, depth: int = 2) -> models.Model:
    """An unsaved row in which each text of a personal model is a canary, and each relation leads to such a row."""
    is_personal = model in {Account, Person} or holds_personal_data(model)
    values: dict[str, Any] = {}
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey):
            if depth and isinstance(field.related_model, type):
                values[field.name] = filled(field.related_model, depth - 1)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices and field.name != "public_id":
            values[field.name] = f"{CANARY}:{model._meta.label}.{field.name}." if is_personal else "public"
    return model(**values)


def telling_strings() -> Iterator[str]:
    for model in filter(holds_personal_data, models_of_ours()):
        said = str(filled(model))
        for allowed in SHOWN_ON_PURPOSE:
            said = said.replace(f"{CANARY}:{allowed}.", "")
        if CANARY in said:
            yield f"{model._meta.label}.__str__: says {said!r}"


def test_no_relation_points_up_or_sideways() -> None:
    report(
        [*pointing_up(), *migrations_pointing_up()],
        "a foreign key written as a string is an import that import-linter cannot see",
        "let the upper model point at the lower one, or offer what is needed to kit/registry.py",
    )


def test_every_model_of_ours_declares_its_retention() -> None:
    report(
        undeclared_retention(),
        "what is kept without a reason will be found by somebody who has one",
        'retention = Retention(Ends.WITH_EVENT, "one talks under this name while the event lasts", days=30)',
    )


def test_every_model_of_others_has_a_declared_retention() -> None:
    report(
        (f"{label}: has no retention" for label in third_party() - set(THIRD_PARTY)),
        "a library that we install keeps things in our name",
        "a line in tertulia/project/retention.py that says what ends it and why it is kept",
    )


def test_no_retention_is_declared_for_a_model_that_is_gone() -> None:
    report(
        (f"{label}: no such model is installed" for label in set(THIRD_PARTY) - third_party() if "SQLite" not in label),
        "a list that names what is not there is no longer read",
        "take the line out of tertulia/project/retention.py",
    )


def test_no_key_tells_when_a_row_was_made() -> None:
    report(
        ids_that_tell(),
        "keys that count or carry a clock show who came when, and who came together",
        "leave the key out (DEFAULT_AUTO_FIELD is kit.fields.RandomKey); a hash is a unique column beside it",
    )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="row ids are SQLite's own; SECURITY.md speaks of PostgreSQL")
def test_no_table_keeps_a_hidden_order_of_arrival() -> None:
    event = make_event()
    for number in range(3):
        sign_in(Client(), make_participant(event, f"Wren {number}")[0])
        issue_sign_in_link(make_account("organiser"), minutes=5)
    assert (Session.objects.count(), SignInLink.objects.count(), event.participations.count()) == (3, 3, 3)
    report(
        hidden_orders(),
        "a copy of the file read in order of its row ids is a list of who came after whom",
        "let kit.fields.RandomKey be the key: it is the row id itself",
    )


def test_rows_that_speak_of_a_person_have_a_neutral_name() -> None:
    report(
        telling_strings(),
        "str() lands in logs, in tracebacks and in Wagtail's history, where nobody can erase it",
        'def __str__(self) -> str: return "participation", or its public_id',
    )
