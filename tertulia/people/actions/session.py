"""Beginning a session, ending it, and showing a way back in once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tertulia.kit.handover import hand_over
from tertulia.people.models import Account, Session, SignInLink
from tertulia.people.queries import PHRASE_COOKIE, label_of_phrase


def begin_session(request: HttpRequest, account: Account) -> None:
    """Sign `account` in on this browser, under a new session token. Refuses nobody: the caller has checked."""
    login(request, account, backend="tertulia.people.backends.AccountBackend")


def leave(request: HttpRequest) -> None:
    """End this browser's session and remove its row. Refuses nobody."""
    logout(request)


def clear_ended() -> None:
    """Remove the sessions whose last day has passed, and the sign-in links whose time is over. Refuses nobody."""
    now = timezone.now()
    with transaction.atomic():
        Session.objects.filter(expires_on__lt=now.date()).delete()
        SignInLink.objects.filter(expires_at__lte=now).delete()


def welcome(request: HttpRequest, account: Account, phrase: str, onward: str) -> HttpResponse:
    """Sign `account` in and lead to the page that shows `phrase` once and then goes `onward` (a path of ours)."""
    begin_session(request, account)
    page = reverse("people:way_back")
    response = HttpResponseRedirect(f"{page}?{urlencode({'next': onward})}")
    hand_over(response, PHRASE_COOKIE, phrase, path=page, label=label_of_phrase(account))
    return response
