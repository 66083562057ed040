"""Names that people want to be shown under: what a name may be, and whose it may not be."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from tertulia.kit import names
from tertulia.kit.errors import Invalid
from tertulia.kit.registry import borne
from tertulia.people.models import Account


def chosen_name(text: str) -> str:
    """The name for an event as it will be shown; Invalid at `chosen_name`.

    Refused is what `kit.names.chosen_name` refuses, and a `text` that reads like the pseudonym of one of the staff,
    or like the name of the organisation.
    """
    return _nobodys(names.chosen_name(text), names.CHOSEN)


def public_name(text: str) -> str:
    """The name for a credit as it will be shown; Invalid at `name`.

    Refused is what `kit.names.public_name` refuses, and a `text` that reads like the pseudonym of one of the staff,
    or like the name of the organisation.
    """
    return _nobodys(names.public_name(text), names.PUBLIC)


def is_borne(name: str) -> bool:
    """Whether somebody who takes part goes now by a name that could be taken for `name`."""
    return any(bears(name) for bears in borne)


def _nobodys(name: str, where: str) -> str:
    """The name, unless the organisation or a colleague, present or former, is called so: others know who that is."""
    taken = Account.objects.exclude(pseudonym="").values_list("pseudonym", flat=True)
    if names.passes_for_house(name, settings.ORGANISATION) or any(names.look_alike(name, one) for one in taken):
        raise Invalid(_("This name could be taken for one of the staff. Please choose another one."), where=where)
    return name
