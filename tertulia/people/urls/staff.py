"""What stands before Wagtail's own addresses under /staff/: the door is ours, and accounts are not edited there."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from tertulia.people.views import door, staff

urlpatterns: list[URLPattern] = [
    path("login/", staff.to_staff_door, name="staff_login"),
    path("logout/", door.leave, name="staff_logout"),
    path("account/", staff.to_me, name="staff_account"),
    re_path(r"^users/(?P<rest>.*)$", staff.absent, name="staff_users"),
    re_path(r"^groups/(?P<rest>.*)$", staff.absent, name="staff_groups"),
    re_path(r"^password_reset/(?P<rest>.*)$", staff.absent, name="staff_password"),
    re_path(r"^bulk/people/(?P<rest>.*)$", staff.absent, name="staff_bulk_people"),
    re_path(r"^bulk/auth/(?P<rest>.*)$", staff.absent, name="staff_bulk_auth"),
]
