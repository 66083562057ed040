"""What is read of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.handover import close, opened, taken_over
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import normalise
from tertulia.kit.randomness import token_hash
from tertulia.kit.sealing import Unreadable
from tertulia.people.models import Account, Answered, Appointment, NewWayBack, ReleasedTable, SignInLink
from tertulia.people.rules import is_staff

PHRASE_COOKIE = "w"
# In a session: the SHA-256 of the sign-in link that began it.
LINK_KEY = "link"
SECONDS_TO_SHOW_PHRASE = 600
NAME_LABEL = "people.account"
NAME_SECONDS = 10 * 60


_WAYS_IN = """
    SELECT account.*, NULL AS new_digest FROM people_account AS account
    WHERE account.way_back IN (digests) AND account.is_active
    UNION ALL
    SELECT account.*, new.digest AS new_digest FROM people_newwayback AS new
    JOIN people_account AS account ON account.id = new.account_id
    WHERE new.digest IN (digests) AND account.is_active AND new.expires_on > %s
"""


class WayIn(NamedTuple):
    """An account, and the mark of its new way back in if that was the one used; empty if it was the one in place."""

    account: Account
    mark: str


def way_in(phrase: str) -> WayIn | None:
    """Where `phrase` (words or digits, however written) leads in, if it opens an active account; else None.

    A right phrase and a wrong one cost the same: one HMAC for each version of the pepper, one query.
    """
    digests = list(Pepper(settings.PEPPER_FILE).digests(normalise(phrase)).values())
    # Written out, since Django takes longer to put it together than the database to answer it, at each sign-in.
    sql = _WAYS_IN.replace("(digests)", f"({', '.join(['%s'] * len(digests))})")
    ways = Account.objects.raw(sql, [*digests, *digests, timezone.now().date()])
    found = [(vars(account)["new_digest"], account) for account in ways]
    in_place = [WayIn(account, "") for new, account in found if new is None]
    renewed = [WayIn(account, mark_of(account, new)) for new, account in found if new is not None]
    return next(iter(in_place + renewed), None)


def account_behind(phrase: str) -> Account | None:
    """The active account that `phrase` (words or digits, however written) opens, or None."""
    found = way_in(phrase)
    return found.account if found else None


def mark_to_keep(account: Account) -> str:
    """What tells the account's new way back in, not kept yet, from others it had or will have; empty without one."""
    new = NewWayBack.objects.filter(account=account, expires_on__gt=timezone.now().date()).first()
    return mark_of(account, new.digest) if new else ""


def mark_of(account: Account, digest: bytes | memoryview | None) -> str:
    """A name for a way back in of the account that says nothing of it: 16 hex digits; `digest` as it is stored."""
    own = f"{account.pk} {bytes(digest or b'').hex()}"
    return salted_hmac("tertulia.people.way_back", own, algorithm="sha256").hexdigest()[:16]


def account_named(public_id: str) -> Account | None:
    """The account of that public name, or None."""
    return Account.objects.filter(public_id=public_id).first()


def participants() -> list[str]:
    """The public ids of all accounts that are not of staff."""
    return list(Account.objects.filter(pseudonym="").values_list("public_id", flat=True))


def appointments() -> list[str]:
    """The keys of all roles that are held, as the erasure list calls them."""
    return [str(key) for key in Appointment.objects.values_list("pk", flat=True)]


def sealed_name(account: Account) -> str:
    """The public name of the account in a box that says nothing to others, for a form that may be sent twice."""
    return close(account.public_id.encode(), NAME_LABEL)


def is_deleted(box: str) -> bool:
    """Whether `box` is the sealed name, made some minutes ago, of an account that is no more."""
    try:
        public_id, age = opened(box, NAME_LABEL)
    except Unreadable:
        return False
    return age < NAME_SECONDS and account_named(public_id.decode()) is None


def sign_in_link(token: str, among: QuerySet[SignInLink] | None = None, *, from_loopback: bool) -> SignInLink:
    """The link with this `token` that still signs in, with its account; `among` those, or all.

    Gone if it was used, has ended, was never made, or its account is closed or holds no role any more. NotAllowed if it
    works on the machine itself alone and the request is not `from_loopback`.
    """
    links = SignInLink.objects.all() if among is None else among
    found = links.select_related("account").filter(token_hash=token_hash(token)).first()
    if found is None or found.expires_at <= timezone.now() or not is_staff(found.account):
        raise Gone(_("This link was used already, or its time is over. Please ask for another one."))
    if found.loopback_only and not from_loopback:
        raise NotAllowed(_("This link works only on the machine on which it was made."))
    return found


def came_by_link(request: HttpRequest, token: str) -> bool:
    """Whether this browser's session began with the very sign-in link that has this `token`."""
    return is_staff(get_user(request)) and request.session.get(LINK_KEY) == token_hash(token).hex()


def phrase_to_show(request: HttpRequest, account: Account) -> str | None:
    """The new phrase that was handed over to this page for this account within ten minutes, or None."""
    phrase = taken_over(request, PHRASE_COOKIE, label=label_of_phrase(account), seconds=SECONDS_TO_SHOW_PHRASE)
    # A newer one may have been made between it and its label, and the button below would keep that one.
    is_newest = phrase is not None and way_in(phrase) == WayIn(account, mark_to_keep(account))
    return phrase if is_newest else None


def label_of_phrase(account: Account) -> str:
    """What binds a handed-over phrase to its account and its newest way back: a newer one makes it unreadable."""
    return f"people.way_back {account.public_id} {mark_to_keep(account) or mark_of(account, account.way_back)}"


def has_answered(account: Account, scope: str, question: str) -> bool:
    """Whether the account has answered the `question` of an event (`scope`, its address); nobody knows what."""
    return Answered.objects.filter(account=account, scope=scope, question=question).exists()


def answered_by(account: Account, question: str) -> set[str]:
    """The events, by their addresses, at which the account has answered the `question`."""
    return set(Answered.objects.filter(account=account, question=question).values_list("scope", flat=True))


def is_released(scope: str) -> bool:
    """Whether the figures of an event (`scope`, its address) are out."""
    return ReleasedTable.objects.filter(scope=scope).exists()


def answered_at() -> set[str]:
    """The events, by their addresses, at which it is noted that somebody answered."""
    return set(Answered.objects.order_by().values_list("scope", flat=True).distinct())


def released_tables(scopes: Iterable[str], question: str) -> dict[str, ReleasedTable]:
    """What was released of a `question` at each of the events (`scopes`, their addresses), with all cells.

    An event that is not in it has released nothing yet. Everybody reads these figures: pages, staff, reports.
    """
    found = ReleasedTable.objects.filter(scope__in=list(scopes), question=question).prefetch_related("cells")
    return {table.scope: table for table in found}
