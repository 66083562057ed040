"""What rooms do when something happens elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tertulia.kit.facts import after_fact, on_fact
from tertulia.kit.registry import Told
from tertulia.live.actions import send_away
from tertulia.live.facts import AudienceSet, TalkErased
from tertulia.live.models import Room
from tertulia.people.actions import keep_record
from tertulia.people.facts import AccountDeleted, PasskeyRemoved, WayBackRenewed
from tertulia.programme.facts import ScheduleImported


def listen() -> None:
    """Open the rooms of a programme that was read; send away everybody who is in by what has ended.

    Whose door was opened, and what was erased, is kept in the audit log.
    """
    on_fact(ScheduleImported, "live.open_rooms", lambda fact: (fact.event_id,))
    after_fact(AccountDeleted, _send_away)
    after_fact(WayBackRenewed, _send_away)
    after_fact(PasskeyRemoved, _send_away)
    keep_record(AudienceSet, _("It was said who can read a room"), _door)
    keep_record(TalkErased, _("The talk of a room was erased"), lambda fact: Told("room", fact.room))


def _send_away(fact: AccountDeleted | WayBackRenewed | PasskeyRemoved) -> None:
    send_away(fact.account_id)


def _door(fact: AudienceSet) -> Told:
    public_id, audience = Room.objects.values_list("public_id", "audience").get(pk=fact.room_id)
    return Told("room", public_id, fact.by_id, audience)
