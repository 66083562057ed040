"""What stands before Wagtail's own addresses under /staff/: the door is ours, and accounts are not edited there."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from tertulia.people import views

urlpatterns: list[URLPattern] = [
    path("login/", views.to_staff_door),
    path("logout/", views.leave),
    path("account/", views.to_me),
    re_path(r"^(?:users|groups|password_reset)/", views.absent),
    re_path(r"^bulk/(?:people|auth)/", views.absent),
]
