"""Addresses of the look itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.design import views

app_name = "design"
# These are the same in every language.
without_language: list[URLPattern] = [
    path("styles/<slug:name>.css", views.styles, name="styles"),
    path("favicon.ico", views.favicon, name="favicon"),
]
urlpatterns: list[URLPattern] = [
    path("preferences/", views.preferences, name="preferences"),
    path("design/", views.gallery, name="gallery"),
]
