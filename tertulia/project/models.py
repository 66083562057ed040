"""When what runs by itself is due."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.fields import RandomKey
from tertulia.kit.retention import Ends, Retention


class Due(models.Model):
    """One line of the schedule: the task called `name` runs next at `at` (UTC)."""

    id = RandomKey()
    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()
    retention = Retention(Ends.NEVER, "it speaks of the house's own upkeep, of nobody")

    class Meta:
        verbose_name = _("line of the schedule")
        verbose_name_plural = _("lines of the schedule")

    def __str__(self) -> str:
        return self.name
