"""Coming in to an event."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from tertulia.design.queries import languages_read, regions_shown
from tertulia.design.rules import is_way_back
from tertulia.kit.errors import Invalid, NotAllowed, Refusal
from tertulia.kit.gates import Asked, Gate
from tertulia.kit.limits import Limit
from tertulia.kit.phrases import Kind
from tertulia.people.actions import welcome
from tertulia.people.models import Account
from tertulia.programme.actions.counting import say_how_many
from tertulia.programme.actions.participation import come_in, come_in_anew, rename
from tertulia.programme.forms.participation import ArrivingForm, ComeInForm, NameForm
from tertulia.programme.models import Event, Participation
from tertulia.programme.queries.naming import name_at
from tertulia.programme.queries.participation import participation_here, text_of
from tertulia.programme.rules import can_join

NEWCOMERS = Gate(
    "newcomers", most=settings.NEWCOMERS_PER_MINUTE, overall=settings.NEWCOMERS_OVERALL_PER_MINUTE, seconds=60
)
# A name that is refused can tell what a colleague is called. So many an address may have refused in a minute before the
# next one is looked at only as newcomers come in: when too many come, after work or a wait.
REFUSED = Limit(most=20, seconds=60)


@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Come in, under a name; whoever is in already can go by another one."""
    event, account = get_object_or_404(Event, slug=slug), _account_of(request)
    if not can_join(event, account):
        return _keep_out(request, event)
    participation = participation_here(request, event)
    form = _form(request, account, participation)
    if request.method == "POST":
        return _sent(request, event, form, participation)
    return _ask(request, event, form, participation)


def _account_of(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


def _keep_out(request: HttpRequest, event: Event) -> HttpResponse:
    """Nobody comes in to an event that is over; staff, to none."""
    shown = {"event": event, "text": text_of(event)}
    if not can_join(event):
        return render(request, "programme/closed.html", shown, status=410)
    return render(request, "programme/staff_stay_out.html", shown, status=403)


def _sent(request: HttpRequest, event: Event, form: NameForm, participation: Participation | None) -> HttpResponse:
    """What was typed; where many names were refused to newcomers, it is looked at once they have passed the door."""
    address = request.META["REMOTE_ADDR"]
    if not isinstance(form, ComeInForm) or not REFUSED.is_reached(address):
        return _take_in(request, event, form, participation)
    if NEWCOMERS.lets_in(address, request.POST, event.slug):
        return _take_in(request, event, form, participation, has_passed=True)
    # Not bound: it would say whether the name is refused.
    return _ask_newcomer(request, event, ComeInForm(initial=request.POST.dict(), languages=languages_read(request)))


def _ask_newcomer(request: HttpRequest, event: Event, form: ComeInForm) -> HttpResponse:
    response = _ask(request, event, form, None, asked := NEWCOMERS.asks(request.POST, event.slug))
    response["Retry-After"] = str(asked.seconds)
    return response


def _ask(
    request: HttpRequest, event: Event, form: NameForm, participation: Participation | None, asked: Asked | None = None
) -> HttpResponse:
    """The form; while too many come in, with what is `asked` of who wants to."""
    shown = {"event": event, "text": text_of(event), "form": form}
    shown |= {"participation": participation, "account": _account_of(request)}
    shown |= {"onward": _onward(request, event), "has_rooms": participation and regions_shown("event", event, request)}
    status = 422 if form.errors else 429 if asked else 200
    return render(request, "programme/join.html", shown | {"asked": asked}, status=status)


def _form(request: HttpRequest, account: Account | None, participation: Participation | None) -> NameForm:
    sent = request.POST if request.method == "POST" else None
    if account is None:
        return ComeInForm(sent, languages=languages_read(request))
    if participation is None:
        return ArrivingForm(sent)
    return NameForm(sent, initial={"chosen_name": participation.chosen_name})


def _take_in(
    request: HttpRequest, event: Event, form: NameForm, participation: Participation | None, *, has_passed: bool = False
) -> HttpResponse:
    """Carry out what was typed, or tell what is wrong with it; names that are refused to newcomers are counted."""
    try:
        if form.is_valid():
            return _carry_out(request, event, form, participation, has_passed=has_passed)
    except Invalid as refusal:
        form.add_error(refusal.where, refusal.why)
    except NotAllowed:
        return _keep_out(request, get_object_or_404(Event, pk=event.pk))
    if isinstance(form, ComeInForm) and "chosen_name" in form.errors:
        REFUSED.count(request.META["REMOTE_ADDR"])
        NEWCOMERS.count(request.META["REMOTE_ADDR"])
    return _ask(request, event, form, participation)


def _carry_out(
    request: HttpRequest, event: Event, form: NameForm, participation: Participation | None, *, has_passed: bool
) -> HttpResponse:
    name, onward = form.cleaned_data["chosen_name"], _onward(request, event)
    if isinstance(form, ComeInForm):
        return _let_in(request, event, form, onward, has_passed=has_passed)
    if participation:
        rename(participation, name)
        messages.success(request, _("You now go by this name. Your drawing of stars stays the same."))
    elif isinstance(request.user, Account):
        _count_screen(come_in(event, request.user, name), form)
    return redirect(onward)


def _count_screen(participation: Participation, form: NameForm) -> None:
    """Count those who share the screen; whoever came in is in, be they counted or not."""
    people = form.cleaned_data.get("people") or 1
    with suppress(Refusal):
        if people > 1:
            say_how_many(participation, people)


def _let_in(request: HttpRequest, event: Event, form: ComeInForm, onward: str, *, has_passed: bool) -> HttpResponse:
    """Somebody new; while too many come at once, after a piece of work on the device, or a wait."""
    address, name = request.META["REMOTE_ADDR"], name_at(event, form.cleaned_data["chosen_name"])
    if not has_passed and not NEWCOMERS.lets_in(address, request.POST, event.slug):
        return _ask_newcomer(request, event, form)
    newcomer, phrase = come_in_anew(event, name, Kind(form.cleaned_data["kind"]))
    NEWCOMERS.count(address)
    _count_screen(newcomer, form)
    return welcome(request, newcomer.account, phrase, onward, stays=form.cleaned_data["device"])


def _onward(request: HttpRequest, event: Event) -> str:
    """Where one wanted to go, else the page of the event."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_way_back(asked) else reverse("programme:event", args=[event.slug])
