"""The two ceremonies of a passkey, as allauth holds them: begun here, and ended by what the device sent.

What was begun is carried by the browser, sealed, for five minutes and one answer: who never answers leaves no row. A
device sends what it likes: whatever cannot be read is refused like what does not fit.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from tertulia.kit.errors import Invalid
from tertulia.kit.handover import hand_over, taken_over
from tertulia.kit.passkeys import SECONDS
from tertulia.people.actions.entry import is_first_answer
from tertulia.people.models import Account
from tertulia.people.queries.passkey import CEREMONY_COOKIE, our_site

BROKEN = (
    *(ValidationError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError),
    *(struct.error, NotImplementedError, RecursionError),
)
LONGEST = 16_384
ENTERING = "people.staff.entering"


class Begun(NamedTuple):
    """What a browser is `asked`, and what it carries until it answers: the `state`, and the label that binds it."""

    asked: dict[str, Any]
    state: str
    label: str


def begin_adding(account: Account) -> Begun:
    """What the browser of `account` is asked for a new passkey: one that it finds by itself, and that knows its owner.

    Refuses nobody.
    """
    return _begun(auth.begin_registration(account, passwordless=True), _adding(account))


def begin_entering() -> Begun:
    """What a browser is asked to come in with a passkey, of whomever. Refuses nobody."""
    return _begun(auth.begin_authentication(), ENTERING)


def carry(response: HttpResponse, begun: Begun) -> None:
    """Let the browser carry what was begun to the pages that take an answer. Refuses nobody."""
    hand_over(response, CEREMONY_COOKIE, begun.state, path=_door(), label=begun.label)


def drop(response: HttpResponse) -> None:
    """Let the browser carry it no further: it was answered, rightly or not. Refuses nobody."""
    response.delete_cookie(CEREMONY_COOKIE, path=_door(), samesite="Lax")


def added(request: HttpRequest, account: Account, answer: str) -> dict[str, Any]:
    """The new passkey in the `answer` (JSON) of the device, as it is stored: nothing that tells of the device.

    Invalid at `credential` if it does not answer what was begun for this `account`, in this browser, within five
    minutes, or if that was answered before.
    """
    try:
        credential, state = _read(answer), _take_up(request, _adding(account))
        _hold_to_origin(RegistrationResponse.from_dict(credential))
        auth.complete_registration(credential)
        _hold_to_once(state)
    except BROKEN as fault:
        raise _not_taken() from fault
    finally:
        auth.clear_state()
    kept = {name: credential["response"][name] for name in ("clientDataJSON", "attestationObject")}
    return {"id": credential["id"], "rawId": credential["rawId"], "type": credential["type"], "response": kept}


def used(request: HttpRequest, answer: str) -> Authenticator:
    """Which passkey gave the `answer` (JSON) of a device.

    Invalid at `credential` if it does not fit what was begun in this browser within five minutes, or if that was
    answered before.
    """
    try:
        credential, state = _read(answer), _take_up(request, ENTERING)
        _hold_to_origin(AuthenticationResponse.from_dict(credential))
        account = auth.extract_user_from_response(credential)
        passkey = auth.complete_authentication(account, credential)
        _hold_to_once(state)
    except BROKEN as fault:
        raise _not_taken() from fault
    finally:
        auth.clear_state()
    return passkey


def _begun(given: Mapping[str, Any], label: str) -> Begun:
    state = json.dumps(auth.get_state())
    auth.clear_state()
    return Begun(given["publicKey"], state, label)


def _take_up(request: HttpRequest, label: str) -> str:
    """Give the library what was begun, where it looks for it: in the session, until this request ends."""
    state = taken_over(request, CEREMONY_COOKIE, label=label, seconds=SECONDS)
    if state is None:
        raise ValueError("nothing was begun, or too long ago")
    auth.set_state(json.loads(state))
    return state


def _hold_to_once(state: str) -> None:
    if not is_first_answer(state):
        raise ValueError("this was answered before")


def _adding(account: Account) -> str:
    return f"people.staff.adding {account.public_id}"


def _door() -> str:
    return reverse("people:sign_in")


def _read(answer: str) -> dict[str, Any]:
    credential = json.loads(answer[:LONGEST])
    if not isinstance(credential, dict):
        raise TypeError("a passkey answers with an object")
    return credential


def _hold_to_origin(told: RegistrationResponse | AuthenticationResponse) -> None:
    """The library lets a neighbour beneath the same name pass, such as a page of another subdomain."""
    client = told.response.client_data
    if client.origin != our_site().origin or client.cross_origin:
        raise ValueError("the passkey was used on another site")


def _not_taken() -> Invalid:
    return Invalid(_("The passkey was not taken. Please try again."), where="credential")
