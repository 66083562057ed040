"""Who may open the pages about oneself and the staff's door."""

from __future__ import annotations

from typing import Any

from tertulia.people.actions import (
    appoint,
    ask_for_export,
    issue_claim_link,
    issue_sign_in_link,
    make_device_code,
    notify,
)
from tertulia.people.models import Account, StaffRole
from tertulia.people.rules import can_have_passkeys
from tests.architecture.access import Answers, Route, administrators, everybody, staff
from tests.factories import make_account, make_credited, make_event, make_person
from tests.factories.passkeys import make_passkey

SIGNED_IN = Answers(visitor=302, participant=200, organiser=200, administrator=200)


def a_link(_owner: Account) -> dict[str, Any]:
    """A sign-in link: whoever holds it comes in with it."""
    return {"token": issue_sign_in_link(make_account("organiser"), minutes=5)}


def a_square(_owner: Account) -> dict[str, Any]:
    """What a first device shows: whoever holds it comes in with it."""
    return {"token": make_device_code(make_account()).token}


def a_notice_of(owner: Account) -> dict[str, Any]:
    return {"public_id": notify(make_person(account=owner), "people.claimed").public_id}


def a_consent_of(owner: Account) -> dict[str, Any]:
    return {"person": make_person(account=owner).public_id, "purpose": "quoted"}


def a_claim_link(_owner: Account) -> dict[str, Any]:
    """Whoever holds it joins the credit to their own place."""
    return {"token": issue_claim_link(make_credited(), make_account("organiser"))}


def owners(status: int) -> Answers:
    return Answers(visitor=302, participant=status, organiser=status, administrator=status)


def caring(status: int, *, elsewhere: int) -> Answers:
    """Organisers of all events, and care; whoever may not enter the staff's screens is led to sign in."""
    least = {"organiser here": 403, "care": status, "care elsewhere": elsewhere}
    return Answers(visitor=302, participant=302, organiser=status, administrator=status, staff=403, roles=least)


def administering(status: int) -> Answers:
    return administrators(status, others=403, participant=302)


def exporting(status: int, *, elsewhere: int) -> Answers:
    """Who organises events or cares there; whoever may not enter the staff's screens is led to sign in."""
    named = {"care": status, "care elsewhere": elsewhere, "organiser elsewhere": elsewhere}
    return Answers(visitor=302, participant=302, organiser=status, administrator=status, staff=403, roles=named)


def a_credited_of_an_event(_owner: Account) -> dict[str, Any]:
    return {"public_id": make_credited().public_id}


def somebody_s_consent_at_an_event(owner: Account) -> dict[str, Any]:
    return {**a_credited_of_an_event(owner), "purpose": "named"}


def a_colleague(_owner: Account) -> dict[str, Any]:
    colleague = make_account("editor")
    appoint(colleague, StaffRole.ANALYST)
    return {"public_id": colleague.public_id}


def credits_of_an_event(_owner: Account) -> dict[str, Any]:
    return {"kind": "credits", "scope": make_event().slug}


def the_audit_log(_owner: Account) -> dict[str, Any]:
    return {"kind": "audit", "scope": "all"}


def an_export(_owner: Account) -> dict[str, Any]:
    """Another colleague has asked for the credits of an event."""
    return {"public_id": ask_for_export("credits", make_event().slug, make_account("organiser")).public_id}


def an_export_to_take(owner: Account) -> dict[str, Any]:
    return {**an_export(owner), "form": "csv"}


def a_passkey_of(owner: Account) -> dict[str, Any]:
    """Staff have none."""
    return {"number": make_passkey(owner).number if can_have_passkeys(owner) else 47}


COLLEAGUES = Answers(visitor=302, participant=302, organiser=200, administrator=200)
OTHERS = Answers(visitor=302, participant=404, organiser=404, administrator=404)
ABSENT = {"get": everybody(404), "post": everybody(404), "address": lambda _owner: {"rest": ""}}

