"""Who can come in to a demo: an organiser by a link, a participant by six words."""

from __future__ import annotations

from itertools import count

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tertulia.kit.phrases import Kind
from tertulia.people.actions import appoint, invite, issue_sign_in_link, keep_new_way_back, make_new_way_back
from tertulia.people.models import Account, StaffRole
from tertulia.people.queries import account_named, is_pseudonym_taken, mark_to_keep
from tertulia.people.rules import is_staff
from tertulia.programme.actions.participation import come_in_anew
from tertulia.programme.models import Event
from tertulia.project.sample.folder import remember, remembered

ORGANISER, PARTICIPANT = "Demo organiser", "Sandpiper"
A_DAY = 24 * 60


def organiser_link() -> str:
    """A link that signs the demo's organiser in once, from this machine alone, within a day.

    Who was dismissed in the demo stays so: another one takes the place.
    """
    known = _known("organiser")
    organiser = known if known is not None and is_staff(known) else _organiser()
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


def _free_name() -> str:
    """What no colleague of the demo is or was called."""
    names = (f"{ORGANISER} {number}" if number > 1 else ORGANISER for number in count(1))
    return next(name for name in names if not is_pseudonym_taken(name))


def _organiser() -> Account:
    with transaction.atomic():
        organiser = invite(_free_name(), StaffRole.ORGANISER)
        appoint(organiser, StaffRole.ADMINISTRATOR)
    remember(settings.DATA, organiser=organiser.public_id)
    return organiser
