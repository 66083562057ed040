"""Adding a passkey, coming back with one, removing it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.handover import hand_over
from tertulia.kit.passkeys import Made, Unproven
from tertulia.kit.pepper import Pepper
from tertulia.kit.sealing import seal
from tertulia.people.actions.entry import end_passkeys, end_sessions, is_first_answer
from tertulia.people.actions.locking import lock_living_account, lock_who_came
from tertulia.people.actions.session import begin_session
from tertulia.people.facts import PasskeyAdded, PasskeyRemoved
from tertulia.people.models import Account, Passkey
from tertulia.people.queries.passkey import (
    CEREMONY_COOKIE,
    SEALING_KEY,
    Ceremony,
    has_room_for_another,
    label_of_ceremony,
    our_site,
    passkey_behind,
    words_of,
)
from tertulia.people.rules import can_have_passkeys


def add_passkey(
    account: Account, ceremony: Ceremony | None, answer: str, session: SessionBase | None = None
) -> Passkey:
    """Keep the passkey that a device has made, by its `answer` (JSON) to the `ceremony` it was asked; None: to none.

    NotAllowed for an account of staff and for a closed one; Gone if the account was deleted a moment ago, or who adds
    it in this `session` was signed out. Invalid at `passkey`, and nothing is kept, for an answer that does not hold,
    one that was given before, and an eleventh.
    """
    if not can_have_passkeys(account):
        raise NotAllowed(_("This account has no passkeys of this kind."))
    made = _made(ceremony, answer)
    if ceremony is None or made is None:
        raise Invalid(_not_added(), where="passkey")
    with transaction.atomic():
        lock_who_came(account, session)
        if not has_room_for_another(account):
            raise Invalid(_("You have ten passkeys, and more there cannot be. Remove one first."), where="passkey")
        if not is_first_answer(ceremony.written()) or account.passkeys.filter(number=ceremony.number).exists():
            raise Invalid(_not_added(), where="passkey")
        passkey = _kept(account, ceremony, made)
        announce(PasskeyAdded(account.pk))
    return passkey


def come_back_by_passkey(request: HttpRequest, ceremony: Ceremony | None, answer: str, *, stays: bool = False) -> None:
    """Sign in, on this browser, whose passkey has signed `answer` (JSON) to the `ceremony` it was asked; None: to none.

    `stays`: on a device of their own, for 30 days. Invalid at `passkey`, always in the same words, if none has, if it
    was removed, or if it has answered that before.
    """
    passkey = passkey_behind(ceremony, answer) if ceremony else None
    if ceremony is None or passkey is None:
        raise Invalid(_not_open(), where="passkey")
    with transaction.atomic():
        try:
            account = lock_living_account(passkey.account)
        except Gone as refusal:
            raise Invalid(_not_open(), where="passkey") from refusal
        if not account.passkeys.filter(pk=passkey.pk).exists() or not is_first_answer(ceremony.written()):
            raise Invalid(_not_open(), where="passkey")
        begin_session(request, account, stays=stays)
        # Now, and not with the answer: who removes this passkey at this moment ends this session too.
        request.session.save()


def remove_passkey(account: Account, number: int, session: SessionBase | None = None) -> None:
    """Remove the account's passkey with that `number`, and end every session of the account but this `session`.

    Gone if there is none, or who removes it was signed out.
    """
    with transaction.atomic():
        lock_who_came(account, session)
        found = account.passkeys.filter(number=number)
        if not found:
            raise Gone(_("This passkey was removed already."))
        end_passkeys(found)
        end_sessions(account, session)
        announce(PasskeyRemoved(account.pk))


def remove_again(key: str) -> None:
    """Remove the passkey with this `key`, which a restore has brought back. Refuses nobody."""
    with transaction.atomic():
        end_passkeys(Passkey.objects.filter(pk=key))


def begin_ceremony(response: HttpResponse, ceremony: Ceremony, path: str, account: Account | None = None) -> None:
    """Let the browser carry what it is asked to the pages below `path`, for the account or for whoever comes."""
    hand_over(response, CEREMONY_COOKIE, ceremony.written(), path=path, label=label_of_ceremony(account))


def _made(ceremony: Ceremony | None, answer: str) -> Made | None:
    try:
        return our_site().made(ceremony.challenge, answer) if ceremony else None
    except Unproven:
        return None


def _kept(account: Account, ceremony: Ceremony, made: Made) -> Passkey:
    version, digest = Pepper(settings.PEPPER_FILE).newest(words_of(ceremony.handle, made.credential))
    box = seal(settings.KEYS.make(SEALING_KEY), made.key, digest)
    return Passkey.objects.create(
        account=account, number=ceremony.number, digest=digest, pepper_version=version, box=box
    )


def _not_added() -> str:
    return _("No passkey was added: the answer of your device did not fit, or it took more than five minutes.")


def _not_open() -> str:
    return _("This passkey opened nothing here, or it took more than five minutes. Try again, or use your words.")
