"""Addresses of rooms; their streams, under /stream/, belong to the relay."""

from __future__ import annotations

from django.urls import path

from tertulia.live.views import door, message, moderation, room, search

app_name = "live"
urlpatterns = [
    path("live/avatars/<slug:author>.svg", room.avatar, name="avatar"),
    path("live/<slug:public_id>/", room.room, name="room"),
    path("live/<slug:public_id>/ticket/", room.ticket, name="ticket"),
    path("live/<slug:public_id>/search/", search.search, name="search"),
    path("live/<slug:public_id>/messages/<int:sequence>/", message.message, name="message"),
    path("live/<slug:public_id>/invited/<slug:token>/", door.invited, name="invited"),
    path("live/<slug:public_id>/one-of-us/", door.one_of_us, name="one_of_us"),
    path("live/<slug:public_id>/moderation/", moderation.moderation, name="moderation"),
    path("live/<slug:public_id>/moderation/invitation/", moderation.renew, name="renew_invitation"),
    path("live/<slug:public_id>/moderation/waiting/<int:sequence>/", moderation.decide, name="decide"),
    path("live/<slug:public_id>/moderation/restrictions/<int:number>/lift/", moderation.lift, name="lift"),
    path("live/<slug:public_id>/moderation/messages/<int:sequence>/remove/", moderation.remove, name="remove"),
    path("live/<slug:public_id>/moderation/messages/<int:sequence>/mute/", moderation.mute, name="mute"),
    path("live/<slug:public_id>/moderation/messages/<int:sequence>/ask-to-leave/", moderation.ban, name="ban"),
]
