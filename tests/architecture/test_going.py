"""Whatever goes with an event is on the page that tells everybody when."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from tertulia.kit.registry import goings
from tertulia.kit.retention import Ends
from tests.architecture.house import report


def untold() -> Iterator[str]:
    """Each model of ours that goes with an event and is not told, or is told with other days than it declares."""
    told = {label: going for going in goings for label in going.models}
    for model in apps.get_models():
        retention, label = getattr(model, "retention", None), model._meta.label
        if retention is None or retention.ends != Ends.WITH_EVENT:
            continue
        if label not in told:
            yield f"{label}: goes with an event, and the page of what goes when does not say so"
        elif told[label].days != retention.days:
            yield f"{label}: is kept {retention.days} days after the event, and told with {told[label].days}"


def gone() -> Iterator[str]:
    known = {model._meta.label for model in apps.get_models()}
    for going in goings:
        yield from (f"{label}: is told and is not there" for label in going.models - known)


def test_whatever_goes_with_an_event_is_told_to_everybody() -> None:
    report(
        [*untold(), *gone()],
        "a day that is kept and not told is a promise that nobody can hold us to",
        'goings.offer("live.talk", Going("talk", _("What was said"), 20, models=…, days=Room.retention.days, …))',
    )
