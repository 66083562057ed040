"""The address that stands in links: what the operator said, else where the house was last served."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tertulia.project import environment

HOST = "127.0.0.1"
PORT = 8000
FILE = "address"
EVERY_ADDRESS = {"0.0.0.0", "::", ""}  # noqa: S104 - told apart, not listened on


def add_options(parser: argparse.ArgumentParser, port: int = PORT) -> None:
    """Where a server listens, as it is said on the line; `port` holds if none is given."""
    parser.add_argument("--host", default=HOST, help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=port, help=f"the port, 1 to 65535 (default: {port})")


def address_at(host: str, port: int) -> str:
    """What is typed into a browser on this machine to reach `host` (a name or an address) and `port`."""
    reached = HOST if host in EVERY_ADDRESS else host
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"


def settle(words: Sequence[str]) -> None:
    """Before settings are read: let what stands after `serve` on the line decide, unless TERTULIA_URL is set.

    A line that cannot be read is left to the command, which says what is wrong with it.
    """
    if environment.given("TERTULIA_URL"):
        return
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_options(parser)
    try:
        asked, _rest = parser.parse_known_args(list(words))
    except argparse.ArgumentError:
        return
    os.environ["TERTULIA_URL"] = address_at(asked.host, asked.port)


def public_address(folder: Path) -> str:
    """TERTULIA_URL; without it, where the house in the data `folder` was last served; before that, its default."""
    return environment.given("TERTULIA_URL") or _noted(folder) or environment.value("TERTULIA_URL")


def note(folder: Path, address: str) -> None:
    """Write into the data `folder` where the house is served, for the commands that print links."""
    draft = folder / f"{FILE}.new"
    draft.write_text(address + "\n", "utf-8")
    draft.replace(folder / FILE)


def _noted(folder: Path) -> str:
    """What `note` wrote; empty if there is nothing, or something else."""
    try:
        noted = (folder / FILE).read_text("utf-8").strip()
        return noted if urlsplit(noted).hostname else ""
    except (OSError, ValueError):
        return ""
