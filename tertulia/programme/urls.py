"""Addresses of events, their programme, their sessions, and of coming in."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "programme"
urlpatterns: list[URLPattern] = []
