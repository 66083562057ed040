"""The hub: a Unix socket on which pages hand posts to a relay, and say how rooms are kept; a line of JSON each way.

Only processes of the same user reach it: the file is theirs alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import socket
from pathlib import Path
from typing import Any

from tertulia.live.relay.changes import Change, NoSuchMessage
from tertulia.live.relay.control import Control, Refusal
from tertulia.live.relay.entries import Malformed, sequence_in
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.speaking import Speaker, carry_out, decide, receive
from tertulia.live.relay.writer import NoSuchRoom, NotStored

LINE_BYTES = 65_536
PATIENCE_SECONDS = 10.0
# So often a relay that stands by looks whether the place has become free.
LOOK_AGAIN_SECONDS = 1.0
# Who only looks whether the relay is there does not wait that long.
LOOK_SECONDS = 3.0
HOW_IS_IT: dict[str, Any] = {"ask": "how it is"}
# Linux allows 107 bytes for the path of a socket.
PATH_BYTES = 107

log = logging.getLogger("tertulia.relay")


class Taken(Exception):  # noqa: N818 - it describes the place
    """Another relay serves this place already."""


class Occupied(Taken):
    """It may become free."""


class NoRelay(NotStored):
    """No relay runs at this moment."""


_REFUSALS: dict[type[Exception], str] = {
    Malformed: "malformed",
    NoSuchRoom: "no such room",
    NoSuchMessage: "no such message",
    NotStored: "not stored",
}


class Hub:
    """Answers the pages of this host for one relay, and makes sure that it is the only one that does."""

    def __init__(self, relay: Relay, path: Path) -> None:
        self.relay = relay
        self.path = path
        self._server: asyncio.Server | None = None
        self._lock = -1
        self._standing_by: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take the place (Taken if somebody has it) and listen."""
        if len(os.fsencode(self.path)) > PATH_BYTES:
            raise Taken(f"the path of the data folder is too long for a socket: {self.path}")
        self._lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            os.close(self._lock)
            raise Occupied(f"another server uses the data folder {self.path.parent}") from fault
        self.path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, self.path, limit=LINE_BYTES)
        finally:
            os.umask(mask)

    async def start_or_stand_by(self) -> None:
        """Take the place, now or as soon as the relay that has it leaves it or dies. Taken if it never can be."""
        try:
            await self.start()
        except Occupied:
            log.info("another relay answers the pages of this host; this one stands by")
            self._standing_by = asyncio.create_task(self._stand_by())

    async def stop(self) -> None:
        """Leave the place to the next one."""
        if self._standing_by:
            self._standing_by.cancel()
        if self._server:
            self._server.close()
            self._server = None
            self.path.unlink(missing_ok=True)
            os.close(self._lock)

    async def _stand_by(self) -> None:
        while self._server is None:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            with contextlib.suppress(Occupied):
                await self.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            return await self._carry_out(asked)
        except Refusal as fault:
            return {"refused": fault.reason, "why": str(fault), "wait": fault.wait}
        except tuple(_REFUSALS) as fault:
            refused = _REFUSALS[type(fault)]
            return {"refused": refused, "why": f"there is {refused}" if refused == "no such room" else str(fault)}
        except (ValueError, KeyError, TypeError):
            return {"refused": "malformed", "why": "not a request"}
        except Exception as fault:  # noqa: BLE001 - one request must not end the line, nor a traceback quote people
            log.error("a page's request failed: %s", type(fault).__name__)  # noqa: TRY400
            return {"refused": "not stored", "why": "something went wrong here"}

    async def _carry_out(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked == HOW_IS_IT:
            return {"lacking": await self.relay.lacking()}
        if "send_away" in asked:
            return {"sent_away": await self.relay.send_away(frozenset(asked["send_away"]))}
        if "control" in asked:
            control = Control.parse(asked["control"])
            return {"version": await self.relay.command(asked["room"], int(asked["version"]), control)}
        if "decide" in asked:
            approve = bool(asked["approve"])
            return {"sequence": await decide(self.relay, asked["room"], _sequence(asked, "decide"), approve=approve)}
        if "remove" in asked:
            change = Change(asked["room"], "", f"remove {asked['remove']}", _sequence(asked, "remove"), None)
            return {"sequence": await carry_out(self.relay, change)}
        room = await self.relay.room(asked["room"])
        said = await receive(self.relay, room, Speaker(asked["author"], asked["name"]), asked["message"])
        return {"held" if said.is_held else "sequence": said.sequence}


def _sequence(asked: dict[str, Any], name: str) -> int:
    sequence = sequence_in(asked, name)
    if sequence is None:
        raise Malformed(f"{name} is the number of a message")
    return sequence


def lacking(path: Path) -> list[str]:
    """What the relay behind the hub at `path` lacks, as `Relay.lacking`; "relay" if nobody answers in 3 s."""
    try:
        answer = ask(path, HOW_IS_IT, LOOK_SECONDS)
    except NotStored:
        return ["relay"]
    return [str(part) for part in answer.get("lacking", ["relay"])]


def ask(path: Path, request: dict[str, Any], patience: float = PATIENCE_SECONDS) -> dict[str, Any]:
    """Hand one request to the hub at `path` and wait for its answer.

    NotStored if none comes in `patience` seconds; NoRelay, which is one, if nobody is there to answer.
    """
    question = json.dumps(request).encode() + b"\n"
    if len(question) > LINE_BYTES:
        return {"refused": "malformed", "why": "the message is too long"}
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(patience)
            line.connect(os.fspath(path))
            line.sendall(question)
            answer = json.loads(line.makefile("rb").readline())
    except (FileNotFoundError, ConnectionRefusedError) as fault:
        raise NoRelay("the room cannot be reached just now") from fault
    except (OSError, ValueError) as fault:
        raise NotStored("the room cannot be reached just now") from fault
    if not isinstance(answer, dict):
        raise NotStored("the room cannot be reached just now")
    return answer
