"""The server: pages and relay in one process and on one port."""

from __future__ import annotations

import socket

import uvicorn
from django.conf import settings

from tertulia.live.queries import log_address
from tertulia.live.relay.hub import Hub
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.takeover import shared_protocol

GRACE_SECONDS = 10


class House(uvicorn.Server):
    """Pages, streams and the hub between them; they start and end together."""

    def __init__(self, host: str, port: int) -> None:
        self.relay = Relay(log_address(), settings.KEYS, settings.KEYS.make("tickets"))
        self.hub = Hub(self.relay, settings.LIVE_SOCKET)
        super().__init__(
            uvicorn.Config(
                "tertulia.project.asgi:application",
                host=host,
                port=port,
                http=shared_protocol(self.relay),
                ws="none",
                loop="uvloop",
                lifespan="off",
                interface="asgi3",
                access_log=False,
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take the place of the one relay, then open the port."""
        await self.hub.start()
        self.relay.start()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the pages that are under way, which may still want to speak, then the relay."""
        await super().shutdown(sockets)
        await self.hub.stop()
        await self.relay.stop()
