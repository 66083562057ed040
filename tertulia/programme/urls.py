"""Addresses of events, their programme, their sessions, and of coming in."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.programme.views import cards, counting, events, going, participation, programme, sessions

app_name = "programme"
urlpatterns: list[URLPattern] = [
    path("events/", events.events, name="events"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("events/<slug:slug>/join/", participation.join, name="join"),
    path("events/<slug:slug>/where-from/", counting.where_from, name="where_from"),
    path("events/<slug:slug>/who-came/", counting.who_came, name="who_came"),
    path("events/<slug:slug>/what-goes-when/", going.what_goes_when, name="what_goes_when"),
    path("events/<slug:slug>/what-goes-when.json", going.what_goes_when_file, name="what_goes_when_file"),
    path("events/<slug:slug>/programme/", programme.programme, name="programme"),
    path("events/<slug:slug>/programme.json", programme.programme_json, name="programme_json"),
    path("events/<slug:slug>/sessions/<slug:session_slug>/", sessions.session, name="session"),
    path("events/<slug:slug>/card-<slug:name>.png", cards.event_card, name="event_card"),
    path(
        "events/<slug:slug>/sessions/<slug:session_slug>/card-<slug:name>.png", cards.session_card, name="session_card"
    ),
    path("events/<slug:slug>/contributors/<slug:public_id>/", sessions.contributor, name="contributor"),
]
