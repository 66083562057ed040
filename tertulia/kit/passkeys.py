"""Passkeys: what a browser is asked to make or to prove, and whether what it answers holds. Nothing is kept here."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

SECONDS = 300
# ES256, EdDSA, RS256: what devices of today and of ten years ago make.
ALGORITHMS = (-7, -8, -257)
LONGEST_ANSWER = 16_384
LONGEST_CREDENTIAL = 1023
_USUAL_PORTS = {"http": 80, "https": 443}

Read = TypeVar("Read")


class Unproven(Exception):  # noqa: N818 - it describes the answer
    """The answer does not hold: cut off, changed, for another site, for another challenge, or without an unlocking."""


@dataclass(frozen=True)
class Made:
    """A passkey that a device has made: its `credential` (an id), and its public `key` (CBOR, as COSE has it)."""

    credential: bytes
    key: bytes


@dataclass(frozen=True)
class Claim:
    """Which passkey an answer says it comes from, before anything of that is proved."""

    credential: bytes
    handle: bytes


class Site:
    """The site for which passkeys are made: its public `address`, and the `name` that devices show beside them."""

    def __init__(self, address: str, name: str) -> None:
        parts = urlsplit(address)
        self.host = parts.hostname or ""
        port = f":{parts.port}" if parts.port not in (None, _USUAL_PORTS.get(parts.scheme)) else ""
        self.origin = f"{parts.scheme}://{self.host}{port}"
        self.name = name
        is_local = self.host == "localhost" or self.host.endswith(".localhost")
        self.has_passkeys = bool(self.host) and not _is_number(self.host) and (parts.scheme == "https" or is_local)

    def to_make(self, challenge: bytes, handle: bytes, called: str) -> dict[str, Any]:
        """What a browser is asked, so that it makes a passkey that the device lists as `called`, with this `handle`.

        The device keeps it with the site, so that no name is typed; nothing is asked of its make.
        """
        user = PublicKeyCredentialUserEntity(id=handle, name=called, display_name=called)
        asked, _state = self._server().register_begin(
            user,
            challenge=challenge,
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return dict(asked.public_key)

    def to_prove(self, challenge: bytes) -> dict[str, Any]:
        """What a browser is asked, so that it proves that somebody has a passkey of this site, whichever it is."""
        asked, _state = self._server().authenticate_begin(
            challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return dict(asked.public_key)

    def made(self, challenge: bytes, answer: str) -> Made:
        """The passkey of which `answer` (JSON, as browsers write it) tells; Unproven if it does not hold."""
        return _read(lambda: self._made(challenge, RegistrationResponse.from_dict(_fields(answer))))

    def prove(self, challenge: bytes, answer: str, key: bytes) -> None:
        """Find that `answer` was signed, for this `challenge`, with the passkey whose public key is `key`; Unproven."""
        _read(lambda: self._prove(challenge, AuthenticationResponse.from_dict(_fields(answer)), key))

    def _made(self, challenge: bytes, told: RegistrationResponse) -> Made:
        data = self._server().register_complete(_state(challenge), told).credential_data
        if data is None or told.response.client_data.cross_origin or told.raw_id != data.credential_id:
            raise Unproven("no passkey of this site")
        if data.public_key.ALGORITHM not in ALGORITHMS or len(data.credential_id) > LONGEST_CREDENTIAL:
            raise Unproven("not what was asked for")
        return Made(data.credential_id, cbor.encode(dict(data.public_key)))

    def _prove(self, challenge: bytes, told: AuthenticationResponse, key: bytes) -> None:
        if told.response.client_data.cross_origin:
            raise Unproven("asked from within another site")
        kept = AttestedCredentialData.create(Aaguid.NONE, told.raw_id, CoseKey.parse(_key(key)))
        self._server().authenticate_complete(_state(challenge), [kept], told)

    def _server(self) -> Fido2Server:
        site = PublicKeyCredentialRpEntity(id=self.host, name=self.name)
        # The library would take every name below this one for the site itself.
        server = Fido2Server(site, AttestationConveyancePreference.NONE, verify_origin=self.origin.__eq__)
        server.timeout = SECONDS * 1000  # type: ignore[assignment]  # the library says None, and takes milliseconds
        server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=number) for number in ALGORITHMS
        ]
        return server


def claim(answer: str) -> Claim:
    """Which passkey `answer` (JSON, as browsers write it) says it comes from; Unproven if that cannot be read."""
    return _read(lambda: _claim(AuthenticationResponse.from_dict(_fields(answer))))


def _claim(told: AuthenticationResponse) -> Claim:
    return Claim(told.raw_id, told.response.user_handle or b"")


def _read(step: Callable[[], Read]) -> Read:
    try:
        return step()
    except Exception as fault:  # what a library raises over bytes that a stranger wrote is listed nowhere
        raise Unproven("this answer does not hold") from fault


def _fields(answer: str) -> Mapping[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise Unproven("too long")
    found: Mapping[str, Any] = json.loads(answer)
    return found


def _state(challenge: bytes) -> dict[str, str]:
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _key(key: bytes) -> Mapping[int, Any]:
    found: Any = cbor.decode(key)
    return dict(found)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
