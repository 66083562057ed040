"""What changes accounts, roles, sessions, persons and what they agreed to."""

from tertulia.people.actions.account import DELETED_ACCOUNT, delete_account, delete_again
from tertulia.people.actions.appointment import UNAPPOINTED, unappoint, unappoint_again
from tertulia.people.actions.audit import forget_old_records, keep_record
from tertulia.people.actions.claim import claim_person, issue_claim_link
from tertulia.people.actions.consent import ENDED_CONSENT, end_again, expire_consents, give_consent, withdraw_consent
from tertulia.people.actions.counting import (
    count_group,
    count_participation,
    end_counting,
    forget_answers,
    forget_released_answers,
    hand_in_answers,
    release_counts,
)
from tertulia.people.actions.device import JOINED, clear_device_codes, make_device_code, use_device_code
from tertulia.people.actions.entering import (
    drop_factor,
    enter_with_code,
    enter_with_passkey,
    keep_app,
    keep_passkey,
    prove_with_code,
    prove_with_passkey,
    renew_codes,
)
from tertulia.people.actions.entry import REMOVED_PASSKEY
from tertulia.people.actions.export import approve_export, ask_for_export, decline_export, take_export
from tertulia.people.actions.factor import (
    REMOVED_FACTOR,
    add_staff_passkey,
    end_factor_again,
    forget_used_codes,
    make_recovery_codes,
    remove_factor,
    reset_factors,
    set_up_app,
)
from tertulia.people.actions.notice import clear_notices, delete_notice, notify, read_notice
from tertulia.people.actions.passkey import (
    add_passkey,
    begin_ceremony,
    come_back_by_passkey,
    remove_again,
    remove_passkey,
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
from tertulia.people.actions.wording import word_consent

__all__ = [
    "DELETED_ACCOUNT",
    "DISMISSED",
    "ENDED_CONSENT",
    "JOINED",
    "REMOVED_FACTOR",
    "REMOVED_PASSKEY",
    "UNAPPOINTED",
    "add_passkey",
    "add_staff_passkey",
    "appoint",
    "approve_export",
    "ask_for_export",
    "begin_ceremony",
    "begin_session",
    "claim_person",
    "clear_device_codes",
    "clear_ended",
    "clear_notices",
    "come_back",
    "come_back_by_passkey",
    "count_group",
    "count_participation",
    "decline_export",
    "delete_account",
    "delete_again",
    "delete_notice",
    "dismiss",
    "dismiss_again",
    "drop_factor",
    "end_again",
    "end_all_sessions",
    "end_counting",
    "end_factor_again",
    "enter_by_link",
    "enter_with_code",
    "enter_with_passkey",
    "expire_consents",
    "forget_answers",
    "forget_old_records",
    "forget_released_answers",
    "forget_used_codes",
    "give_consent",
    "hand_in_answers",
    "invite",
    "issue_claim_link",
    "issue_sign_in_link",
    "keep_app",
    "keep_new_way_back",
    "keep_passkey",
    "keep_record",
    "leave",
    "make_device_code",
    "make_new_way_back",
    "make_recovery_codes",
    "notify",
    "open_way_back",
    "prove_with_code",
    "prove_with_passkey",
    "purge",
    "read_notice",
    "redeem_sign_in_link",
    "release_counts",
    "remove_again",
    "remove_factor",
    "remove_passkey",
    "renew_codes",
    "reset_factors",
    "set_up_app",
    "show_way_back",
    "take_export",
    "unappoint",
    "unappoint_again",
    "use_device_code",
    "welcome",
    "withdraw_consent",
    "word_consent",
]
