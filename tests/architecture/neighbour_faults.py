"""Faults against what is declared of the relay, and of the prefixes beneath which libraries answer."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

NEIGHBOUR_FAULTS = [
    Fault(
        "a place of the relay that nobody declared",
        TESTS,
        "tertulia/live/relay/connection.py",
        'TOLD["/planted", "GET"] = RelayConnection._tell_that_it_lives',
        "GET /planted: the relay answers, and no row says whom",
    ),
    Fault(
        "a row of the relay that is gone",
        TESTS,
        "tests/live/access.py",
        'RELAY.append(RelayRoute("/gone", "POST", status=200))',
        "POST /gone: the relay does not answer this",
    ),
    Fault(
        "a prefix without a sample of a method",
        TESTS,
        "tests/project/access.py",
        'NEIGHBOURS.append(Neighbour(("allauth",), "accounts/", why="", samples=()))',
        "accounts/: no sample says who gets what by POST",
    ),
    Fault(
        "a page of a library beneath a shut prefix that answers everybody",
        TESTS,
        "tertulia/people/urls/staff.py",
        "from django.views.generic import RedirectView\n\n"
        'urlpatterns.append(path("leaked/", RedirectView.as_view(url="/")))',
        "GET /staff/leaked/ as visitor: answered 302 to somebody who is shut out",
    ),
    Fault(
        "a page of a library that is open to all and is not there",
        TESTS,
        "tests/project/access.py",
        '            "wagtailadmin_gone": "a picture that was there",\n            "wagtailadmin_sprite"',
        "wagtailadmin_gone",
        instead_of='            "wagtailadmin_sprite"',
    ),
]
