"""What the app offers to the house when it starts."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import (
    Erasure,
    ExportKind,
    Going,
    NavigationEntry,
    NoticeKind,
    WhatWeKnow,
    erasures,
    exports,
    goings,
    navigation,
    notice_kinds,
    what_we_know,
)

ACCOUNTS = {
    "Account",
    "NewWayBack",
    "SecondDevice",
    "Session",
    "Appointment",
    "SignInLink",
    "Export",
    "Account_groups",
    "Account_user_permissions",
}
# Of allauth; the e-mail tables stay empty.
FACTORS = frozenset({"mfa.Authenticator", "account.EmailAddress", "account.EmailConfirmation"})
PERSONS = {"Person", "Consent"}


class PeopleConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.people"
    label = "people"

    def ready(self) -> None:
        """Offer the way to one's own page, what can be exported, what is held about one, and what notices say.

        Say how what was erased is erased again, and what goes when.
        """
        from tertulia.people import receivers

        receivers.listen()
        navigation.offer("people.me", NavigationEntry(_("My place"), "people:me", 90))
        _offer_erasures()
        _offer_exports()
        for going in (*_counted(), *_kept()):
            goings.offer(f"people.{going.name}", going)
        _offer_what_we_know()
        _offer_notices()


def _offer_erasures() -> None:
    from tertulia.people import actions, queries
    from tertulia.people.queries import colleagues, consent, factor, passkey

    erasures.offer(actions.DELETED_ACCOUNT, Erasure(queries.participants, actions.delete_again))
    erasures.offer(actions.DISMISSED, Erasure(colleagues.kept_colleagues, actions.dismiss_again))
    erasures.offer(actions.REMOVED_FACTOR, Erasure(factor.kept_factors, actions.end_factor_again))
    erasures.offer(actions.UNAPPOINTED, Erasure(queries.appointments, actions.unappoint_again))
    erasures.offer(actions.REMOVED_PASSKEY, Erasure(passkey.kept_passkeys, actions.remove_again))
    erasures.offer(actions.ENDED_CONSENT, Erasure(consent.can_end_again, actions.end_again))


def _offer_exports() -> None:
    from tertulia.people import rules
    from tertulia.people.queries import audit

    may = (rules.can_read_audit, rules.can_export_audit)
    exports.offer("audit", ExportKind(_("Audit log"), *may, audit.audit_choices, audit.audit_rows))


def _counted() -> Iterator[Going]:
    """When what is counted without names goes."""
    from tertulia.people.models import Answered
    from tertulia.people.queries import answered_at, is_released

    exact = _("The exact sums of what is counted without names")
    yield Going("sums", exact, 30, days=0, is_gone=lambda event: is_released(event.slug))
    yield Going(
        "answers",
        _("That somebody answered a question that is counted without names (usually sooner, with the sums)"),
        35,
        models=_ours({"Answered"}),
        days=Answered.retention.days,
        # Not before the figures are out: it would say that nobody answered.
        is_gone=lambda event: is_released(event.slug) and event.slug not in answered_at(),
    )


def _kept() -> Iterator[Going]:
    """What does not go with an event."""
    leaves = _(
        "When you leave, or were away for half an hour; on a device that you call your own, for 30 days. If you do not "
        "leave, the line itself goes up to two days later, on such a device up to eight: it tells a day or a week."
    )
    yield Going("sessions", _("That your browser is in"), 60, models=_ours({"Session"}), ends=leaves)
    deletes = _("When you delete it. By itself it says nothing of any event.")
    yield Going("way_back", _("Your way back in"), 70, models=_ours({"Account"}), ends=deletes)
    takes_back = _("When you take it back, or its day comes. That it ended stays, with the month.")
    yield Going("consents", _("What people agreed to"), 80, models=_ours({"Consent"}), ends=takes_back)
    stays = _("They stay: no number of ten people or fewer is in them.")
    yield Going("figures", _("The rounded numbers of who came"), 110, models=_ours({"ReleasedTable"}), ends=stays)


def _offer_what_we_know() -> None:
    from tertulia.people.queries import agreed, held

    what_we_know.offer("people.account", WhatWeKnow(_ours(ACCOUNTS) | FACTORS, held.account_held, 10))
    what_we_know.offer("people.passkey", WhatWeKnow(_ours({"Passkey"}), held.passkeys_held, 15))
    what_we_know.offer("people.person", WhatWeKnow(_ours(PERSONS), agreed.persons_held, 40))
    what_we_know.offer("people.notice", WhatWeKnow(_ours({"Notice"}), agreed.notices_held, 60))


def _offer_notices() -> None:
    from tertulia.people.actions.device import JOINED
    from tertulia.people.queries import notice

    page = "people:what_we_know"
    notice_kinds.offer("people.taken_back", NoticeKind(notice.consents_taken_back, page))
    notice_kinds.offer("people.consent_over", NoticeKind(notice.consents_over, page))
    notice_kinds.offer("people.claimed", NoticeKind(notice.credits_claimed, page))
    notice_kinds.offer(JOINED, NoticeKind(notice.devices_joined, "people:way_back"))


def _ours(names: set[str]) -> frozenset[str]:
    return frozenset(f"people.{name}" for name in names)
