"""What changes accounts, roles and sessions."""

from tertulia.people.actions.account import delete_account
from tertulia.people.actions.purging import purge
from tertulia.people.actions.session import (
    begin_session,
    clear_ended,
    come_back,
    enter_by_link,
    leave,
    show_way_back,
    welcome,
)
from tertulia.people.actions.staff import appoint, dismiss, invite, issue_sign_in_link, redeem_sign_in_link
from tertulia.people.actions.way_back import keep_new_way_back, make_new_way_back, open_way_back

__all__ = [
    "appoint",
    "begin_session",
    "clear_ended",
    "come_back",
    "delete_account",
    "dismiss",
    "enter_by_link",
    "invite",
    "issue_sign_in_link",
    "keep_new_way_back",
    "leave",
    "make_new_way_back",
    "open_way_back",
    "purge",
    "redeem_sign_in_link",
    "show_way_back",
    "welcome",
]
