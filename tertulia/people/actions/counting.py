"""Counting answers without names, and releasing rounded figures of them once, some minutes after an event is closed.

The one place from which the raw totals can be reached (.importlinter holds it). Nothing here hands them on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.tasks import enqueue
from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.disclosure import Release, released
from tertulia.people.counting.questions import ASKED, QUESTIONS, SMALLEST_GROUP, group_of
from tertulia.people.counting.totals import Totals
from tertulia.people.facts import CountsReleased
from tertulia.people.models import Account, Answered, ReleasedCell, ReleasedTable
from tertulia.people.queries import answered_at
from tertulia.people.rules import can_be_counted

# Every process has written down by then what waited in it: each looks every half minute.
MINUTES_UNTIL_RELEASE = 10


def count_participation(account: Account, scope: str, question: str, answer: str) -> None:
    """Count an `answer` to a `question` of an event (`scope`, its address): the account is noted, the answer is not.

    That the account answered is committed first and alone; then the answer is added in memory to those of others.
    NotAllowed if it has answered already, is closed, or belongs to staff. Invalid for a question or an answer that
    there is none of. Gone once the counting has ended. In no transaction of the caller's.
    """
    if question not in ASKED or answer not in QUESTIONS[question].answers:
        raise Invalid(_("This is not one of the answers."), question)
    if not can_be_counted(account):
        raise NotAllowed(_("This account cannot answer here."))
    buffer = _buffer(settings.COUNTING_FILE)
    if buffer.totals.is_ended(scope):
        raise Gone(_("This event is closed: nobody is counted any more."))
    with transaction.atomic(durable=True):
        _noted, is_new = Answered.objects.get_or_create(account=account, scope=scope, question=question)
    if not is_new:
        raise NotAllowed(_("You have answered this already, and are counted once."))
    buffer.add(scope, question, answer)


def count_group(account: Account, scope: str, people: int) -> None:
    """Count a group of so many `people` at one screen, in one of five bands, at an event (`scope`, its address).

    Invalid for fewer than 2 people. Otherwise refuses as `count_participation` does.
    """
    if people < SMALLEST_GROUP:
        raise Invalid(_("A group is two people or more."), "group")
    count_participation(account, scope, "group", group_of(people))


def end_counting(scope: str) -> None:
    """From now on nobody is counted at the event (`scope`, its address); its figures are released some minutes later.

    Refuses nobody: what has ended already stays so.
    """
    _totals().end(scope, int(time.time()))


def hand_in_answers() -> None:
    """Write down what waits in this process, which is about to end; ten answers and fewer are lost. Refuses nobody."""
    _buffer(settings.COUNTING_FILE).hand_in()


def release_counts() -> int:
    """Release the figures of all events whose counting ended ten minutes ago: how many events. Refuses nobody.

    One release for each event, and then the raw totals go; if this is cut off in between, they go the next time.
    So does what a restore has brought back of who answered at an event that was released.
    """
    totals = _totals()
    due = totals.due(int(time.time()) - 60 * MINUTES_UNTIL_RELEASE)
    for scope in due:
        with transaction.atomic():
            if not ReleasedTable.objects.filter(scope=scope).exists():
                _release(scope, totals.read(scope))
        totals.forget(scope)
    forget_released_answers()
    return len(due)


def forget_answers(scopes: Iterable[str]) -> int:
    """Forget who has answered at some events (`scopes`, their addresses); how many notes went. Refuses nobody.

    They are needed no longer when the figures are released, or when nobody knows any more who was in.
    """
    with transaction.atomic():
        gone, _each = Answered.objects.filter(scope__in=scopes).delete()
        if gone:
            enqueue("people.purge")
    return gone


def forget_released_answers() -> int:
    """Forget who has answered at events that are released, as a restore brings it back; how many notes went.

    Refuses nobody.
    """
    scopes = answered_at()
    told = ReleasedTable.objects.filter(scope__in=scopes).order_by().values_list("scope", flat=True)
    # The database may be older than the release: the file of the totals knows it as well.
    return forget_answers({*told, *_totals().released_among(scopes)})


def _release(scope: str, counted: dict[str, dict[str, int]]) -> None:
    for name in ASKED:
        _publish(scope, name, released(QUESTIONS[name], counted.get(name, {})))
    forget_answers([scope])
    announce(CountsReleased(scope))


def _publish(scope: str, question: str, release: Release) -> None:
    table = ReleasedTable.objects.create(
        scope=scope, question=question, total=release.total, different=release.different
    )
    cells = [ReleasedCell(table=table, answer=answer, number=number) for answer, number in release.cells.items()]
    ReleasedCell.objects.bulk_create(cells)


def _totals() -> Totals:
    return Totals(settings.COUNTING_FILE)


@cache
def _buffer(path: Path) -> Buffer:
    """The buffer of this process for the file at `path`."""
    return Buffer(Totals(path))
