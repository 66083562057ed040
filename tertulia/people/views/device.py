"""A second device: the first one shows a code and a square, and either lets the other one in once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.gates import EVERYBODY, Asked, Gate
from tertulia.kit.limits import Limit
from tertulia.kit.squares import square_of
from tertulia.people import actions, rules
from tertulia.people.forms import CodeForm, DeviceForm
from tertulia.people.models import SecondDevice
from tertulia.people.queries.device import device_by_code, device_by_token, second_device_of
from tertulia.people.views.door import TOO_MANY, about_a_person, account_of, reads_or_posts, without_tickets

# A code of ten digits could be tried through. Wrong ones from one address cost work or patience soon, and a thousand
# from everywhere are all that are looked at in ten minutes: with a hundred codes waiting, one try in a hundred
# million hits. The square and the way back in are not bound by that.
CODES = Gate("codes", most=10, overall=200, seconds=600)
ALL_CODES = Limit(most=1000, seconds=600, places=1)
ABOUT = "device"


@about_a_person
@sensitive_variables("shown")
@reads_or_posts
@login_required(login_url="people:come_back")
def second_device(request: HttpRequest) -> HttpResponse:
    """Whether the code was used; a post shows a new one, and its square, this once."""
    account = account_of(request)
    if not rules.can_have_way_back(account):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "people/second_device.html", {"device": second_device_of(account)})
    try:
        shown = actions.make_device_code(account, request.session)
    except (NotAllowed, Gone) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    address = request.build_absolute_uri(reverse("people:come_by_square", args=[shown.token]))
    return render(request, "people/second_device.html", {"code": shown.code, "square": square_of(address)})


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
def come_by_code(request: HttpRequest) -> HttpResponse:
    """Type the code that the first device shows."""
    if request.method != "POST":
        return _ask_for_code(request, CodeForm(), 200)
    form = CodeForm(request.POST)
    if ALL_CODES.is_reached(EVERYBODY):
        return _ask_for_code(request, form, TOO_MANY)
    if not CODES.lets_in(request.META["REMOTE_ADDR"], request.POST, ABOUT):
        return _ask_for_code(request, form, TOO_MANY, CODES.asks(request.POST, ABOUT))
    device = device_by_code(form.cleaned_data["code"]) if form.is_valid() else None
    return _come_in(request, device, stays=form.cleaned_data["device"]) if device else _refuse_code(request, form)


@about_a_person
@reads_or_posts
def come_by_square(request: HttpRequest, token: str) -> HttpResponse:
    """What the square leads to: a button, so that nothing comes in by merely looking at an address."""
    device, form = device_by_token(token), DeviceForm(request.POST if request.method == "POST" else None)
    if device is None:
        return render(request, "people/square_over.html", status=410)
    if form.is_valid():
        return _come_in(request, device, stays=form.cleaned_data["device"])
    return render(request, "people/come_by_square.html", {"form": form, "token": token})


def _come_in(request: HttpRequest, device: SecondDevice, *, stays: bool) -> HttpResponse:
    # Tickets of who was in here before.
    response = without_tickets(redirect("people:me"), request)
    try:
        actions.begin_session(request, actions.use_device_code(device), stays=stays)
    except Gone:
        return render(request, "people/square_over.html", status=410)
    return response


def _refuse_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    """Ask once more; the wrong code counts for its address, and for everybody."""
    CODES.count(request.META["REMOTE_ADDR"])
    ALL_CODES.count(EVERYBODY)
    form.refuse()
    return _ask_for_code(request, form, 422)


def _ask_for_code(request: HttpRequest, form: CodeForm, status: int, asked: Asked | None = None) -> HttpResponse:
    shown = {"form": form, "asked": asked, "rests": status == TOO_MANY and asked is None}
    return render(request, "people/come_by_code.html", shown, status=status)
