"""Who can come in to a demo: an organiser by a link, a participant by six words."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tertulia.kit.phrases import Kind
from tertulia.people.actions import appoint, invite, issue_sign_in_link, keep_new_way_back, make_new_way_back
from tertulia.people.models import Account, StaffRole
from tertulia.people.queries import account_named, mark_to_keep
from tertulia.programme.actions.participation import come_in_anew
from tertulia.programme.models import Event
from tertulia.project.sample.folder import remember, remembered

PARTICIPANT = "Sandpiper"
A_DAY = 24 * 60


def organiser_link() -> str:
    """A link that signs the demo's organiser in once, from this machine alone, within a day."""
    organiser = _known("organiser") or _organiser()
    token = issue_sign_in_link(organiser, A_DAY, loopback_only=True)
    return str(settings.ADDRESS + reverse("people:sign_in_by_link", args=[token]))


def participant_words(event: Event) -> str:
    """The six words of the demo's participant; new ones at each call, since only a hash of the last was kept."""
    known = _known("participant")
    if known is not None:
        words = make_new_way_back(known)
        keep_new_way_back(known, mark_to_keep(known))
        return words
    participation, words = come_in_anew(event, PARTICIPANT, Kind.WORDS)
    remember(settings.DATA, participant=participation.account.public_id)
    return words


def _known(who: str) -> Account | None:
    return account_named(remembered(settings.DATA).get(who, ""))


def _organiser() -> Account:
    with transaction.atomic():
        organiser = invite("Demo organiser", StaffRole.ORGANISER)
        appoint(organiser, StaffRole.ADMINISTRATOR)
    remember(settings.DATA, organiser=organiser.public_id)
    return organiser
