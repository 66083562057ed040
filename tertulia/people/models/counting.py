"""That somebody answered, and the figures that were released: the answers themselves are in no table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account

SCOPE_LENGTH = 80
QUESTION_LENGTH = 20


class Answered(models.Model):
    """An account has answered a question of an event; neither what nor when."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="answered")
    scope = models.CharField(max_length=SCOPE_LENGTH)
    question = models.CharField(max_length=QUESTION_LENGTH)

    retention = Retention(Ends.WITH_EVENT, "nobody is counted twice; it goes when the figures are released", days=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "scope", "question"], name="people_answered_once"),
        ]

    def __str__(self) -> str:
        return "answered"


class Released(models.QuerySet[Any]):
    """Rows that are written once."""

    def update(self, **_changes: Any) -> int:
        """Never: the difference between two figures for the same people says more than either."""
        raise TypeError("a figure that was released stays as it is")


class _Fixed(models.Model):
    """A row that is written once and never changes."""

    objects = Released.as_manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Write the row; TypeError if it is there already."""
        if not self._state.adding:
            raise TypeError("a figure that was released stays as it is")
        super().save(**options | {"force_insert": True})


class ReleasedTable(_Fixed):
    """What was released of a question of an event; there is one of each that is asked, also where nobody answered.

    `total` and `different` (how many different answers there were) are empty where nothing is said of them.
    """

    scope = models.CharField(max_length=SCOPE_LENGTH)
    question = models.CharField(max_length=QUESTION_LENGTH)
    total = models.PositiveIntegerField(null=True)
    different = models.PositiveIntegerField(null=True)

    retention = Retention(Ends.NEVER, "the public record of who came, rounded, with nobody in it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "question"], name="people_released_table_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} at {self.scope}"


class ReleasedCell(_Fixed):
    """How many gave an answer, rounded; what is hidden has no row, and so has what nobody answered."""

    table = models.ForeignKey(ReleasedTable, on_delete=models.CASCADE, related_name="cells")
    answer = models.CharField(max_length=20)
    number = models.PositiveIntegerField()

    retention = Retention(Ends.NEVER, "the public record of who came, rounded, with nobody in it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "answer"], name="people_released_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.number}"
