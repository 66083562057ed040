"""A flood at the door of an event: sign-ups by the thousand from one address, and people who come in meanwhile."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tertulia.kit import gates, work
from tertulia.people.models import Account
from tertulia.programme.views import participation

FLOODED, ELSEWHERE = "192.0.2.1", "198.51.100.{}"


def come(address: str, slug: str, **sent: str) -> Any:
    """Press "Come in", from an address, in a browser of one's own."""
    wren = {"chosen_name": "Wren", "kind": "words"}
    return Client().post(f"/events/{slug}/join/", wren | sent, REMOTE_ADDR=address)


def asked_on(page: Any) -> dict[str, str]:
    """The hidden fields in which the page asks for work or patience."""
    html = page.content.decode()
    return {
        name: found.group(1)
        for name in ("task", "ticket")
        if (found := re.search(rf'name="{name}" value="([^"]+)"', html))
    }


@dataclass
class Flood:
    """What came of so many sign-ups from one address by who neither works nor waits."""

    slug: str
    let_in: int = 0
    asked: int = 0
    strange: list[int] = field(default_factory=list)

    def pour(self, number: int) -> None:
        """Press so many times."""
        for _ in range(number):
            status = come(FLOODED, self.slug).status_code
            self.let_in += status == 302
            self.asked += status == 429
            if status not in {302, 429}:
                self.strange.append(status)


def comes_from_elsewhere(slug: str, number: int) -> bool:
    """Whether somebody from another address comes in as if there were no flood."""
    return bool(come(ELSEWHERE.format(number), slug).status_code == 302)


def comes_after_work(slug: str) -> bool:
    """Whether somebody behind the flooded address comes in, whose device does what is asked of it."""
    task = asked_on(come(FLOODED, slug))["task"]
    return bool(come(FLOODED, slug, task=task, done=work.do(task)).status_code == 302)


def comes_with(slug: str, ticket: str) -> bool:
    """Whether somebody behind the flooded address comes in with a ticket alone."""
    return bool(come(FLOODED, slug, ticket=ticket).status_code == 302)


def remembered() -> int:
    """The bytes that the gate of newcomers holds in memory for all who came."""
    gate = participation.NEWCOMERS
    limits = (gate._here, gate._overall, gate._waited_here, gate._waited_overall)
    tries = sum(sys.getsizeof(name) + sys.getsizeof(kept) for limit in limits for name, kept in limit._tries.items())
    return tries + sum(sys.getsizeof(once._taken) + 60 * len(once._taken) for once in (gate._done, gate._tickets))


def few(most: int, overall: int) -> gates.Gate:
    """A gate like that of newcomers, which is pressed earlier and longer, however slow the machine."""
    return gates.Gate("newcomers", most=most, overall=overall, seconds=3600)


def accounts() -> int:
    """How many accounts there are."""
    return Account.objects.count()
