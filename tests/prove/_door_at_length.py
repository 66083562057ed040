"""`python -m tests.prove._door_at_length STEP FILE`: one step of tests/prove/_door.py, in the house of this process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

SIGN_UPS, CLOSED = 10_000, 2_000
TRIES = 2_000
MOST = 60  # come in from one address before it is pressed
ALIKE = 1.15
MEMORY = 2_000_000  # bytes, for all who came in these minutes

Seen = Iterator[tuple[str, bool, str]]


def flood() -> Seen:
    """Half of the flood neither works nor waits; the other half comes back with each ticket it was given."""
    from tertulia.programme.views import participation
    from tests.factories import make_event
    from tests.people import flood as door

    make_event("festival")
    participation.NEWCOMERS = door.few(MOST, 3000)
    poured, came, began = door.Flood("festival"), list[tuple[bool, bool]](), time.monotonic()
    poured.pour(MOST)
    for round_ in range(20):
        poured.pour(SIGN_UPS // 40)
        _with_tickets(SIGN_UPS // 80)
        came.append((door.comes_from_elsewhere("festival", round_), door.comes_after_work("festival")))
    minutes = (time.monotonic() - began) / 60
    yield "from elsewhere", all(one for one, _other in came), f"{sum(one for one, _o in came)} of 20 came in at once"
    yield "from there, with work", all(one for _o, one in came), f"{sum(one for _o, one in came)} of 20 came in"
    yield "the flood itself", not poured.strange, f"{poured.let_in} of {SIGN_UPS} came in within {minutes:.1f} minutes"
    held = door.remembered()
    yield "memory", held < MEMORY, f"{held} bytes are remembered"
    ticket = door.asked_on(door.come(door.FLOODED, "festival"))["ticket"]
    moment = time.time
    time.time = lambda: moment() + 30
    yield "from there, with patience", door.comes_with("festival", ticket), "one who waited half a minute came in"


def timing() -> Seen:
    """All four kinds in turn, over the whole page."""
    from django.test import Client

    from tertulia.kit.phrases import Kind, phrase
    from tertulia.people.models import Account
    from tests.factories.people import make_newcomer
    from tests.people.test_wrong_phrases import NaiveForm
    from tests.people.timing import quick_times

    closed = [make_newcomer()[1] for _ in range(CLOSED)]
    Account.objects.update(is_active=False)
    unknown = [phrase(Kind.WORDS) for _ in range(TRIES)]
    wrong: dict[str, Callable[[int], str]] = {
        "unknown": lambda number: unknown[number],
        "closed": lambda number: closed[number],
        "misshapen": lambda number: f"two words {number}",
    }
    client = Client()
    if client.post("/come-back/", {"phrase": unknown[0]}).status_code != 422:
        raise RuntimeError("the page is not there")
    # Each from another network: nobody is told of too many wrong ones.
    pages = {
        name: lambda number, made=made: client.post(
            "/come-back/", {"phrase": made(number)}, REMOTE_ADDR=f"10.{number % 250}.{number // 250}.1"
        )
        for name, made in wrong.items()
    }
    found = quick_times(pages, TRIES)
    ratio = max(found.values()) / min(found.values())
    told = ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in found.items())
    yield f"the page, {TRIES} tries each", ratio < ALIKE, told
    forms = {
        name: lambda number, made=made: NaiveForm({"phrase": made(number)}).is_valid() for name, made in wrong.items()
    }
    naive = quick_times(forms, TRIES)
    ratio = max(naive.values()) / min(naive.values())
    yield "a naive form", ratio > 2, f"tells them apart by {ratio:.0f} times the time: it is an attack"


def _with_tickets(number: int) -> None:
    """So many who come twice, the second time with what they were given and no patience."""
    from tests.people import flood as door

    for _ in range(number):
        asked = door.asked_on(door.come(door.FLOODED, "festival"))
        door.come(door.FLOODED, "festival", **asked)


def main(step: str, file: Path) -> None:
    """Write what the step found, a line each."""
    import logging

    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    logging.disable(logging.ERROR)
    with file.open("w") as said:
        for name, held, seen in {"flood": flood, "timing": timing}[step]():
            said.write(f"{name}\t{held}\t{seen}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
