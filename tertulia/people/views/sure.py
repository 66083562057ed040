"""What a click does at once to somebody else is asked once before it is done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SURE = "sure"


def is_sure(request: HttpRequest) -> bool:
    """Whether the post comes from the page that asks."""
    return request.POST.get(SURE) == "yes"


def ask_once(request: HttpRequest, title: str, what_happens: str, *, back: str) -> HttpResponse:
    """The page that asks: its button is called as `title`, and sends the same once more; `back` is the other way."""
    sent = {name: said for name, said in request.POST.items() if name not in {"csrfmiddlewaretoken", SURE}}
    shown = {"title": title, "what_happens": what_happens, "back": back, "sent": sent, "sure": SURE}
    return render(request, "people/staff/sure.html", shown)
