"""Everything that is held about an account: what `people` keeps, and what upper apps offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel.dates import format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tertulia.kit.held import Held, Section
from tertulia.kit.registry import what_we_know
from tertulia.people.models import Account
from tertulia.people.queries.audit import records_of
from tertulia.people.queries.device import second_device_of
from tertulia.people.queries.factor import factors_of, recovery_codes
from tertulia.people.queries.passkey import numbers_of
from tertulia.people.rules import can_be_deleted


def everything_held(account: Account) -> list[Section]:
    """What every part of the site holds about the account, in the language of the page."""
    told = (one.told(account) for one in sorted(what_we_know, key=lambda one: one.order))
    return [section for section in told if section is not None]


def as_export(account: Account) -> dict[str, Any]:
    """The same as plain values for a file; its keys are documented for participants."""
    return {
        "made": timezone.now().date().isoformat(),
        "sections": [
            {"name": section.name, "title": section.title, "held": [_plain(row) for row in section.rows]}
            for section in everything_held(account)
        ],
    }


def identity_fields(account: Account) -> list[str]:
    """The names of what tells the account from others, each once: four for who takes part."""
    rows = (row for section in everything_held(account) for row in section.rows)
    return list(dict.fromkeys(row.name for row in rows if row.tells_who))


def account_held(account: Account) -> Section:
    """The account itself, its ways back in, its sessions; of staff their roles."""
    rows = [_public_name(account), *_ways_back(account), *_device(account), *_sessions(account), *_staff(account)]
    return Section("account", _("Your place"), tuple(rows))


def passkeys_held(account: Account) -> Section | None:
    """The passkeys that let somebody into the account; None without any."""
    rows = [
        Held(
            "passkey",
            _("Passkey %(number)s") % {"number": number},
            _("a number made from it, and a sealed key that opens nothing by itself"),
            _("You come back with it."),
            _("When you remove it, make a new way back in, or delete yourself."),
            reverse("people:passkeys"),
            _("Remove it"),
            tells_who=True,
        )
        for number in numbers_of(account)
    ]
    return Section("passkeys", _("Passkeys"), tuple(rows)) if rows else None


def month(day: date) -> str:
    """The month of `day`, in the language of the page."""
    return date_format(day, "YEAR_MONTH_FORMAT")


def written(day: date) -> str:
    """`19 November 2021` in the language of the page; in English the day stands before the month."""
    spoken = get_language() or "en"
    return str(format_date(day, "long", locale="en_GB" if spoken == "en" else spoken.replace("-", "_")))


def _public_name(account: Account) -> Held:
    return Held(
        "account",
        _("A random name of your account, which nobody chose"),
        account.public_id,
        _("It tells your account from others."),
        _when_deleted(account),
        *_deleting(account),
        tells_who=True,
    )


def _ways_back(account: Account) -> Iterable[Held]:
    renewing = (reverse("people:way_back"), _("Make a new one"))
    if account.way_back is not None:
        yield Held(
            "way_back",
            _("Your way back in"),
            _("a number made from it, which cannot be turned back into words"),
            _("You come back with it."),
            _("When you delete your place, or make a new one."),
            *renewing,
            tells_who=True,
        )
    new = getattr(account, "new_way_back", None)
    if new is not None:
        yield Held(
            "new_way_back",
            _("A new way back in that you have not kept yet"),
            _("a number made from it, which cannot be turned back into words"),
            _("It takes the place of the old one when you keep it."),
            written(new.expires_on),
            *renewing,
        )


def _device(account: Account) -> list[Held]:
    if second_device_of(account) is None:
        return []
    row = Held(
        "second_device",
        _("A code for a second device"),
        _("a number worked out from it, from which nobody gets it back"),
        _("It lets you in on another device, once."),
        _("Some minutes after it was made."),
    )
    return [row]


def _sessions(account: Account) -> Iterable[Held]:
    days = sorted(account.sessions.values_list("expires_on", flat=True))
    if days:
        said = ngettext(
            "on %(number)d browser, with the day on which it ends",
            "on %(number)d browsers, with the day on which each ends",
            len(days),
        )
        value = said % {"number": len(days)}
        why = _("It keeps you in from one page to the next.")
        leaving = (reverse("people:me"), _("Leave"))
        yield Held("sessions", _("That you are in"), value, why, written(days[-1]), *leaving)


def _staff(account: Account) -> Iterable[Held]:
    if account.pseudonym:
        why = _("Colleagues know you by it, and what you published names you.")
        what, stays = _("Your name for colleagues"), _staying()
        yield Held("pseudonym", what, account.pseudonym, why, _("It stays."), *stays, tells_who=True)
    ends, taken = _("When you are no longer one of the staff."), ("", _("An administrator takes it away."))
    for role in account.appointments.order_by("role", "scope"):
        value = f"{role.get_role_display()} ({role.scope})" if role.scope else role.get_role_display()
        yield Held("appointments", _("A role among the staff"), value, _("It says what you may do."), ends, *taken)
    yield from _factors(account)
    links = account.sign_in_links.count()
    if links:
        why = _("By it you set up once how you come in.")
        yield Held("sign_in_links", _("Sign-in links"), str(links), why, _("When it is used, or some minutes later."))
    yield from _done(account)


def _done(account: Account) -> Iterable[Held]:
    entries, asked = records_of(account), account.exports_asked.count() + account.exports_approved.count()
    if entries:
        why = _("It names you, your roles and the day of what you did as one of the staff.")
        yield Held("audit", _("Entries in the audit log"), str(entries), why, _("Two years after each."))
    if asked:
        why = _("Two colleagues decide about an export.")
        ends = _("When it is downloaded, or after a day.")
        yield Held("exports", _("Exports that you asked for or approved"), str(asked), why, ends)


def _factors(account: Account) -> Iterable[Held]:
    changing = (reverse("people:factors"), _("How you come in"))
    ends = _("When you remove it, or are no longer one of the staff.")
    why = _("You come in by it.")
    for factor in factors_of(account):
        yield Held("factors", _("By what you come in"), factor.name or str(factor.kind.label), why, ends, *changing)
    codes = recovery_codes(account)
    if codes is not None:
        why = _("Each stands in once for the code of your app.")
        yield Held("recovery_codes", _("Recovery codes that are left"), str(len(codes)), why, ends, *changing)


def _when_deleted(account: Account) -> str:
    return _("When you delete your place.") if can_be_deleted(account) else _("It stays.")


def _deleting(account: Account) -> tuple[str, str]:
    return (reverse("people:delete"), _("Delete my place")) if can_be_deleted(account) else _staying()


def _staying() -> tuple[str, str]:
    return "", _("It cannot be taken back.")


def _plain(row: Held) -> dict[str, Any]:
    return {
        "name": row.name,
        "what": row.what,
        "value": row.value,
        "why": row.why,
        "ends": row.ends,
        "take_back": row.take_back,
        "tells_who": row.tells_who,
    }
