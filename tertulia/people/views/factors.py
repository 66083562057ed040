"""How a colleague comes in: what there is, password and app, recovery codes, removing, and showing one again."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.squares import square_of
from tertulia.people import actions, rules
from tertulia.people.forms import AppForm, ProveForm
from tertulia.people.models import Account, FactorKind
from tertulia.people.queries.factor import factors_of, new_secret, recovery_codes, secret_in
from tertulia.people.queries.passkey import are_offered
from tertulia.people.views.access import WRONG_SIGN_INS, for_colleagues, proven, signed_out, wait
from tertulia.people.views.door import about_a_person, reads_or_posts
from tertulia.people.views.entering import onward


@about_a_person
@require_GET
@for_colleagues
def factors(request: HttpRequest, account: Account) -> HttpResponse:
    """What one comes in by; for who has nothing yet, what they can choose between."""
    codes = recovery_codes(account)
    shown = {
        "factors": factors_of(account),
        "codes_left": None if codes is None else len(codes),
        "is_in": rules.can_enter_staff_screens(request.user),
        "has_passkeys": are_offered(request),
    }
    return render(request, "people/factors.html", shown)


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
@for_colleagues
@proven
def app(request: HttpRequest, account: Account) -> HttpResponse:
    """A password and an app with one-time codes, in place of what was there."""
    if request.method != "POST":
        return _app(request, account, AppForm(account, initial={"box": new_secret(account)}))
    form = AppForm(account, request.POST)
    try:
        if form.is_valid():
            actions.keep_app(request, account, secret_in(form.cleaned_data["box"], account), form.cleaned_data)
            return _codes(request, recovery_codes(account))
    except Invalid as refusal:
        form.add_error("code", refusal.why)
    except Gone:
        return redirect("people:factor_app")
    return _app(request, account, form)


@about_a_person
@reads_or_posts
@for_colleagues
def codes(request: HttpRequest, account: Account) -> HttpResponse:
    """A post makes new recovery codes and shows them in its answer, once; to look at this page uses nothing up."""
    return _new_codes(request, account=account) if request.method == "POST" else _codes(request, None)


@about_a_person
@reads_or_posts
@for_colleagues
@proven
def remove(request: HttpRequest, account: Account, key: int) -> HttpResponse:
    """Take a factor away, but never the last one."""
    factor = next((one for one in factors_of(account) if one.key == key), None)
    if factor is None or request.method != "POST":
        return render(request, "people/factor_remove.html", {"factor": factor}, status=200 if factor else 404)
    try:
        actions.drop_factor(request, account, key)
    except (Gone, NotAllowed) as refusal:
        return render(request, "people/factor_remove.html", {"why": str(refusal)}, status=409)
    return redirect("people:factors")


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
@for_colleagues
def prove(request: HttpRequest, account: Account) -> HttpResponse:
    """Show again what one comes in by, before it is changed."""
    if WRONG_SIGN_INS.is_reached(request.META["REMOTE_ADDR"]):
        return wait(request)
    form = ProveForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            actions.prove_with_code(request, account, **form.cleaned_data)
            return redirect(onward(request, "people:factors"))
    except Invalid as refusal:
        WRONG_SIGN_INS.count(request.META["REMOTE_ADDR"])
        form.add_error("code", refusal.why)
    return _prove(request, account, form)


@proven
def _new_codes(request: HttpRequest, account: Account) -> HttpResponse:
    try:
        actions.renew_codes(request, account)
    except NotAllowed:
        return redirect("people:factor_app")
    except Gone:
        return signed_out(request)
    return _codes(request, recovery_codes(account))


def _codes(request: HttpRequest, codes: list[str] | None) -> HttpResponse:
    return render(request, "people/factor_codes.html", {"codes": codes})


def _prove(request: HttpRequest, account: Account, form: ProveForm) -> HttpResponse:
    kinds = {factor.kind for factor in factors_of(account)}
    shown = {
        "form": form,
        "next": onward(request, ""),
        "has_app": FactorKind.APP in kinds,
        "has_passkeys": FactorKind.PASSKEY in kinds and are_offered(request),
    }
    return render(request, "people/prove.html", shown, status=422 if form.is_bound else 200)


def _app(request: HttpRequest, account: Account, form: AppForm) -> HttpResponse:
    try:
        secret = secret_in(str(form["box"].value() or ""), account)
    except Gone:
        return redirect("people:factor_app")
    address = get_adapter().build_totp_url(account, secret)
    shown = {"form": form, "secret": secret, "address": address, "square": square_of(address)}
    return render(request, "people/factor_app.html", shown, status=422 if form.is_bound else 200)
