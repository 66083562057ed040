"""Addresses of the look itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.design import views

app_name = "design"
# These are the same in every language.
without_language: list[URLPattern] = [
    path("styles/<slug:name>.css", views.styles, name="styles"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("icons/<slug:kind>.png", views.icon_of, name="icon"),
    # At the root, because a worker answers for what stands below it.
    path("away-worker.js", views.away_worker, name="away_worker"),
]
urlpatterns: list[URLPattern] = [
    path("preferences/", views.preferences, name="preferences"),
    path("offline/", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("design/", views.gallery, name="gallery"),
]
