"""What stands before Wagtail's own addresses under /staff/: the door is ours, and accounts are not edited there."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from tertulia.people import views

urlpatterns: list[URLPattern] = [
    path("login/", views.to_staff_door, name="staff_login"),
    path("logout/", views.leave, name="staff_logout"),
    path("account/", views.to_me, name="staff_account"),
    re_path(r"^users/(?P<rest>.*)$", views.absent, name="staff_users"),
    re_path(r"^groups/(?P<rest>.*)$", views.absent, name="staff_groups"),
    re_path(r"^password_reset/(?P<rest>.*)$", views.absent, name="staff_password"),
    re_path(r"^bulk/people/(?P<rest>.*)$", views.absent, name="staff_bulk_people"),
    re_path(r"^bulk/auth/(?P<rest>.*)$", views.absent, name="staff_bulk_auth"),
]
