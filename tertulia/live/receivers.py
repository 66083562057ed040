"""What rooms do when something happens elsewhere."""

from __future__ import annotations

from tertulia.kit.facts import after_fact, on_fact
from tertulia.live.actions import send_away
from tertulia.people.facts import AccountDeleted, PasskeyRemoved, WayBackRenewed
from tertulia.programme.facts import ScheduleImported


def listen() -> None:
    """Open the rooms of a programme that was read; send away everybody who is in by what has ended."""
    on_fact(ScheduleImported, "live.open_rooms", lambda fact: (fact.event_id,))
    after_fact(AccountDeleted, _send_away)
    after_fact(WayBackRenewed, _send_away)
    after_fact(PasskeyRemoved, _send_away)


def _send_away(fact: AccountDeleted | WayBackRenewed | PasskeyRemoved) -> None:
    send_away(fact.account_id)
