"""The staff's pages about persons: what each agreed to, links to claim a credit, and taking back at their request."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from tertulia.kit.errors import Invalid
from tertulia.kit.gate import only_for
from tertulia.people import actions, rules
from tertulia.people.actions.claim import CLAIM_DAYS
from tertulia.people.models import Person, Purpose
from tertulia.people.queries.consent import persons_listed, standings, told_apart
from tertulia.people.views.door import about_a_person, account_of
from tertulia.people.views.sure import ask_once, is_sure

ON_A_PAGE = 50
TEMPLATE = "people/staff/person.html"


@about_a_person
@require_http_methods(["GET", "HEAD"])
@only_for(rules.can_care_for_persons)
def persons(request: HttpRequest) -> HttpResponse:
    """Whom the record credits, and what each agreed to."""
    sought = request.GET.get("name", "").strip()
    page = Paginator(persons_listed(request.user, sought), ON_A_PAGE).get_page(request.GET.get("page"))
    where = told_apart(page)
    rows = [(one, where.get(one.pk, ()), [held for held in standings(one) if held.holds]) for one in page]
    return render(request, "people/staff/persons.html", {"rows": rows, "page": page, "sought": sought})


@about_a_person
@require_http_methods(["GET", "HEAD"])
@only_for(rules.can_care_for_persons)
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person."""
    return _show(request, _person_or_404(request, public_id))


@about_a_person
@require_POST
@only_for(rules.can_care_for_persons)
def issue_claim_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """A link to hand to the person, shown once."""
    who = _person_or_404(request, public_id)
    try:
        token = actions.issue_claim_link(who, account_of(request))
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("people_person", public_id)
    link = settings.ADDRESS + reverse("people:claim", args=[token])
    return _show(request, who, link=link, days=CLAIM_DAYS)


@about_a_person
@require_POST
@only_for(rules.can_care_for_persons)
def withdraw(request: HttpRequest, public_id: str, purpose: str) -> HttpResponse:
    """Take back what a person asked to have taken back, once the colleague is sure."""
    who = _person_or_404(request, public_id)
    if purpose not in Purpose.values:
        raise Http404
    if not is_sure(request):
        return _ask_to_withdraw(request, who, Purpose(purpose))
    actions.withdraw_consent(who, Purpose(purpose), account_of(request))
    messages.success(request, _("It is taken back. It holds from this moment."))
    return redirect("people_person", public_id)


def _show(request: HttpRequest, who: Person, **told: object) -> HttpResponse:
    return render(request, TEMPLATE, {"person": who, "standings": standings(who), **told})


def _ask_to_withdraw(request: HttpRequest, who: Person, purpose: Purpose) -> HttpResponse:
    title = _("Take back: %(purpose)s") % {"purpose": purpose.label}
    if who.account_id:
        happens = _(
            "Somebody has said that this is them, and can do it alone: do it only when they ask. It holds at once; "
            "a notice tells them that it was you."
        )
    else:
        happens = _("Only when they ask for it. It holds at once, and they alone can agree to it again.")
    return ask_once(request, title, happens, back=reverse("people_person", args=[who.public_id]))


def _person_or_404(request: HttpRequest, public_id: str) -> Person:
    found = persons_listed(request.user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
