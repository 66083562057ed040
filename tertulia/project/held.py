"""What the libraries of the staff screens hold about a colleague."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from tertulia.kit.held import Held, Section
from tertulia.people.models import Account

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


def _rows(model: type[Model], account: Account) -> int:
    fields = [one.name for one in model._meta.fields if isinstance(one, ForeignKey) and one.related_model is Account]  # noqa: SLF001 - Django documents it
    return sum(model._default_manager.filter(**{name: account}).count() for name in fields)  # noqa: SLF001 - as above
