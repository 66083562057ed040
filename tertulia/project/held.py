"""What is held of words in rooms, and what the libraries of the staff screens hold about a colleague."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Count, ForeignKey, Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tertulia.kit.held import Held, Section
from tertulia.people.models import Account
from tertulia.programme.models import Event
from tertulia.programme.queries.participation import text_of

# Each has rows that say which colleague did something; nobody else can come into them.
EDITING = frozenset(
    {
        "wagtailadmin.EditingSession",
        "wagtailadmin.FormState",
        "wagtailcore.APIToken",
        "wagtailcore.Comment",
        "wagtailcore.CommentReply",
        "wagtailcore.ModelLogEntry",
        "wagtailcore.Page",
        "wagtailcore.PageLogEntry",
        "wagtailcore.PageSubscription",
        "wagtailcore.Revision",
        "wagtailcore.TaskState",
        "wagtailcore.UploadedFile",
        "wagtailcore.WorkflowState",
        "wagtaildocs.Document",
        "wagtailimages.Image",
        "wagtailusers.UserProfile",
    }
)


def editing_held(account: Account) -> Section | None:
    """How much the staff screens keep of what a colleague did; None for who is not one, or did nothing."""
    number = sum(_rows(apps.get_model(label), account) for label in EDITING) if account.pseudonym else 0
    if not number:
        return None
    what, ends = (
        _("What you edited, published or uploaded, with its time"),
        _("It stays; earlier texts go with their page."),
    )
    why = _("A text can be followed back to a mistake.")
    row = Held("editing", what, str(number), why, ends, act=_("It cannot be taken back."))
    return Section("editing", _("What you did in the staff screens"), (row,))


def words_held(account: Account) -> Section | None:
    """That one's words stand in rooms, event by event; the words are sealed there and not listed. None without any."""
    kept = Count("live_rooms", Q(live_rooms__is_erased=False), distinct=True)
    found = Event.objects.filter(participations__account=account).annotate(kept=kept).filter(kept__gt=0)
    rows = [_words(event) for event in found.prefetch_related("texts").order_by("-starts_on", "pk")]
    return Section("words", _("Your words in rooms"), tuple(rows)) if rows else None


def _words(event: Event) -> Held:
    number = event.kept  # type: ignore[attr-defined]  # the query adds it
    said = ngettext(
        "What you wrote stands in its room, sealed; this event has %(number)d. It is not listed here.",
        "What you wrote stands in its rooms, sealed; this event has %(number)d. It is not listed here.",
        number,
    )
    return Held(
        "words",
        _("Your words in the rooms of “%(event)s”") % {"event": text_of(event).title},
        said % {"number": number},
        _("Others read them there."),
        _("When you delete it in its room; at the latest 30 days after the event is closed."),
        reverse("programme:event", args=[event.slug]),
        _("Go to the rooms"),
    )


def _rows(model: type[Model], account: Account) -> int:
    fields = [one.name for one in model._meta.fields if isinstance(one, ForeignKey) and one.related_model is Account]  # noqa: SLF001 - Django documents it
    return sum(model._default_manager.filter(**{name: account}).count() for name in fields)  # noqa: SLF001 - as above
