"""What changes accounts, roles and sessions."""

from tertulia.people.actions.account import DELETED_ACCOUNT, delete_account, delete_again
from tertulia.people.actions.counting import (
    count_group,
    count_participation,
    end_counting,
    hand_in_answers,
    release_counts,
)
from tertulia.people.actions.purging import purge
from tertulia.people.actions.session import (
    begin_session,
    clear_ended,
    come_back,
    end_all_sessions,
    enter_by_link,
    leave,
    show_way_back,
    welcome,
)
from tertulia.people.actions.staff import (
    DISMISSED,
    appoint,
    dismiss,
    dismiss_again,
    invite,
    issue_sign_in_link,
    redeem_sign_in_link,
)
from tertulia.people.actions.way_back import keep_new_way_back, make_new_way_back, open_way_back

__all__ = [
    "DELETED_ACCOUNT",
    "DISMISSED",
    "appoint",
    "begin_session",
    "clear_ended",
    "come_back",
    "count_group",
    "count_participation",
    "delete_account",
    "delete_again",
    "dismiss",
    "dismiss_again",
    "end_all_sessions",
    "end_counting",
    "enter_by_link",
    "hand_in_answers",
    "invite",
    "issue_sign_in_link",
    "keep_new_way_back",
    "leave",
    "make_new_way_back",
    "open_way_back",
    "purge",
    "redeem_sign_in_link",
    "release_counts",
    "show_way_back",
    "welcome",
]
