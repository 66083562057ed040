"""The addresses of the house, and four doors that nobody else has: the gallery, and three pages that go wrong."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tertulia.design.samples import samples
from tertulia.kit.erasures import Untrusted
from tertulia.project.urls import urlpatterns as of_the_house


def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery, which elsewhere is only there in development."""
    return render(request, "design/gallery.html", samples())


def not_understood(_request: HttpRequest) -> HttpResponse:
    """What a request is answered that the house cannot read."""
    raise BadRequest


def our_fault(_request: HttpRequest) -> HttpResponse:
    """A page in which something goes wrong."""
    raise RuntimeError("this page fails on purpose")


def key_is_lost(_request: HttpRequest) -> HttpResponse:
    """A deletion for which a key is missing."""
    raise Untrusted("this deletion fails on purpose")


urlpatterns = [
    *i18n_patterns(
        path("design/", gallery),
        path("looks/not-understood/", not_understood),
        path("looks/our-fault/", our_fault),
        path("looks/key-is-lost/", key_is_lost),
        prefix_default_language=False,
    ),
    *of_the_house,
]
