"""A device that makes passkeys and signs with them, as browsers hand its answers on; it can be made to misbehave."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2.cose import ES256, ES384, RS256, CoseKey, EdDSA
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tertulia.people.actions import add_passkey
from tertulia.people.models import Account, Passkey
from tertulia.people.queries.passkey import name_on_device, new_ceremony, our_site

FLAG = AuthenticatorData.FLAG
Asked = Mapping[str, Any]


class EdKey:
    """What signs with Ed25519."""

    def __init__(self) -> None:
        self._key = ed25519.Ed25519PrivateKey.generate()
        self.public: CoseKey = EdDSA.from_cryptography_key(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


class EcKey:
    """What signs with ECDSA on P-256."""

    curve: ec.EllipticCurve = ec.SECP256R1()
    algorithm: type[CoseKey] = ES256
    hashed: hashes.HashAlgorithm = hashes.SHA256()

    def __init__(self) -> None:
        self._key = ec.generate_private_key(self.curve)
        self.public: CoseKey = self.algorithm.from_cryptography_key(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, ec.ECDSA(self.hashed))


class LongEcKey(EcKey):
    """What signs with ECDSA on P-384, which nobody asked for."""

    curve = ec.SECP384R1()
    algorithm = ES384
    hashed = hashes.SHA384()


class RsaKey:
    """What signs with RSA."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self.public: CoseKey = RS256.from_cryptography_key(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Manner:
    """How a device and its browser answer; what is empty they take from what they are asked."""

    origin: str = ""
    host: str = ""
    challenge: bytes = b""
    kind: str = ""
    handle: bytes | None = None
    is_crossed: bool = False
    flags: AuthenticatorData.FLAG = FLAG.UP | FLAG.UV
    key: type[Any] = EcKey
    length: int = 32
    is_damaged: bool = False
    is_empty: bool = False


@dataclass
class Device:
    """A device, on a page of `origin`; `manner` is how it answers next, unless it is told otherwise."""

    origin: str
    manner: Manner = field(default_factory=Manner)
    kept: dict[bytes, tuple[Any, bytes]] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)

    def make(self, asked: Asked, **manner: Any) -> str:
        """Make a passkey as `asked`, and answer."""
        how = replace(self.manner, **manner)
        key, credential = how.key(), secrets.token_bytes(how.length)
        self.kept[credential] = (key, websafe_decode(asked["user"]["id"]))
        self.listed.append(asked["user"]["name"])
        attested = AttestedCredentialData.create(Aaguid.NONE, credential, key.public)
        flags, holds = (how.flags, b"") if how.is_empty else (how.flags | FLAG.AT, attested)
        data = AuthenticatorData.create(_hash(how.host or asked["rp"]["id"]), flags, 0, holds)
        attestation = AttestationObject.create("none", data, {})
        told = {"attestationObject": websafe_encode(attestation)}
        return _answer(credential, self._client_data(asked, "webauthn.create", how), told)

    def prove(self, asked: Asked, **manner: Any) -> str:
        """Sign what is `asked` with the passkey that was made last, and answer."""
        how = replace(self.manner, **manner)
        credential, (key, handle) = list(self.kept.items())[-1]
        client = self._client_data(asked, "webauthn.get", how)
        data = AuthenticatorData.create(_hash(how.host or asked["rpId"]), how.flags, 0)
        signature = key.sign(data + sha256(client).digest())
        told = {
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature[::-1] if how.is_damaged else signature),
            "userHandle": websafe_encode(handle if how.handle is None else how.handle),
        }
        return _answer(credential, client, told)

    def _client_data(self, asked: Asked, kind: str, how: Manner) -> bytes:
        challenge = how.challenge or websafe_decode(asked["challenge"])
        return CollectedClientData.create(how.kind or kind, challenge, how.origin or self.origin, how.is_crossed)


def make_passkey(account: Account, device: Device | None = None) -> Passkey:
    """A passkey of the account, on that device or one of its own."""
    device = device or Device(our_site().origin)
    asked = new_ceremony(account)
    told = our_site().to_make(asked.challenge, asked.handle, name_on_device(asked.number))
    return add_passkey(account, asked, device.make(told))


def _answer(credential: bytes, client: bytes, told: dict[str, str]) -> str:
    name = websafe_encode(credential)
    response = {**told, "clientDataJSON": websafe_encode(client)}
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _hash(host: str) -> bytes:
    return sha256(host.encode()).digest()
