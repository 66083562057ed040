"""What the programme is made of."""

from tertulia.programme.models.event import Event, EventText, Room, SessionType, Track
from tertulia.programme.models.participation import Participation
from tertulia.programme.models.session import Credit, Session, SessionText, Slot
from tertulia.programme.models.withheld import FormerCredit, NameMark, Withheld

__all__ = [
    "Credit",
    "Event",
    "EventText",
    "FormerCredit",
    "NameMark",
    "Participation",
    "Room",
    "Session",
    "SessionText",
    "SessionType",
    "Slot",
    "Track",
    "Withheld",
]
