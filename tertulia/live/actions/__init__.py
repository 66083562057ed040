"""What changes in rooms: opening, saying, keeping, moderating, erasing."""

from tertulia.live.actions.control import (
    ban,
    carry_out,
    carry_out_what_waits,
    check_moderates,
    close_room,
    close_rooms_of,
    end_restrictions,
    lift,
    mute,
    open_room,
    set_rules,
)
from tertulia.live.actions.door import (
    give_pass,
    renew_invitation,
    set_audience,
)
from tertulia.live.actions.moderation import (
    decide_waiting,
    remove_message,
)
from tertulia.live.actions.room import (
    ERASED_ROOM,
    erase_again,
    erase_talk,
    erase_what_is_over,
    open_rooms,
    send_away,
    take_out_again,
    take_up_restored_log,
)
from tertulia.live.actions.talk import (
    HELD,
    edit_message,
    remove_own_message,
    say,
)

__all__ = [
    "ERASED_ROOM",
    "HELD",
    "ban",
    "carry_out",
    "carry_out_what_waits",
    "check_moderates",
    "close_room",
    "close_rooms_of",
    "decide_waiting",
    "edit_message",
    "end_restrictions",
    "erase_again",
    "erase_talk",
    "erase_what_is_over",
    "give_pass",
    "lift",
    "mute",
    "open_room",
    "open_rooms",
    "remove_message",
    "remove_own_message",
    "renew_invitation",
    "say",
    "send_away",
    "set_audience",
    "set_rules",
    "take_out_again",
    "take_up_restored_log",
]
