"""The two ceremonies of a passkey, as allauth holds them: begun here, and ended by what the device sent.

What was begun waits in the session of the request, for one answer, right or wrong. A device sends what it likes:
whatever cannot be read is refused like what does not fit.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from tertulia.kit.errors import Invalid
from tertulia.people.models import Account
from tertulia.people.queries.passkey import our_site

BROKEN = (
    *(ValidationError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError),
    *(struct.error, NotImplementedError, RecursionError),
)
LONGEST = 16_384


def begin_adding(account: Account) -> dict[str, Any]:
    """What the browser of `account` is asked for a new passkey: one that it finds by itself, and that knows its owner.

    Refuses nobody.
    """
    asked: dict[str, Any] = auth.begin_registration(account, passwordless=True)["publicKey"]
    return asked


def begin_entering() -> dict[str, Any]:
    """What a browser is asked to come in with a passkey, of whomever. Refuses nobody."""
    asked: dict[str, Any] = auth.begin_authentication()["publicKey"]
    return asked


def added(answer: str) -> dict[str, Any]:
    """The new passkey in the `answer` (JSON) of the device, as it is stored: nothing that tells of the device.

    Invalid at `credential` if it does not answer what this session has begun.
    """
    try:
        credential = _read(answer)
        _hold_to_origin(RegistrationResponse.from_dict(credential))
        auth.complete_registration(credential)
    except BROKEN as fault:
        raise _not_taken() from fault
    finally:
        auth.clear_state()
    kept = {name: credential["response"][name] for name in ("clientDataJSON", "attestationObject")}
    return {"id": credential["id"], "rawId": credential["rawId"], "type": credential["type"], "response": kept}


def used(answer: str) -> Authenticator:
    """Which passkey gave the `answer` (JSON) of a device. Invalid at `credential` if it does not fit what was begun."""
    try:
        credential = _read(answer)
        _hold_to_origin(AuthenticationResponse.from_dict(credential))
        account = auth.extract_user_from_response(credential)
        return auth.complete_authentication(account, credential)
    except BROKEN as fault:
        raise _not_taken() from fault
    finally:
        auth.clear_state()


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
