"""When what goes here is gone from the copies as well, and what the house itself goes on keeping."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import Going
from tertulia.live.models import Room
from tertulia.programme.models import Participation
from tertulia.project.backup.days import HOUSE_DAYS, KEYS_DAYS

# An archive is removed when the next one is made, which is a day later.
NEXT_NIGHT = 1


def goings_of_the_house() -> Iterator[Going]:
    """When nothing can be read in sealed copies any more, kept as the operator's page says; and what stays."""
    yield Going(
        "talk_in_copies",
        _("What was said, in sealed copies for emergencies"),
        40,
        days=Room.retention.days + KEYS_DAYS + NEXT_NIGHT,
    )
    yield Going(
        "names_in_copies",
        _("Names, in sealed copies for emergencies"),
        50,
        days=Participation.retention.days + HOUSE_DAYS + NEXT_NIGHT,
    )
    stays = _("It stays, so that no copy brings back what was erased. It says neither what nor whose.")
    yield Going("erasures", _("That something was erased, and in which month"), 120, ends=stays)