ROUTES = [
    Route("people:come_back", get=everybody(200), post=everybody(422)),
    Route("people:come_by_code", get=everybody(200), post=everybody(422)),
    Route("people:come_by_square", address=a_square, get=everybody(200), post=everybody(302), sends={"device": "own"}),
    Route(
        "people:second_device",
        # Staff sign in more strongly.
        get=Answers(visitor=302, participant=200, organiser=403, administrator=403),
        post=Answers(visitor=302, participant=200, organiser=403, administrator=403),
    ),
    Route("people:me", get=SIGNED_IN),
    Route(
        "people:way_back",
        get=SIGNED_IN,
        # A new way back leads to the page that shows it; staff have none.
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
    ),
    # No words of theirs are sent.
    Route("people:way_back_file", post=Answers(visitor=302, participant=404, organiser=404, administrator=404)),
    # None was made that could be kept; staff have none.
    Route("people:keep_way_back", post=Answers(visitor=302, participant=410, organiser=403, administrator=403)),
    Route(
        "people:delete",
        # Staff are dismissed by an administrator.
        get=Answers(visitor=302, participant=200, organiser=403, administrator=403),
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
    ),
    # None was made; staff have passkeys of another kind.
    Route(
        "people:passkeys",
        get=Answers(visitor=302, participant=200, organiser=403, administrator=403),
        post=Answers(visitor=302, participant=422, organiser=403, administrator=403),
    ),
    # There are none where the site has no name of its own.
    Route("people:begin_adding", post=Answers(visitor=302, participant=404, organiser=403, administrator=403)),
    Route(
        "people:remove_passkey",
        address=a_passkey_of,
        post=Answers(visitor=302, participant=302, organiser=404, administrator=404),
        post_other=OTHERS,
    ),
    Route("people:begin_coming_back", post=everybody(404)),
    Route("people:come_back_by_passkey", post=everybody(422)),
    Route("people:what_we_know", get=SIGNED_IN),
    Route("people:what_we_know_file", get=SIGNED_IN),
    Route("people:notices", get=SIGNED_IN),
    Route("people:read_notice", address=a_notice_of, post=owners(302), post_other=OTHERS),
    Route("people:delete_notice", address=a_notice_of, post=owners(302), post_other=OTHERS),
    Route(
        "people:give",
        address=a_consent_of,
        # Staff agree to nothing here: their pseudonym would be joined to a name.
        get=Answers(visitor=302, participant=200, organiser=403, administrator=403),
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
        get_other=Answers(visitor=302, participant=404, organiser=403, administrator=403),
        post_other=Answers(visitor=302, participant=404, organiser=403, administrator=403),
        sends={"version": "1", "lasts": "a_year"},
    ),
    Route(
        "people:take_back",
        address=a_consent_of,
        get=owners(200),
        post=owners(302),
        get_other=OTHERS,
        post_other=OTHERS,
    ),
    # It leads on without the link.
    Route("people:claim", address=a_claim_link, get=everybody(302)),
    # This browser has kept none.
    Route(
        "people:claim_kept",
        get=Answers(visitor=410, participant=410, organiser=403, administrator=403),
        post=Answers(visitor=410, participant=410, organiser=403, administrator=403),
    ),
    Route("people_persons", get=caring(200, elsewhere=200)),
    Route("people_person", address=a_credited_of_an_event, get=caring(200, elsewhere=404)),
    Route("people_claim_link", address=a_credited_of_an_event, post=caring(200, elsewhere=404)),
    Route(
        "people_withdraw",
        address=somebody_s_consent_at_an_event,
        post=caring(302, elsewhere=404),
        sends={"sure": "yes"},
    ),
    Route("people_colleagues", get=administering(200)),
    Route("people_invite", get=administering(200), post=administering(422)),
    Route("people_colleague", address=a_colleague, get=administering(200)),
    Route("people_appoint", address=a_colleague, post=administering(302), sends={"role": "reviewer"}),
    Route("people_unappoint", address=a_colleague, post=administering(302), sends={"role": "analyst", "sure": "yes"}),
    Route("people_let_in", address=a_colleague, post=administering(200)),
    Route("people_dismiss", address=a_colleague, post=administering(302), sends={"sure": "yes"}),
    Route("people_audit", get=administering(200)),
    Route("people_exports", get=exporting(200, elsewhere=200)),
    Route("people_ask_export", address=credits_of_an_event, post=exporting(302, elsewhere=403)),
    Route("people_ask_export", address=the_audit_log, post=administering(302), about="of the audit log"),
    Route("people_approve_export", address=an_export, post=exporting(302, elsewhere=403)),
    Route("people_decline_export", address=an_export, post=exporting(302, elsewhere=403)),
    # Who did not ask does not take it, whatever their role.
    Route("people_take_export", address=an_export_to_take, post=staff(403, participant=302)),
    Route("people:deleted", get=everybody(200)),
    Route("people:leave", post=everybody(302)),
    Route("people:left", get=everybody(200)),
    Route(
        "people:sign_in",
        get=Answers(visitor=200, participant=200, organiser=302, administrator=302),
        post=Answers(visitor=422, participant=422, organiser=302, administrator=302),
    ),
    Route("people:lost_factor", get=everybody(200)),
    Route("people:begin_passkey", post=everybody(200)),
    Route("people:enter_with_passkey", post=everybody(422)),
    Route("people:factors", get=COLLEAGUES),
    # Whoever changes how they come in shows first that it is them.
    Route("people:factor_app", get=everybody(302), post=everybody(302)),
    Route("people:recovery_codes", get=COLLEAGUES, post=everybody(302)),
    Route("people:factor_passkey", get=everybody(302), post=everybody(302)),
    Route("people:begin_adding_passkey", post=everybody(302)),
    Route("people:remove_factor", address=lambda _owner: {"key": 1}, get=everybody(302), post=everybody(302)),
    Route("people:prove", get=COLLEAGUES, post=Answers(visitor=302, participant=302, organiser=422, administrator=422)),
    Route("people:prove_with_passkey", post=Answers(visitor=302, participant=302, organiser=422, administrator=422)),
    Route(
        "people:sign_in_by_link",
        address=a_link,
        get=everybody(200),
        post=everybody(302),
    ),
    Route("people:no_password", get=everybody(302), post=everybody(302)),
    Route("staff_login", get=everybody(302), post=everybody(302)),
    Route("staff_logout", post=everybody(302)),
    Route("staff_account", get=everybody(302)),
    Route("staff_users", **ABSENT),
    Route("staff_groups", **ABSENT),
    Route("staff_password", **ABSENT),
    Route("staff_bulk_people", **ABSENT),
    Route("staff_bulk_auth", **ABSENT),
]
