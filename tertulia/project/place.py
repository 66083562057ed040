"""Whether a server can listen: at an address of this machine and on a port."""

from __future__ import annotations

import errno
import socket

from django.core.management import CommandError

LAST_PORT = 65_535


def check_place(host: str, port: int) -> None:
    """CommandError for what cannot be listened on, before anything is started."""
    if not 0 <= port <= LAST_PORT:
        raise CommandError(f"a port is a number from 1 to {LAST_PORT}")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise CommandError(f"the port {port} is taken: name another one with --port") from fault
            raise CommandError(f"{host} port {port} cannot be listened on: {fault.strerror or fault}") from fault
