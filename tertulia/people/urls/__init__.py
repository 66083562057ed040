"""Addresses of coming back, of oneself, of leaving, and of the staff's door."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.people import views

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("come-back/", views.come_back, name="come_back"),
    path("me/", views.me, name="me"),
    path("me/way-back/", views.way_back, name="way_back"),
    path("me/way-back/keep/", views.keep_way_back, name="keep_way_back"),
    path("me/delete/", views.delete, name="delete"),
    path("deleted/", views.deleted, name="deleted"),
    path("leave/", views.leave, name="leave"),
    path("left/", views.left, name="left"),
    # In front of a form of the library that asks for a password.
    path("_util/login/", views.to_staff_door, name="no_password"),
    path("staff-door/", views.sign_in, name="sign_in"),
    path("staff-door/<str:token>/", views.sign_in_by_link, name="sign_in_by_link"),
]
