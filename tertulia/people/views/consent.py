"""Agreeing to something, taking it back, and saying that a credit is one's own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tertulia.kit.errors import Gone, Invalid, NotAllowed, Overtaken
from tertulia.kit.handover import hand_over, taken_over
from tertulia.kit.handover import take_back as let_go
from tertulia.people import actions, rules
from tertulia.people.forms import GiveForm
from tertulia.people.models import Person, Purpose
from tertulia.people.queries.claim import claimable
from tertulia.people.queries.consent import Wording, person_of, persons_of, wording
from tertulia.people.views.door import about_a_person, account_of, reads_or_posts

# In the place of a person's public name: the account has none yet.
NOBODY_YET = "new"
CLAIM_COOKIE, CLAIM_LABEL, CLAIM_MINUTES = "k", "people.claim", 30


@about_a_person
@reads_or_posts
@login_required(login_url="people:come_back")
def give(request: HttpRequest, person: str, purpose: str) -> HttpResponse:
    """What one would agree to; a post agrees. As somebody new only who is nobody yet: else the page offers each."""
    if not rules.can_be_person(account_of(request)):
        raise PermissionDenied
    who, what = _person_or_404(request, person), _purpose_or_404(purpose)
    if who is None and persons_of(account_of(request)):
        return redirect("people:what_we_know")
    text = wording(what, get_language() or "en")
    initial = {"version": text.version, "name": who.name if who else ""}
    form = GiveForm(what, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _gives(request, form, text, who):
        return redirect("people:what_we_know")
    return _ask(request, form, text, who)


@about_a_person
@reads_or_posts
@login_required(login_url="people:come_back")
def take_back(request: HttpRequest, person: str, purpose: str) -> HttpResponse:
    """What goes when it is taken back; a post takes it back."""
    who, what = person_of(account_of(request), person), _purpose_or_404(purpose)
    if who is None:
        raise Http404
    if request.method != "POST":
        return render(request, "people/take_back.html", {"person": who, "purpose": what})
    actions.withdraw_consent(who, what, account_of(request))
    messages.success(request, _("It is taken back. It holds from this moment."))
    return redirect("people:what_we_know")


@about_a_person
@require_safe
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The link goes on in a sealed cookie, so that no other address and no page holds it."""
    if claimable(token) is None:
        return _claim(request, None)
    page = reverse("people:claim_kept")
    response = redirect(page)
    hand_over(response, CLAIM_COOKIE, token, path=page, label=CLAIM_LABEL)
    return response


@about_a_person
@reads_or_posts
def claim_kept(request: HttpRequest) -> HttpResponse:
    """What the link would join to one's place; its button joins it. Who is not in reads how they come in first."""
    token = taken_over(request, CLAIM_COOKIE, label=CLAIM_LABEL, seconds=CLAIM_MINUTES * 60) or ""
    if request.method != "POST" or not request.user.is_authenticated:
        return _claim(request, claimable(token))
    response = _join(request, token)
    let_go(response, CLAIM_COOKIE, reverse("people:claim_kept"))
    return response


def _join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        actions.claim_person(token, account_of(request))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Gone:
        return _claim(request, None)
    return redirect("people:what_we_know")


def _gives(request: HttpRequest, form: GiveForm, text: Wording, who: Person | None) -> bool:
    """Whether they agreed; if not, the form says why."""
    try:
        actions.give_consent(who, text.purpose, account_of(request), language=text.language, **form.given())
    except Invalid as refusal:
        form.add_error(refusal.where, refusal.why)
    except Overtaken as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _ask(request: HttpRequest, form: GiveForm, text: Wording, who: Person | None) -> HttpResponse:
    given = {"form": form, "text": text, "person": who}
    return render(request, "people/give.html", given, status=422 if form.errors else 200)


def _claim(request: HttpRequest, person: Person | None) -> HttpResponse:
    if request.user.is_authenticated and not rules.can_be_person(account_of(request)):
        raise PermissionDenied
    shown = {"person": person, "minutes": CLAIM_MINUTES}
    return render(request, "people/claim.html", shown, status=200 if person else 410)


def _person_or_404(request: HttpRequest, public_id: str) -> Person | None:
    found = person_of(account_of(request), public_id)
    if found is None and public_id != NOBODY_YET:
        raise Http404
    return found


def _purpose_or_404(purpose: str) -> Purpose:
    if purpose not in Purpose.values:
        raise Http404
    return Purpose(purpose)
