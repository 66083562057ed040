"""Opening and renewing the way back in of a participant."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import Kind, normalise, phrase
from tertulia.people.actions.entry import end_passkeys, end_sessions
from tertulia.people.actions.locking import lock_living_account, lock_who_came
from tertulia.people.facts import NewWayBackMade, WayBackOpened, WayBackRenewed
from tertulia.people.models import Account, NewWayBack
from tertulia.people.queries import mark_of, mark_to_keep
from tertulia.people.rules import can_have_way_back


def open_way_back(kind: Kind) -> tuple[Account, str]:
    """Make an account for somebody new, and the phrase (words or digits) that leads back to it.

    The phrase is in nobody's hands but the caller's: what is stored cannot be turned back into it. Refuses nobody.
    """
    account = Account()
    words = _give_phrase(account, kind)
    with transaction.atomic():
        account.save()
        announce(WayBackOpened(account.pk))
    return account, words


def make_new_way_back(account: Account, kind: Kind = Kind.WORDS, session: SessionBase | None = None) -> str:
    """A new phrase for the account, of `kind`; the old one and every session stay until the new one is kept.

    A new one that was made before and not kept goes. NotAllowed for an account of staff and for a closed one; Gone if
    the account was deleted a moment ago, or who makes it in this `session` was signed out.
    """
    _refuse_without_phrase(account)
    words = phrase(kind)
    version, digest = Pepper(settings.PEPPER_FILE).newest(normalise(words))
    new = {"digest": digest, "pepper_version": version, "expires_on": _month_after_next(timezone.now().date())}
    with transaction.atomic():
        # Not while the one before is being put in its place.
        lock_who_came(account, session)
        NewWayBack.objects.update_or_create(account=account, defaults=new)
        announce(NewWayBackMade(account.pk))
    return words


def keep_new_way_back(
    account: Account, mark: str, session: SessionBase | None = None, *, do_passkeys_stay: bool = False
) -> None:
    """Put the new way back in with this `mark` in its place: the old one ends, and every session but this `session`.

    Passkeys end too, since whoever had seen the old one could have added theirs; `do_passkeys_stay`: they do not.
    One that is in its place already stays there and nothing changes. Gone if it was replaced by a newer one, or its
    time is over: then the old one still holds; and if the account was deleted a moment ago, or who keeps it was signed
    out. NotAllowed for an account of staff and for a closed one.
    """
    _refuse_without_phrase(account)
    with transaction.atomic():
        now = lock_living_account(account).way_back
        if mark == mark_of(account, now):
            account.way_back = now
            return
        lock_who_came(account, session)
        if not mark or mark != mark_to_keep(account):
            raise Gone(_("This new way back in was replaced by a newer one, or its time is over."))
        _put_in_place(account)
        if not do_passkeys_stay:
            end_passkeys(account.passkeys.all())
        end_sessions(account, session)
        announce(WayBackRenewed(account.pk))


def _put_in_place(account: Account) -> None:
    new = NewWayBack.objects.get(account=account)
    account.way_back, account.pepper_version = bytes(new.digest), new.pepper_version
    account.save(update_fields=["way_back", "pepper_version"])
    new.delete()


def _refuse_without_phrase(account: Account) -> None:
    if not can_have_way_back(account):
        raise NotAllowed(_("This account has no way back in by words."))


def _month_after_next(today: date) -> date:
    """The first day of the month after next, 29 to 62 days from `today`."""
    months = today.year * 12 + today.month + 1
    return date(months // 12, months % 12 + 1, 1)


def _give_phrase(account: Account, kind: Kind) -> str:
    words = phrase(kind)
    account.pepper_version, account.way_back = Pepper(settings.PEPPER_FILE).newest(normalise(words))
    return words
