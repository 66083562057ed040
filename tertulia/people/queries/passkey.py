"""What is read of passkeys, and what a browser carries between being asked and answering."""

from __future__ import annotations

import base64
import secrets
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from tertulia.kit.handover import taken_over
from tertulia.kit.passkeys import SECONDS, Claim, Site, Unproven, claim
from tertulia.kit.pepper import Pepper
from tertulia.kit.sealing import Unreadable, unseal
from tertulia.people.models import Account, Passkey

CEREMONY_COOKIE = "p"
MOST_PASSKEYS = 10
# The key of the key store under which public keys are sealed.
SEALING_KEY = "passkeys"
CHALLENGE_BYTES = HANDLE_BYTES = 32
_NUMBERS = range(10, 100)


class Ceremony(NamedTuple):
    """What a browser is asked: a `challenge`, and of a new passkey the `handle` and `number` it is to have."""

    challenge: bytes
    handle: bytes = b""
    number: int = 0

    def written(self) -> str:
        """As it is carried in a sealed cookie."""
        both = (base64.urlsafe_b64encode(part).decode() for part in (self.challenge, self.handle))
        return " ".join([*both, str(self.number)])


def our_site() -> Site:
    """The site for which passkeys are made: the host of TERTULIA_URL, shown as TERTULIA_APP_NAME."""
    return Site(settings.ADDRESS, settings.APP_NAME)


def are_offered(request: HttpRequest) -> bool:
    """Whether a browser that asks for this page can use passkeys here: at the public address, which has a name."""
    site = our_site()
    return site.has_passkeys and split_domain_port(request.get_host())[0] == site.host


def name_on_device(number: int) -> str:
    """What a device calls the passkey with that `number`: nothing of who has it, nor of what the site is."""
    return f"{our_site().name} {number}"


def numbers_of(account: Account) -> list[int]:
    """The numbers of the account's passkeys, in order."""
    return sorted(account.passkeys.values_list("number", flat=True))


def has_room_for_another(account: Account) -> bool:
    """Whether the account may have one passkey more."""
    return account.passkeys.count() < MOST_PASSKEYS


def kept_passkeys() -> list[str]:
    """The keys of all passkeys, as text."""
    return [str(key) for key in Passkey.objects.values_list("pk", flat=True)]


def new_ceremony(account: Account | None = None) -> Ceremony:
    """What to ask a browser: to make a passkey for the account, under a lot and a number of its own, or to prove one.

    The handle that a device keeps is drawn anew for each passkey: it joins neither two of them nor one to an account.
    """
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    if account is None:
        return Ceremony(challenge)
    free = sorted(set(_NUMBERS) - set(numbers_of(account)))
    return Ceremony(challenge, secrets.token_bytes(HANDLE_BYTES), secrets.choice(free))


def ceremony_of(request: HttpRequest, account: Account | None = None) -> Ceremony | None:
    """What this browser was asked within five minutes, for the account or for whoever comes; None if nothing was."""
    told = taken_over(request, CEREMONY_COOKIE, label=label_of_ceremony(account), seconds=SECONDS)
    if told is None:
        return None
    challenge, handle, number = told.split(" ")
    return Ceremony(base64.urlsafe_b64decode(challenge), base64.urlsafe_b64decode(handle), int(number))


def label_of_ceremony(account: Account | None = None) -> str:
    """What binds what was asked to the account that is to have a passkey; or to coming back."""
    return f"people.passkey {account.public_id if account else ''}"


def passkey_behind(ceremony: Ceremony, answer: str) -> Passkey | None:
    """The passkey, with its account, that has signed `answer` (JSON) to the `ceremony`; None if none here has."""
    try:
        found = _claimed(claim(answer))
        if found is None:
            return None
        key = unseal(settings.KEYS.get(SEALING_KEY), bytes(found.box), bytes(found.digest))
        our_site().prove(ceremony.challenge, answer, key)
    except (Unproven, Unreadable):
        return None
    return found


def words_of(handle: bytes, credential: bytes) -> str:
    """What the HMAC of a passkey is made of: the `handle` that the device keeps with it, and its id (`credential`)."""
    return f"passkey {handle.hex()} {credential.hex()}"


def _claimed(claimed: Claim) -> Passkey | None:
    digests = Pepper(settings.PEPPER_FILE).digests(words_of(claimed.handle, claimed.credential)).values()
    open_ones = Passkey.objects.select_related("account").filter(account__is_active=True)
    return open_ones.filter(digest__in=list(digests)).first()
