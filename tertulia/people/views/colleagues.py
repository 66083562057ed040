"""The administrators' pages about colleagues: inviting them, giving and taking roles, letting them in, dismissing."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from tertulia.kit.errors import Refusal
from tertulia.kit.gate import only_for
from tertulia.people import actions, rules
from tertulia.people.forms import InviteForm, RoleForm
from tertulia.people.models import Account, StaffRole
from tertulia.people.queries.colleagues import colleague_named, colleagues_listed, holds_role, roles_held
from tertulia.people.queries.naming import is_borne
from tertulia.people.views.access import shown_lately, typed
from tertulia.people.views.door import about_a_person, account_of, reads_or_posts
from tertulia.people.views.sure import SURE, ask_once, is_sure

LINK_MINUTES = 24 * 60


def _page_of(public_id: str) -> str:
    return reverse("people_colleague", args=[public_id])


@about_a_person
@require_safe
@only_for(rules.is_administrator)
def colleagues(request: HttpRequest) -> HttpResponse:
    """Who is one of the staff, and in which roles."""
    return render(request, "people/staff/colleagues.html", {"rows": colleagues_listed()})


@about_a_person
@reads_or_posts
@only_for(rules.is_administrator)
@shown_lately(lambda: reverse("people_invite"), "pseudonym", "role", "scope")
def invite(request: HttpRequest) -> HttpResponse:
    """A new colleague, and the link by which they come in, shown once."""
    form = InviteForm(request.POST or None, initial=typed(request))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form, 422 if request.method == "POST" else 200)
    if not is_sure(request) and is_borne(form.given()["pseudonym"]):
        return _ask(request, form, 200, is_borne=True)
    try:
        account = actions.invite(**form.given(), by=account_of(request))
    except Refusal as refusal:
        form.add_error(form.place_of(refusal), str(refusal))
        return _ask(request, form, 422)
    return _with_link(request, account)


@about_a_person
@require_safe
@only_for(rules.is_administrator)
def colleague(request: HttpRequest, public_id: str) -> HttpResponse:
    """One colleague."""
    return _show(request, _colleague_or_404(public_id), form=RoleForm(initial=typed(request)))


@about_a_person
@require_POST
@only_for(rules.is_administrator)
@shown_lately(_page_of, "role", "scope")
def appoint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give them a role."""
    who, form = _colleague_or_404(public_id), RoleForm(request.POST)
    if not form.is_valid():
        return _show(request, who, form=form, status=422)
    if holds_role(who, **form.given()):
        return _back(request, who, _("They hold this role already."))
    try:
        actions.appoint(who, **form.given(), by=account_of(request))
    except Refusal as refusal:
        form.add_error(form.place_of(refusal), str(refusal))
        return _show(request, who, form=form, status=422)
    return _back(request, who, _("The role is given."))


@about_a_person
@require_POST
@only_for(rules.is_administrator)
@shown_lately(_page_of)
def unappoint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a role from them, once one is sure."""
    who, role = _colleague_or_404(public_id), request.POST.get("role", "")
    if role not in StaffRole.values:
        raise Http404
    if not is_sure(request):
        return _ask_to_unappoint(request, who, StaffRole(role))
    try:
        actions.unappoint(who, StaffRole(role), request.POST.get("scope", ""), account_of(request))
    except Refusal as refusal:
        return _refused(request, who, refusal)
    return _back(request, who, _("The role is taken away."))


@about_a_person
@require_POST
@only_for(rules.is_administrator)
@shown_lately(_page_of)
def let_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new link for them, shown once."""
    return _with_link(request, _colleague_or_404(public_id))


@about_a_person
@require_POST
@only_for(rules.is_administrator)
@shown_lately(_page_of)
def dismiss(request: HttpRequest, public_id: str) -> HttpResponse:
    """End their account, once one is sure."""
    who = _colleague_or_404(public_id)
    if not is_sure(request):
        happens = _("Their roles, links and sessions end at once, for good. Their name stays with what they published.")
        title = _("End the account of %(name)s") % {"name": who.pseudonym}
        return ask_once(request, title, happens, back=_page_of(public_id))
    try:
        actions.dismiss(who, account_of(request))
    except Refusal as refusal:
        return _refused(request, who, refusal)
    messages.success(request, _("Their account is ended."))
    return redirect("people_colleagues")


def _ask_to_unappoint(request: HttpRequest, who: Account, role: StaffRole) -> HttpResponse:
    title = _("Take away: %(role)s") % {"role": role.label}
    happens = _("%(name)s can do nothing as this from the next moment.") % {"name": who.pseudonym}
    return ask_once(request, title, happens, back=_page_of(who.public_id))


def _ask(request: HttpRequest, form: InviteForm, status: int, *, is_borne: bool = False) -> HttpResponse:
    shown = {"form": form, "is_borne": is_borne, "sure": SURE}
    return render(request, "people/staff/invite.html", shown, status=status)


def _with_link(request: HttpRequest, account: Account) -> HttpResponse:
    try:
        token = actions.issue_sign_in_link(account, LINK_MINUTES, by=account_of(request))
    except Refusal as refusal:
        return _refused(request, account, refusal)
    link = settings.ADDRESS + reverse("people:sign_in_by_link", args=[token])
    return _show(request, account, link=link)


def _show(
    request: HttpRequest, who: Account, *, form: RoleForm | None = None, link: str = "", status: int = 200
) -> HttpResponse:
    told = {"who": who, "roles": roles_held(who), "form": form or RoleForm(), "link": link}
    is_self = who.pk == account_of(request).pk
    return render(request, "people/staff/colleague.html", {**told, "is_self": is_self}, status=status)


def _back(request: HttpRequest, who: Account, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("people_colleague", who.public_id)


def _refused(request: HttpRequest, who: Account, refusal: Refusal) -> HttpResponse:
    messages.error(request, str(refusal))
    return _show(request, who, status=422)


def _colleague_or_404(public_id: str) -> Account:
    found = colleague_named(public_id)
    if found is None:
        raise Http404
    return found
