"""Model fields shared by all apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from tertulia.kit.randomness import random_key

if TYPE_CHECKING:
    _BigKey = models.BigAutoField[int | str, int]
else:
    _BigKey = models.BigAutoField


class RandomKey(_BigKey):
    """A primary key drawn at random.

    On SQLite it is the row id itself, so that the table keeps no hidden order of arrival.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", random_key)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
