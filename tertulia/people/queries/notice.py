"""What lies in the inbox of who is signed in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tertulia.kit.registry import notice_kinds
from tertulia.people.models import Account, Consent, Notice


@dataclass(frozen=True)
class Told:
    """A notice in the words of the page's language, and where it leads."""

    notice: Notice
    sentence: str
    address: str


def notices_of(account: Account) -> list[Told]:
    """The notices of the account and of the persons that belong to it: unread ones first, then by month."""
    found = list(_for(account))
    references: dict[str, list[str]] = defaultdict(list)
    for notice in found:
        references[notice.kind].append(notice.reference)
    said = {kind: _said(kind, about) for kind, about in references.items()}
    return [Told(notice, *said[notice.kind][notice.reference]) for notice in found]


def unread_notices(account: Account) -> list[str]:
    """The kind of each notice of the account that nobody has read."""
    return list(_for(account).filter(is_read=False).values_list("kind", flat=True))


def notice_of(account: Account, public_id: str) -> Notice | None:
    """The notice of that public name, if it is for the account; else None."""
    return _for(account).filter(public_id=public_id).first()


def consents_taken_back(references: list[str]) -> dict[str, str]:
    """What notices about consents that staff took back say; `references` are the keys of the consents."""
    words = _("Those who run the event took this back for you: %(purpose)s.")
    return {key: words % {"purpose": purpose} for key, purpose in _purposes(references).items()}


def consents_over(references: list[str]) -> dict[str, str]:
    """What notices about consents whose time is over say; `references` are the keys of the consents."""
    words = _("The time for which you agreed is over: %(purpose)s.")
    return {key: words % {"purpose": purpose} for key, purpose in _purposes(references).items()}


def credits_claimed(references: list[str]) -> dict[str, str]:
    """What notices about claimed credits say; `references` name nothing."""
    return dict.fromkeys(references, _("A credit belongs to your place now. You can take it back at any time."))


def devices_joined(references: list[str]) -> dict[str, str]:
    """What notices about a code for a second device that was used say; `references` name nothing."""
    said = _(
        "Somebody came in on another device by a code that was shown here. Was it not you? Make a new way back in: "
        "when you keep it, everybody else leaves."
    )
    return dict.fromkeys(references, said)


def _for(account: Account) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(account=account) | Q(person__account=account))


def _purposes(references: list[str]) -> dict[str, str]:
    rows = Consent.objects.filter(pk__in=map(int, references))
    found = {str(row.pk): row.get_purpose_display() for row in rows}
    return {key: found.get(key, _("something that is no longer kept")) for key in references}


def _said(name: str, references: list[str]) -> dict[str, tuple[str, str]]:
    """The sentence and the address by reference; a kind that nobody offers any more says little."""
    if name not in notice_kinds.names():
        return dict.fromkeys(references, (_("Something changed here."), reverse("people:me")))
    kind = notice_kinds.named(name)
    return {key: (sentence, reverse(kind.url_name)) for key, sentence in kind.sentences(references).items()}
