"""The page about oneself: a new way back in, and taking oneself out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tertulia.design.queries import languages_read
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.origin import is_from_a_page_of_ours
from tertulia.kit.phrases import Kind, kinds_for, language_of
from tertulia.people import actions, queries, rules
from tertulia.people.forms import KindForm
from tertulia.people.queries.notice import unread_notices
from tertulia.people.queries.passkey import are_offered, numbers_of
from tertulia.people.views.door import about_a_person, account_of, goodbye, onward, reads_or_posts, without_tickets

# It says neither whose house the words open nor that they open one.
FILE_NAME = "words.txt"


@about_a_person
@require_GET
@login_required(login_url="people:come_back")
def me(request: HttpRequest) -> HttpResponse:
    """What one is called where, a new way back, and the way out."""
    account = account_of(request)
    unread = unread_notices(account)
    shown = {
        "form": KindForm(languages_read(request)),
        "has_way_back": rules.can_have_way_back(account),
        "mark": queries.mark_to_keep(account),
        "unread": len(unread),
        "has_joined": actions.JOINED in unread,
        "passkeys": numbers_of(account),
        "can_add_passkey": are_offered(request),
    }
    return render(request, "people/me.html", shown)


@about_a_person
@require_http_methods(["GET", "POST"])
@login_required(login_url="people:come_back")
def way_back(request: HttpRequest) -> HttpResponse:
    """The way back in, shown once; a post makes a new one, which takes its place when it is kept."""
    if request.method == "POST":
        return _new_way_back(request)
    response = _way_back(request, **_shown_once(request))
    response.delete_cookie(queries.PHRASE_COOKIE, path=reverse("people:way_back"), samesite="Lax")
    return response


# Not a link that holds the words: browsers list where a file came from, long after the file was deleted.
@about_a_person
@sensitive_post_parameters()
@require_POST
@login_required(login_url="people:come_back")
def way_back_file(request: HttpRequest) -> HttpResponse:
    """The way back in that stands on the page, as a file, for who has no clipboard; nothing of it is kept here."""
    phrase = " ".join(request.POST.get("phrase", "").split())
    if queries.account_behind(phrase) != request.user:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return HttpResponse(f"{phrase}\n", content_type="text/plain; charset=utf-8", headers=headers)


@about_a_person
@require_POST
def keep_way_back(request: HttpRequest) -> HttpResponse:
    """I have kept it: the new way back in takes its place; who is no longer in comes back with it, to the same end."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('people:come_back')}?{urlencode({'next': onward(request)})}")
    try:
        stay = bool(request.POST.get("passkeys_stay"))
        mark = request.POST.get("mark", "")
        actions.keep_new_way_back(account_of(request), mark, request.session, do_passkeys_stay=stay)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Gone as refusal:
        return _way_back(request, status=410, why=str(refusal))
    return without_tickets(redirect(onward(request)), request)


# Whoever pressed before and lost the answer is out, and the form's token may be gone. That a page of ours sent it is
# asked all the same: the answer signs a browser out and says that its words open nothing.
@csrf_exempt
@about_a_person
@reads_or_posts
def delete(request: HttpRequest) -> HttpResponse:
    """What goes at once and what goes later; a post deletes everything that leads to who asks, and says so again."""
    again = request.method == "POST" and is_from_a_page_of_ours(request)
    if again and queries.is_deleted(request.POST.get("whose", "")):
        return goodbye(request, "people:deleted")
    return _delete(request)


@csrf_protect
@login_required(login_url="people:come_back")
def _delete(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    if not rules.can_be_deleted(account):
        raise PermissionDenied
    if request.method != "POST":
        given = {"whose": queries.sealed_name(account), "has_credits": account.persons.exists()}
        return render(request, "people/delete.html", given | {"passkeys": numbers_of(account)})
    response = goodbye(request, "people:deleted")
    actions.delete_account(account)
    actions.leave(request)
    return response


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """Goodbye for good: what went, and what goes later."""
    return render(request, "people/deleted.html")


def _new_way_back(request: HttpRequest) -> HttpResponse:
    languages = languages_read(request)
    form = KindForm(languages, request.POST)
    kind = Kind(form.cleaned_data["kind"]) if form.is_valid() else kinds_for(languages)[0]
    account = account_of(request)
    try:
        phrase = actions.make_new_way_back(account, kind, request.session)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Gone as refusal:
        return _way_back(request, status=410, why=str(refusal))
    return actions.show_way_back(account, phrase, onward(request))


def _shown_once(request: HttpRequest) -> dict[str, Any]:
    """The way back in that was handed over to this page, if one was, and its language."""
    phrase = queries.phrase_to_show(request, account_of(request))
    return {"phrase": phrase, "language": language_of(phrase or "")}


def _way_back(request: HttpRequest, status: int = 200, **shown: object) -> HttpResponse:
    account = account_of(request)
    known = {"onward": onward(request), "form": KindForm(languages_read(request))}
    known |= {"mark": queries.mark_to_keep(account), "passkeys": numbers_of(account)}
    known |= {"can_add_passkey": are_offered(request)}
    return render(request, "people/way_back.html", known | shown, status=status)
