"""The peer: one room on Django Channels and Redis, as server-sent events; it runs in an environment of its own."""

from __future__ import annotations

import os

import django
from channels.generic.http import AsyncHttpConsumer
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

REDIS = {"hosts": [("127.0.0.1", int(os.environ["REDIS_PORT"]))], "capacity": 1_000_000, "expiry": 600}
settings.configure(
    SECRET_KEY="of a benchmark",  # noqa: S106
    CHANNEL_LAYERS={"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": REDIS}},
)
django.setup()


class Listen(AsyncHttpConsumer):
    """A listener: everything that the group is sent."""

    async def http_request(self, message: dict[str, object]) -> None:  # noqa: ARG002
        """Join the group, then begin the answer, which stays open."""
        await self.channel_layer.group_add("room", self.channel_name)
        await self.send_headers(headers=[(b"content-type", b"text/event-stream")])
        await self.send_body(b"retry: 2000\n\n", more_body=True)

    async def disconnect(self) -> None:
        """Leave."""
        await self.channel_layer.group_discard("room", self.channel_name)

    async def said(self, event: dict[str, bytes]) -> None:
        """Hand on what was said, which is encoded already."""
        await self.send_body(event["frame"], more_body=True)


class Say(AsyncHttpConsumer):
    """A post: sent to the group, then acknowledged; nothing is stored."""

    async def handle(self, body: bytes) -> None:
        """Send it."""
        await get_channel_layer().group_send("room", {"type": "said", "frame": b"data: " + body + b"\n\n"})
        await self.send_response(200, b"{}", headers=[(b"content-length", b"2")])


class Here(AsyncHttpConsumer):
    """Says that the server runs."""

    async def handle(self, body: bytes) -> None:  # noqa: ARG002
        """Say so."""
        await self.send_response(200, b"here", headers=[(b"content-length", b"4")])


application = URLRouter([path("listen", Listen.as_asgi()), path("say", Say.as_asgi()), path("here", Here.as_asgi())])
