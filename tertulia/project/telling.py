"""Every column, of every installed app, that could tell when somebody did something or from where, and why it is there.

A column of this kind that is not named here fails the suite: moments, addresses, places, devices, and JSON, in which
anything of this could be.
"""

from __future__ import annotations

_PROGRAMME = "when something takes place, which is public"
_LAPSES = "a day or moment on which it ends, not one at which somebody did something"
_PAGE = "when an editor put a page of the site in its place: staff alone, and the page itself is public"
_TEXT = "how a text was agreed upon between colleagues: staff alone; it goes with the text"
_LOG = "which colleague changed which page and when, so that a mistake can be found: staff alone"
_QUEUE = "the queue has to know what is due; rows go a day after they are done, and a deletion's at once"
_OPAQUE = "names of tasks and opaque ids alone: an action that enqueues is held to that by kit.tasks"
_BLANKED = "of a library, and a test holds that it is the same empty moment in every row"
_UNUSED = "of a library, and nothing here fills it"

TELLING: dict[str, str] = {
    "project.Due.at": "when a task that runs by itself is due next; nobody is in it",
    "programme.Event.zone": _PROGRAMME,
    "programme.Event.starts_on": _PROGRAMME,
    "programme.Event.ends_on": _PROGRAMME,
    "programme.Event.programme_changed_at": "when the programme was last imported, which is public",
    "programme.Event.closed_on": "the day from which the time of keeping runs",
    "programme.Slot.zone": _PROGRAMME,
    "programme.Slot.starts_at": _PROGRAMME,
    "programme.Slot.ends_at": _PROGRAMME,
    "live.Restriction.until": f"{_LAPSES}; in full five minutes, and of a mark that leads to no account by itself",
    "people.NewWayBack.expires_on": f"{_LAPSES}; the first of a month",
    "people.ClaimLink.expires_on": f"{_LAPSES}; the last of a month, of a link that staff made; gone once used",
    "people.Consent.given": "the month in which somebody agreed: the first of it",
    "people.Consent.until": f"{_LAPSES}; the last of a month",
    "people.Consent.withdrawn": "the month in which it ended: the first of it",
    "people.AuditEntry.day": "the day on which a colleague did something as one of the staff; staff alone, two years",
    "people.Export.expires_at": f"{_LAPSES}; the end of a day, one to two after a colleague asked; staff alone",
    "people.Notice.month": "the month in which it came: the first of it; it goes after a year",
    "people.Session.expires_on": f"{_LAPSES}; a day",
    "people.SpentChallenge.expires_on": f"{_LAPSES}; a day, and of nobody: it leads to no account",
    "people.SecondDevice.expires_at": f"{_LAPSES}; ten minutes after somebody asked for a code, and gone soon after",
    "people.SignInLink.expires_at": f"{_LAPSES}; a full hour, or the end of a day if it lasts for one; staff alone",
    "account.EmailAddress.email": _UNUSED,
    "account.EmailConfirmation.email_address": _UNUSED,
    "account.EmailConfirmation.created": _UNUSED,
    "account.EmailConfirmation.sent": _UNUSED,
    "mfa.Authenticator.created_at": _BLANKED,
    "mfa.Authenticator.last_used_at": _BLANKED,
    "mfa.Authenticator.data": "what a passkey or an app is known by; the window of the last code, within the hour",
    "wagtaildocs.Document.created_at": _UNUSED,
    "wagtailimages.Image.created_at": _UNUSED,
    "wagtailusers.UserProfile.current_time_zone": "a colleague's own choice for the staff screens",
    "wagtailusers.UserProfile.dismissibles": "which hints a colleague has put away",
    "wagtailadmin.EditingSession.last_seen_at": "who edits a page just now, so that two do not; an hour later it goes",
    "wagtailadmin.FormState.last_updated_at": "a preview that was not sent yet; a day later it goes",
    "wagtailcore.Site.hostname": "the name of our own site",
    "wagtailcore.APIToken.created": _UNUSED,
    "wagtailcore.APIToken.revoked_at": _UNUSED,
    "wagtailcore.APIToken.last_used_at": _UNUSED,
    "wagtailcore.ModelLogEntry.data": _LOG,
    "wagtailcore.ModelLogEntry.timestamp": _LOG,
    "wagtailcore.PageLogEntry.data": _LOG,
    "wagtailcore.PageLogEntry.timestamp": _LOG,
    "wagtailcore.Revision.created_at": _PAGE,
    "wagtailcore.Revision.content": "earlier states of a page of the site; models of people have none",
    "wagtailcore.Revision.approved_go_live_at": _PAGE,
    "wagtailcore.Page.first_published_at": _PAGE,
    "wagtailcore.Page.last_published_at": _PAGE,
    "wagtailcore.Page.go_live_at": _PAGE,
    "wagtailcore.Page.expire_at": _PAGE,
    "wagtailcore.Page.locked_at": _PAGE,
    "wagtailcore.Page.latest_revision_created_at": _PAGE,
    "wagtailcore.WorkflowState.created_at": _TEXT,
    "wagtailcore.TaskState.started_at": _TEXT,
    "wagtailcore.TaskState.finished_at": _TEXT,
    "wagtailcore.Comment.created_at": _TEXT,
    "wagtailcore.Comment.updated_at": _TEXT,
    "wagtailcore.Comment.resolved_at": _TEXT,
    "wagtailcore.CommentReply.created_at": _TEXT,
    "wagtailcore.CommentReply.updated_at": _TEXT,
    "django_tasks_database.DBTaskResult.enqueued_at": _QUEUE,
    "django_tasks_database.DBTaskResult.started_at": _QUEUE,
    "django_tasks_database.DBTaskResult.finished_at": _QUEUE,
    "django_tasks_database.DBTaskResult.run_after": _QUEUE,
    "django_tasks_database.DBTaskResult.args_kwargs": _OPAQUE,
    "django_tasks_database.DBTaskResult.worker_ids": "which worker of this machine took it",
    "django_tasks_database.DBTaskResult.return_value": "our tasks give none back",
}
