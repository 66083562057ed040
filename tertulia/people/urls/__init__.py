"""Addresses of coming back, of oneself and what is held about one, of leaving, and of the staff's door."""

from __future__ import annotations

from django.urls import URLPattern, path

from tertulia.people.views import consent, device, door, entering, factors, known, passkey, place, staff

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("come-back/", door.come_back, name="come_back"),
    path("come-back/passkey/", passkey.come_back_by_passkey, name="come_back_by_passkey"),
    path("come-back/passkey/begin/", passkey.begin_coming_back, name="begin_coming_back"),
    path("come-back/device/", device.come_by_code, name="come_by_code"),
    path("come-back/device/<str:token>/", device.come_by_square, name="come_by_square"),
    path("me/second-device/", device.second_device, name="second_device"),
    path("me/", place.me, name="me"),
    path("me/way-back/", place.way_back, name="way_back"),
    path("me/way-back/file/", place.way_back_file, name="way_back_file"),
    path("me/way-back/keep/", place.keep_way_back, name="keep_way_back"),
    path("me/passkeys/", passkey.passkeys, name="passkeys"),
    path("me/passkeys/begin/", passkey.begin_adding, name="begin_adding"),
    path("me/passkeys/<int:number>/remove/", passkey.remove_passkey, name="remove_passkey"),
    path("me/delete/", place.delete, name="delete"),
    path("me/what-we-know/", known.what_we_know, name="what_we_know"),
    path("me/what-we-know.json", known.what_we_know_file, name="what_we_know_file"),
    path("me/notices/", known.notices, name="notices"),
    path("me/notices/<slug:public_id>/read/", known.read_notice, name="read_notice"),
    path("me/notices/<slug:public_id>/delete/", known.delete_notice, name="delete_notice"),
    path("me/consents/<slug:person>/<slug:purpose>/", consent.give, name="give"),
    path("me/consents/<slug:person>/<slug:purpose>/take-back/", consent.take_back, name="take_back"),
    path("me/claim/", consent.claim_kept, name="claim_kept"),
    path("me/claim/<str:token>/", consent.claim, name="claim"),
    path("deleted/", place.deleted, name="deleted"),
    path("leave/", door.leave, name="leave"),
    path("left/", door.left, name="left"),
    # In front of a form of the library that asks for a password.
    path("_util/login/", staff.to_staff_door, name="no_password"),
    path("staff-door/", staff.sign_in, name="sign_in"),
    path("staff-door/lost/", staff.lost_factor, name="lost_factor"),
    path("staff-door/passkey/", entering.enter, name="enter_with_passkey"),
    path("staff-door/passkey/begin/", entering.begin_entering, name="begin_passkey"),
    path("staff-door/factors/", factors.factors, name="factors"),
    path("staff-door/factors/app/", factors.app, name="factor_app"),
    path("staff-door/factors/codes/", factors.codes, name="recovery_codes"),
    path("staff-door/factors/passkey/", entering.add, name="factor_passkey"),
    path("staff-door/factors/passkey/begin/", entering.begin_adding, name="begin_adding_passkey"),
    path("staff-door/factors/<int:key>/remove/", factors.remove, name="remove_factor"),
    path("staff-door/prove/", factors.prove, name="prove"),
    path("staff-door/prove/passkey/", entering.prove, name="prove_with_passkey"),
    path("staff-door/<str:token>/", staff.sign_in_by_link, name="sign_in_by_link"),
]
