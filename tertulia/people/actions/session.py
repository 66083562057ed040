"""Beginning a session, ending it, and showing a way back in once."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tertulia.kit.handover import hand_over
from tertulia.kit.randomness import token_hash
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.staff import redeem_sign_in_link
from tertulia.people.actions.way_back import keep_new_way_back
from tertulia.people.models import (
    Account,
    ClaimLink,
    Export,
    NewWayBack,
    SecondDevice,
    Session,
    SignInLink,
    SpentChallenge,
)
from tertulia.people.queries import LINK_KEY, PHRASE_COOKIE, WayIn, label_of_phrase
from tertulia.people.queries.factor import CAME_KEY, Came
from tertulia.people.rules import STAY_DAYS, can_have_way_back


def begin_session(request: HttpRequest, account: Account, came: Came | None = None, *, stays: bool = False) -> None:
    """Sign `account` in on this browser, under a new session token. Refuses nobody: the caller has checked.

    `came`: how a member of staff did, in a session that keeps nothing of an earlier one; without it they are nobody.
    `stays`: on a device of their own, for 30 days; never for staff.
    """
    if came:
        request.session.flush()
    login(request, account, backend="tertulia.people.backends.AccountBackend")
    if came:
        request.session[CAME_KEY] = came.value
    request.session.set_expiry(timedelta(days=STAY_DAYS) if stays and can_have_way_back(account) else 0)


def come_back(request: HttpRequest, way: WayIn, *, stays: bool = False) -> None:
    """Sign in, on this browser, whoever came in by `way`; who came with a new way back in has kept it.

    `stays`: on a device of their own, for 30 days. Gone, and nobody is signed in, if the new one was replaced
    by a newer one meanwhile.
    """
    if way.mark:
        keep_new_way_back(way.account, way.mark)
    begin_session(request, way.account, stays=stays)


def enter_by_link(request: HttpRequest, token: str, *, from_loopback: bool) -> None:
    """Use the sign-in link with this `token` up, and let in whose it was; refuses as `redeem_sign_in_link` does.

    By a link of the machine itself they are in; by any other they set up a factor first. `from_loopback`: whether the
    request comes from the machine itself.
    """
    with transaction.atomic():
        link = redeem_sign_in_link(token, from_loopback=from_loopback)
        begin_session(request, link.account, Came.MACHINE if link.loopback_only else Came.INVITATION)
        request.session[LINK_KEY] = token_hash(token).hex()
        # Now, and not with the answer: who makes a newer link at this moment ends this session too.
        request.session.save()


def leave(request: HttpRequest) -> None:
    """End this browser's session and remove its row. Refuses nobody."""
    logout(request)


def clear_ended() -> None:
    """Remove sessions, links, exports, spent challenges, and new ways back in that nobody kept, whose time is over.

    Refuses nobody.
    """
    now = timezone.now()
    ended = (
        Session.objects.filter(expires_on__lt=now.date()),
        SignInLink.objects.filter(expires_at__lte=now),
        Export.objects.filter(expires_at__lte=now),
        ClaimLink.objects.filter(expires_on__lt=now.date()),
        NewWayBack.objects.filter(expires_on__lte=now.date()),
        SpentChallenge.objects.filter(expires_on__lt=now.date()),
    )
    with transaction.atomic():
        if sum(rows.delete()[0] for rows in ended):
            enqueue("people.purge")


def end_all_sessions() -> None:
    """End every session, every export and every link that lets somebody in or gives a credit away, as after a restore.

    Some of them had ended since. Refuses nobody.
    """
    with transaction.atomic():
        for ended in (Session, SignInLink, ClaimLink, SecondDevice, Export):
            ended.objects.all().delete()
        enqueue("people.purge")


def welcome(request: HttpRequest, account: Account, phrase: str, onward: str, *, stays: bool = False) -> HttpResponse:
    """Sign `account` in and lead to the page that shows `phrase` once and then goes `onward` (a path of ours).

    `stays`: on a device of their own, for 30 days.
    """
    begin_session(request, account, stays=stays)
    return show_way_back(account, phrase, onward)


def show_way_back(account: Account, phrase: str, onward: str) -> HttpResponse:
    """Lead to the page that shows the newest `phrase` of `account` once and then goes `onward` (a path of ours)."""
    page = reverse("people:way_back")
    response = HttpResponseRedirect(f"{page}?{urlencode({'next': onward})}")
    hand_over(response, PHRASE_COOKIE, phrase, path=page, label=label_of_phrase(account))
    return response
