"""What changes accounts, roles and sessions."""

from tertulia.people.actions.account import delete_account
from tertulia.people.actions.session import begin_session, clear_ended, leave, welcome
from tertulia.people.actions.staff import appoint, dismiss, invite, issue_sign_in_link, redeem_sign_in_link
from tertulia.people.actions.way_back import open_way_back, rotate_way_back

__all__ = [
    "appoint",
    "begin_session",
    "clear_ended",
    "delete_account",
    "dismiss",
    "invite",
    "issue_sign_in_link",
    "leave",
    "open_way_back",
    "redeem_sign_in_link",
    "rotate_way_back",
    "welcome",
]
