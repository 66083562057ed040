"""Who is told how the house is, and who gets in at the addresses that libraries answer."""

from __future__ import annotations

from tests.architecture.access import Neighbour, Route, administrators, everybody, staff

ROUTES = [
    Route("healthz", get=everybody(200)),
    # Nobody works and no relay runs here: everybody is told the same of it.
    Route("readyz", get=everybody(503)),
]

NEIGHBOURS = [
    Neighbour(
        ("wagtail", "rest_framework", "django.views"),
        "staff/",
        why="the staff screens; who is not staff is led to sign in",
        shut_out=("visitor", "participant"),
        open_to_all={
            "wagtailadmin_sprite": "pictures of signs, the same for everybody",
            "wagtailadmin_javascript_catalog": "words of the screens, as Wagtail ships them",
        },
        samples=(
            Route("wagtailadmin_home", get=staff(200, participant=302), post=staff(405, participant=302)),
            Route("wagtailimages:index", get=administrators(200, others=302, editor=200)),
            Route("wagtailadmin_workflows:index", get=administrators(200, others=302)),
            # A form without a word in it is shown again.
            Route(
                "wagtailadmin_workflows:add", get=administrators(200, others=302), post=administrators(200, others=302)
            ),
        ),
    ),
    Neighbour(
        ("wagtail", "django.contrib.auth"),
        "_util/",
        why="pages behind a password, which no page of ours is",
        samples=(Route("wagtailcore_login", get=everybody(302), post=everybody(302)),),
    ),
    Neighbour(
        ("wagtail",),
        "^",
        why="narrative pages: published ones are for everybody",
        samples=(
            Route("wagtail_serve", address=lambda _owner: ("no-such-page/",), get=everybody(404), post=everybody(404)),
        ),
    ),
]
