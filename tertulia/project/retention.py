"""How long the tables of others keep their rows: every model of every installed app that is not ours."""

from __future__ import annotations

from tertulia.kit.retention import Ends, Retention

_EDITED = Retention(Ends.NEVER, "what the editors publish, and how the site is put together")
_STAFF = Retention(Ends.WITH_OWNER, "it says what colleagues may do, and goes with the account or the group")
_FLOW = Retention(Ends.WITH_OWNER, "how a text was agreed upon; it goes with the text")
_LOG = Retention(
    Ends.NEVER, "what was done with a text, so that a mistake can be found; Wagtail keeps title and account number"
)
_FOUND = Retention(Ends.WITH_OWNER, "made from what it points to, for finding it; it goes with that")

THIRD_PARTY: dict[str, Retention] = {
    # Django
    "auth.Group": Retention(Ends.NEVER, "the groups are made from our roles and name nobody"),
    "auth.Permission": Retention(Ends.NEVER, "made from the code; it names nobody"),
    "contenttypes.ContentType": Retention(Ends.NEVER, "made from the code; it names nobody"),
    # allauth: the factors of staff; e-mail addresses stay empty
    "account.EmailAddress": Retention(Ends.NEVER, "it stays empty: nobody has an e-mail address here"),
    "account.EmailConfirmation": Retention(Ends.NEVER, "it stays empty: nobody has an e-mail address here"),
    "mfa.Authenticator": Retention(Ends.WITH_OWNER, "a colleague comes in by it; it goes when they or a link end it"),
    # The task queue
    "django_tasks_database.DBTaskResult": Retention(
        Ends.WHEN_USED, "work that was put off, named by opaque ids; a day after it is done, or a week after it failed"
    ),
    # Wagtail: pages, pictures, documents
    "wagtailcore.Collection": _EDITED,
    "wagtailcore.CollectionViewRestriction": _EDITED,
    "wagtailcore.Locale": _EDITED,
    "wagtailcore.Page": _EDITED,
    "wagtailcore.PageViewRestriction": _EDITED,
    "wagtailcore.ReferenceIndex": _FOUND,
    "wagtailcore.Revision": Retention(
        Ends.WITH_OWNER, "earlier states of a page; models that hold personal data have none"
    ),
    "wagtailcore.Site": _EDITED,
    "wagtaildocs.Document": _EDITED,
    "wagtailimages.Image": _EDITED,
    "wagtailimages.Rendition": Retention(Ends.WITH_OWNER, "a picture in another size; it goes with the picture"),
    # Wagtail: who may do what in the staff screens
    "wagtailadmin.Admin": Retention(Ends.NEVER, "it holds no rows: only the permission to enter the staff screens"),
    "wagtailcore.APIToken": _STAFF,
    "wagtailcore.GroupApprovalTask": _STAFF,
    "wagtailcore.GroupCollectionPermission": _STAFF,
    "wagtailcore.GroupPagePermission": _STAFF,
    "wagtailcore.GroupSitePermission": _STAFF,
    "wagtailcore.PageSubscription": _STAFF,
    "wagtailusers.UserProfile": Retention(Ends.WITH_OWNER, "how a colleague likes the staff screens; theirs to change"),
    # Wagtail: work on a text
    "wagtailadmin.EditingSession": Retention(Ends.WHEN_USED, "who is editing a page just now; an hour later it goes"),
    "wagtailadmin.FormState": Retention(Ends.WHEN_USED, "a preview of a form not sent yet; a day later it goes"),
    "wagtailcore.Comment": _FLOW,
    "wagtailcore.CommentReply": _FLOW,
    "wagtailcore.ModelLogEntry": _LOG,
    "wagtailcore.PageLogEntry": _LOG,
    "wagtailcore.Task": _FLOW,
    "wagtailcore.TaskState": _FLOW,
    "wagtailcore.UploadedFile": Retention(Ends.WHEN_USED, "a file that waits for its form; it goes when that is sent"),
    "wagtailcore.Workflow": _FLOW,
    "wagtailcore.WorkflowContentType": _FLOW,
    "wagtailcore.WorkflowPage": _FLOW,
    "wagtailcore.WorkflowState": _FLOW,
    "wagtailcore.WorkflowTask": _FLOW,
    # Finding and sorting
    "taggit.Tag": Retention(Ends.NEVER, "words that editors sort pictures and documents by"),
    "taggit.TaggedItem": _FOUND,
    "wagtailsearch.IndexEntry": _FOUND,
    "wagtailsearch.SQLiteFTSIndexEntry": _FOUND,
}
