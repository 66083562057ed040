"""What a browser answers is believed where it was signed for this site, this question, by somebody who unlocked."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from fido2.utils import websafe_decode
from hypothesis import given
from hypothesis import strategies as st

from tertulia.kit.passkeys import ALGORITHMS, LONGEST_ANSWER, Made, Site, Unproven, claim
from tests.factories.passkeys import FLAG, Device, EcKey, EdKey, LongEcKey, RsaKey

pytestmark = pytest.mark.parser

SITE = Site("https://tertulia.example", "Plain word")
HANDLE = b"h" * 32
# What a device, its browser, or who stands between them could do otherwise.
WRONG: dict[str, dict[str, Any]] = {
    "a page of another site": {"origin": "https://evil.example"},
    "a page of a name below ours": {"origin": "https://evil.tertulia.example"},
    "a page on another port": {"origin": "https://tertulia.example:8443"},
    "a line without a lock": {"origin": "http://tertulia.example"},
    "a passkey of another site": {"host": "evil.example"},
    "another question": {"challenge": b"c" * 32},
    "an answer to the other question": {"kind": "payment.get"},
    "nobody there": {"flags": FLAG.UV},
    "nobody unlocked": {"flags": FLAG.UP},
    "asked within another site": {"is_crossed": True},
}


@pytest.fixture
def device() -> Device:
    return Device(SITE.origin)


@pytest.fixture
def challenge() -> bytes:
    return secrets.token_bytes(32)


def made(device: Device, asked: bytes, /, **manner: Any) -> Made:
    return SITE.made(asked, device.make(SITE.to_make(asked, HANDLE, "Plain word 47"), **manner))


@pytest.mark.parametrize("key", [EcKey, EdKey, RsaKey])
def test_what_was_made_proves_itself(device: Device, challenge: bytes, key: type[Any]) -> None:
    kept = made(device, challenge, key=key)
    other = secrets.token_bytes(32)
    answer = device.prove(SITE.to_prove(other))
    SITE.prove(other, answer, kept.key)
    assert (claim(answer).credential, claim(answer).handle) == (kept.credential, HANDLE)


def test_what_is_asked_names_nobody_and_lets_nobody_in_without_unlocking(challenge: bytes) -> None:
    asked = SITE.to_make(challenge, HANDLE, "Plain word 47")
    assert asked["rp"] == {"id": "tertulia.example", "name": "Plain word"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == ("Plain word 47", "Plain word 47")
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert (asked["attestation"], asked["timeout"]) == ("none", 300_000)
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == list(ALGORITHMS)
    proof = SITE.to_prove(challenge)
    assert (proof["rpId"], proof["userVerification"], "allowCredentials" in proof) == (
        "tertulia.example",
        "required",
        False,
    )


@pytest.mark.parametrize("manner", WRONG.values(), ids=WRONG)
def test_nothing_is_made_by(device: Device, challenge: bytes, manner: dict[str, Any]) -> None:
    made(device, challenge)
    with pytest.raises(Unproven):
        made(device, challenge, **manner)


@pytest.mark.parametrize("manner", WRONG.values(), ids=WRONG)
def test_nothing_is_proved_by(device: Device, challenge: bytes, manner: dict[str, Any]) -> None:
    kept = made(device, challenge)
    SITE.prove(challenge, device.prove(SITE.to_prove(challenge)), kept.key)
    with pytest.raises(Unproven):
        SITE.prove(challenge, device.prove(SITE.to_prove(challenge), **manner), kept.key)


@pytest.mark.parametrize(
    "manner",
    [{"key": LongEcKey}, {"is_empty": True}, {"length": 1024}],
    ids=["a key that nobody asked for", "no passkey in it", "a name without end"],
)
def test_no_passkey_is_made_of(device: Device, challenge: bytes, manner: dict[str, Any]) -> None:
    with pytest.raises(Unproven):
        made(device, challenge, **manner)


def test_an_answer_that_calls_itself_otherwise_is_not_believed(device: Device, challenge: bytes) -> None:
    answer = json.loads(device.make(SITE.to_make(challenge, HANDLE, "Plain word 47")))
    SITE.made(challenge, json.dumps(answer))
    answer["id"] = answer["rawId"] = "AAAA"
    with pytest.raises(Unproven):
        SITE.made(challenge, json.dumps(answer))


def test_a_proof_under_another_key_or_a_damaged_one_proves_nothing(device: Device, challenge: bytes) -> None:
    first = made(device, challenge)
    second = made(device, challenge)
    for key, manner in ((first.key, {}), (second.key, {"is_damaged": True})):
        with pytest.raises(Unproven):
            SITE.prove(challenge, device.prove(SITE.to_prove(challenge), **manner), key)


NOT_ANSWERS = [
    "",
    "null",
    "[]",
    "{}",
    '"text"',
    "{",
    "[" * 9_000,
    '{"id": 1}',
    '{"response": {}}',
    '{"rawId": null, "response": null}',
    '{"rawId": "AAAA", "response": null}',
    '{"rawId": "AAAA", "response": {"clientDataJSON": null, "authenticatorData": null, "signature": null}}',
]


@pytest.mark.parametrize("answer", NOT_ANSWERS)
def test_what_is_no_answer_is_said_to_be_none(answer: str) -> None:
    with pytest.raises(Unproven):
        SITE.made(b"c" * 32, answer)
    with pytest.raises(Unproven):
        SITE.prove(b"c" * 32, answer, b"")
    with pytest.raises(Unproven):
        claim(answer)


def test_an_answer_without_end_is_not_read(device: Device, challenge: bytes) -> None:
    answer = device.make(SITE.to_make(challenge, HANDLE, "Plain word 47"))
    SITE.made(challenge, answer + " " * (LONGEST_ANSWER - len(answer)))
    with pytest.raises(Unproven):
        SITE.made(challenge, answer + " " * (LONGEST_ANSWER - len(answer) + 1))


_DEVICE = Device(SITE.origin)
_MADE = _DEVICE.make(SITE.to_make(b"c" * 32, HANDLE, "Plain word 47"))
_KEPT = SITE.made(b"c" * 32, _MADE)
_PROOF = _DEVICE.prove(SITE.to_prove(b"c" * 32))
_ENCODED = sorted(set(json.dumps([_MADE, _PROOF])))


@given(place=st.integers(0, len(_PROOF) - 1), letter=st.sampled_from(_ENCODED), cut=st.booleans())
def test_a_proof_with_another_letter_proves_nothing_new(place: int, letter: str, cut: bool) -> None:
    changed = _PROOF[:place] if cut else _PROOF[:place] + letter + _PROOF[place + 1 :]
    try:
        SITE.prove(b"c" * 32, changed, _KEPT.key)
    except Unproven:
        return
    # Base64 has letters of which not every bit counts; what is not signed may change.
    was, told = (json.loads(answer)["response"] for answer in (_PROOF, changed))
    for signed in ("authenticatorData", "clientDataJSON"):
        assert websafe_decode(told[signed]) == websafe_decode(was[signed])


@given(place=st.integers(0, len(_MADE) - 1), letter=st.sampled_from(_ENCODED), cut=st.booleans())
def test_nothing_but_a_refusal_comes_of_a_changed_answer(place: int, letter: str, cut: bool) -> None:
    changed = _MADE[:place] if cut else _MADE[:place] + letter + _MADE[place + 1 :]
    try:
        found = SITE.made(b"c" * 32, changed)
    except Unproven:
        return
    assert len(found.credential) == 32


@pytest.mark.parametrize(
    ("address", "has_passkeys", "origin"),
    [
        ("https://tertulia.example", True, "https://tertulia.example"),
        ("https://Tertulia.example:443/", True, "https://tertulia.example"),
        ("https://tertulia.example:8443", True, "https://tertulia.example:8443"),
        ("http://localhost:8000", True, "http://localhost:8000"),
        ("http://fest.localhost", True, "http://fest.localhost"),
        ("http://tertulia.example", False, "http://tertulia.example"),
        ("http://127.0.0.1:8000", False, "http://127.0.0.1:8000"),
        ("https://192.0.2.7", False, "https://192.0.2.7"),
        ("https://[2001:db8::1]", False, "https://2001:db8::1"),
        ("", False, "://"),
    ],
)
def test_where_there_can_be_passkeys(address: str, has_passkeys: bool, origin: str) -> None:
    site = Site(address, "Plain word")
    assert (site.has_passkeys, site.origin) == (has_passkeys, origin)
