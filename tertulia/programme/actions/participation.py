"""Coming in to an event, and going by another name there."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.phrases import Kind
from tertulia.people.actions import open_way_back
from tertulia.people.models import Account
from tertulia.programme.facts import CameIn, Renamed
from tertulia.programme.models import Event, Participation
from tertulia.programme.queries.naming import name_at
from tertulia.programme.rules import can_join


def come_in(event: Event, account: Account, chosen_name: str) -> Participation:
    """Let `account` in to `event` under `chosen_name`; if it is in already, it keeps the name it has.

    NotAllowed if it may not join. Invalid at `chosen_name` for what `queries.naming.name_at` refuses.
    """
    if not can_join(event, account):
        raise NotAllowed(_("This account cannot come in here."))
    name = name_at(event, chosen_name, account)
    with transaction.atomic():
        _refuse_if_closed(event)
        participation, is_new = Participation.objects.get_or_create(
            event=event, account=account, defaults={"chosen_name": name}
        )
        if is_new:
            announce(CameIn(participation.pk))
    return participation


def come_in_anew(event: Event, chosen_name: str, kind: Kind) -> tuple[Participation, str]:
    """Let somebody without an account in under `chosen_name`: the participation, and the phrase to be shown once.

    `kind` says whether the phrase is of words or of digits.
    NotAllowed and Invalid as for `come_in`; then no account was made either.
    """
    if not can_join(event):
        raise NotAllowed(_("Nobody can come in here."))
    name = name_at(event, chosen_name)
    with transaction.atomic():
        account, phrase = open_way_back(kind)
        participation = come_in(event, account, name)
    return participation, phrase


def rename(participation: Participation, chosen_name: str) -> Participation:
    """Go by `chosen_name` at the event from now on; what was said before keeps the name it was said under.

    NotAllowed for a closed account; Invalid at `chosen_name` for what `queries.naming.name_at` refuses.
    """
    if not can_join(participation.event, participation.account):
        raise NotAllowed(_("This account cannot change its name here."))
    participation.chosen_name = name_at(participation.event, chosen_name, participation.account)
    with transaction.atomic():
        _refuse_if_closed(participation.event)
        participation.save(update_fields=["chosen_name"])
        announce(Renamed(participation.pk))
    return participation


def _refuse_if_closed(event: Event) -> None:
    """NotAllowed if the event was closed since it was read."""
    if not Event.objects.filter(pk=event.pk, closed_on=None).exists():
        raise NotAllowed(_("Nobody can come in here."))
