"""Who may open the pages about oneself and the staff's door."""

from __future__ import annotations

from typing import Any

from tertulia.people.actions import issue_sign_in_link
from tertulia.people.models import Account
from tests.architecture.access import Answers, Route, everybody
from tests.factories import make_account

SIGNED_IN = Answers(visitor=302, participant=200, organiser=200, administrator=200)


def a_link(_owner: Account) -> dict[str, Any]:
    """A sign-in link: whoever holds it comes in with it."""
    return {"token": issue_sign_in_link(make_account("organiser"), minutes=5)}


ABSENT = {"get": everybody(404), "post": everybody(404), "address": lambda _owner: {"rest": ""}}

ROUTES = [
    Route("people:come_back", get=everybody(200), post=everybody(422)),
    Route("people:me", get=SIGNED_IN),
    Route(
        "people:way_back",
        get=SIGNED_IN,
        # A new way back leads to the page that shows it; staff have none.
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
    ),
    # None was made that could be kept; staff have none.
    Route("people:keep_way_back", post=Answers(visitor=302, participant=410, organiser=403, administrator=403)),
    Route(
        "people:delete",
        # Staff are dismissed by an administrator.
        get=Answers(visitor=302, participant=200, organiser=403, administrator=403),
        post=Answers(visitor=302, participant=302, organiser=403, administrator=403),
    ),
    Route("people:deleted", get=everybody(200)),
    Route("people:leave", post=everybody(302)),
    Route("people:left", get=everybody(200)),
    Route("people:sign_in", get=Answers(visitor=200, participant=200, organiser=302, administrator=302)),
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
