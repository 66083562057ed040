"""Addresses of rooms; their streams, under /stream/, belong to the relay."""

from __future__ import annotations

from django.urls import path

from tertulia.live import views

app_name = "live"
urlpatterns = [
    path("live/avatars/<slug:author>.svg", views.avatar, name="avatar"),
    path("live/<slug:public_id>/", views.room, name="room"),
    path("live/<slug:public_id>/ticket/", views.ticket, name="ticket"),
]
