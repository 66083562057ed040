"""Addresses of what looks across all parts."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.home import views

app_name = "home"

urlpatterns: list[URLPattern] = [
    path("privacy/", views.privacy, name="privacy"),
    path("card-<slug:name>.png", views.front_card, name="front_card"),
]

# These are the same in every language.
without_language: list[URLPattern] = [path("robots.txt", views.robots, name="robots")]
