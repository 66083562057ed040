"""Opening and renewing the way back in of a participant."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import Kind, normalise, phrase
from tertulia.people.facts import WayBackOpened, WayBackRotated
from tertulia.people.models import Account
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


def rotate_way_back(account: Account, kind: Kind = Kind.WORDS) -> str:
    """Give the account a new phrase; the old one and every open session end at once.

    NotAllowed for an account of staff and for a closed one.
    """
    if not can_have_way_back(account):
        raise NotAllowed(_("This account has no way back in by words."))
    words = _give_phrase(account, kind)
    with transaction.atomic():
        account.save(update_fields=["way_back", "pepper_version"])
        account.sessions.all().delete()
        announce(WayBackRotated(account.pk))
    return words


def _give_phrase(account: Account, kind: Kind) -> str:
    words = phrase(kind)
    account.pepper_version, account.way_back = Pepper(settings.PEPPER_FILE).newest(normalise(words))
    return words
