"""Addresses of events, their programme, their sessions, and of coming in."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.programme.views import participation

app_name = "programme"
urlpatterns: list[URLPattern] = [
    path("events/<slug:slug>/join/", participation.join, name="join"),
]
