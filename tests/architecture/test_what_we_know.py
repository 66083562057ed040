"""Whatever leads to a person is told to that person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tertulia.kit.registry import what_we_know
from tertulia.people.models import Account, Person
from tests.architecture.house import report

Model = type[models.Model]
PEOPLE: frozenset[Model] = frozenset({Account, Person})
# Rows that lead to an account or a person and tell that person nothing: label, and why.
UNTOLD = {
    "people.ClaimLink": "names a person whom no account has claimed; it is gone as soon as one has",
    "home.HomePage": "a page: it leads to the colleague who owns it, whom wagtailcore.Page tells",
    "wagtailcore.GroupPagePermission": "what a group may do with a page; it names nobody",
    "wagtailcore.GroupSitePermission": "what a group may do with a site; it names nobody",
    "wagtailcore.PageViewRestriction": "who may see a page, by group; it names nobody",
    "wagtailcore.PageViewRestriction_groups": "the same",
    "wagtailcore.Site": "the site and its first page; it names nobody",
    "wagtailcore.WorkflowPage": "by which steps a page is agreed upon; it names nobody",
    "wagtailimages.Rendition": "a picture in another size; wagtailimages.Image tells who uploaded it",
}


def targets(model: Model) -> set[Model]:
    """What the model points to."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return {field.related_model for field in fields if isinstance(field.related_model, type)}


def leading_to_people() -> set[str]:
    """The labels of all models from which a chain of relations leads to an account or a person."""
    points = {model: targets(model) for model in apps.get_models(include_auto_created=True)}
    leading: set[Model] = set(PEOPLE)
    grown: set[Model] = leading
    while grown:
        grown = {model for model, aims in points.items() if aims & leading} - leading
        leading |= grown
    return {model._meta.label for model in leading}


def offered() -> Counter[str]:
    return Counter(label for one in what_we_know for label in one.models)


def untold() -> Iterator[str]:
    for label in leading_to_people() - set(offered()) - set(UNTOLD):
        yield f"{label}: leads to a person, and no part of what we know tells of it"


def needless() -> Iterator[str]:
    leading, told = leading_to_people(), offered()
    for label, times in told.items():
        if times > 1:
            yield f"{label}: is told {times} times"
    for label in set(told) - leading:
        yield f"{label}: is told, and leads to nobody"
    for label in set(UNTOLD) & set(told) | set(UNTOLD) - leading:
        yield f"{label}: stands on the list of what is not told, and need not"


def test_whatever_leads_to_a_person_is_told_to_that_person() -> None:
    report(
        untold(),
        "the page “What is held about you” promises everything",
        'what_we_know.offer("programme.names", WhatWeKnow(frozenset({"programme.Participation"}), names_held, 20))',
    )


def test_what_is_told_leads_to_a_person_and_is_told_once() -> None:
    report(
        needless(),
        "a list that names what is not there is no longer read",
        "take the label out of the entry in apps.ready(), or out of UNTOLD in tests/architecture/test_what_we_know.py",
    )
