"""One participant of a rehearsal: comes in, looks at the programme, listens, speaks, drops off and returns."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import httptools

from tertulia.live.rehearsal.books import Books, Heard
from tertulia.live.rehearsal.browser import Browser, LineDown, Page, Response

# How long a participant keeps trying while the server is being restarted.
KEEPS_TRYING_SECONDS = 60
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0

Answer = TypeVar("Answer")


class GaveUp(Exception):  # noqa: N818 - it describes the participant
    """Something did not work for a minute, or the answer made no sense."""


@dataclass
class Seat:
    """Where a participant sits: the stream, the page that renews the ticket, and the last position heard."""

    stream: str
    ticket: str
    position: str


class Participant:
    """A client over HTTP; whatever fails for want of a line is tried again."""

    def __init__(self, number: int, zones: int, browser: Browser, books: Books) -> None:
        self.name = f"rehearsal {number}"
        self.number = number
        self.zones = zones
        self.browser = browser
        self.books = books
        self.seat: Seat
        self.heard: Heard
        self._listening: asyncio.Task[None] | None = None
        self._present = asyncio.Event()

    async def come_in(self, slug: str) -> None:
        """Come in to the event, choose a zone, open programme and room, and listen; GaveUp."""
        started = time.perf_counter()
        page = await self._page(f"/events/{slug}/join/")
        form = page.form_with("chosen_name")
        form.fields["chosen_name"] = self.name
        await self._try(lambda: self.browser.submit(form))
        await self._choose_zone()
        await self._page(f"/events/{slug}/programme/")
        await self._sit_down(slug)
        self._listening = asyncio.create_task(self._listen())
        await asyncio.wait_for(self._present.wait(), KEEPS_TRYING_SECONDS)
        self.books.joins.append((time.perf_counter() - started) * 1000)

    async def say(self) -> None:
        """Say something; the same message is tried until it is acknowledged. GaveUp."""
        message = secrets.token_hex(8)
        text = f"{random.choice(_WORDS)} {random.choice(_WORDS)} #{message}"  # noqa: S311 - small talk
        body = json.dumps({"id": message, "text": text}).encode()
        self.books.sent_at[message] = time.perf_counter()
        answer = await self._try(lambda: self._post(body))
        self.books.acknowledged[message] = int(json.loads(answer.body)["sequence"])

    async def drop_off(self, seconds: float) -> None:
        """Lose the line without a word, and return after `seconds`."""
        await self._stop_listening()
        await self.browser.hang_up()
        await asyncio.sleep(seconds)
        self._listening = asyncio.create_task(self._listen())

    async def leave(self) -> None:
        """Go home."""
        await self._stop_listening()
        await self.browser.hang_up()

    async def _choose_zone(self) -> None:
        page = await self._page("/preferences/")
        form = page.form_with("zone")
        form.fields["zone"] = _one_of([zone for zone in form.choices["zone"] if zone], self.number, self.zones)
        await self._try(lambda: self.browser.submit(form))

    async def _sit_down(self, slug: str) -> None:
        event = await self._page(f"/events/{slug}/")
        rooms = [link for link in event.links if "/live/" in link]
        if not rooms:
            raise GaveUp(f"the event {slug} has no room to talk in")
        room = await self._page(rooms[0])
        self.seat = Seat(room.marked["data-stream"], room.marked["data-ticket"], room.marked["data-after"])
        self.heard = Heard(after=_sequence(self.seat.position))
        self.books.heard.append(self.heard)
        self.books.room = self.seat.stream.rpartition("/")[2]

    async def _page(self, path: str) -> Page:
        return Page(await self._try(lambda: self.browser.get(path)))

    async def _post(self, body: bytes) -> Response:
        answer = await self.browser.post(self.seat.stream, body, "application/json")
        if answer.status == 401:  # noqa: PLR2004 - the ticket has run out
            await self.browser.get(self.seat.ticket)
        return answer

    async def _try(self, ask: Callable[[], Awaitable[Response]]) -> Response:
        """Ask until the answer is 200.

        Given up: what cannot succeed, what is refused for a minute, and a server that nobody reaches for a minute.
        """
        pause, until = SHORTEST_PAUSE, time.perf_counter() + KEEPS_TRYING_SECONDS
        while True:
            try:
                answer = await ask()
                self.books.contact = time.perf_counter()
                why = f"{answer.path} answered {answer.status}"
                if answer.status == 200:  # noqa: PLR2004
                    return answer
                if answer.status < 500 and answer.status not in {401, 429}:  # noqa: PLR2004
                    raise GaveUp(why)
            except LineDown as fault:
                why, until = str(fault), max(until, self.books.contact + KEEPS_TRYING_SECONDS)
            if time.perf_counter() > until:
                raise GaveUp(why)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _listen(self) -> None:
        """Keep a stream open; after a loss, go on from the last position heard."""
        pause, until = SHORTEST_PAUSE, time.perf_counter() + KEEPS_TRYING_SECONDS
        while time.perf_counter() < max(until, self.books.contact + KEEPS_TRYING_SECONDS):
            with contextlib.suppress(OSError, httptools.HttpParserError, LineDown):
                if await self._hear_stream():
                    pause, until = SHORTEST_PAUSE, time.perf_counter() + KEEPS_TRYING_SECONDS
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        self.books.errors.append(f"{self.name} could not return to the room")

    async def _hear_stream(self) -> bool:
        """Listen until the stream ends; whether it was one."""
        is_one = False
        async with contextlib.aclosing(self.browser.stream(self.seat.stream, self.seat.position)) as heard:
            async for piece in heard:
                if isinstance(piece, str):
                    self._take(piece)
                    continue
                is_one = piece.status == 200  # noqa: PLR2004
                if piece.status == 401:  # noqa: PLR2004 - the ticket has run out
                    await self.browser.get(self.seat.ticket)
                if not is_one:
                    break
        return is_one

    def _take(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if ": " in line)
        if fields.get("event") == "present":
            self._present.set()
        elif fields.get("event") == "reset":
            self.books.errors.append(f"{self.name} was told to fetch the room anew")
        elif "id" in fields:
            self.seat.position = fields["id"]
            message = message_in(json.loads(fields["data"])["text"])
            self.books.hear(self.heard, _sequence(fields["id"]), message, time.perf_counter())

    async def _stop_listening(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.wait({self._listening})


def _one_of(zones: list[str], number: int, wanted: int) -> str:
    """The zone of participant `number` when `wanted` of them are used, spread over the list and so over the world."""
    step = max(1, len(zones) // wanted)
    return zones[::step][number % wanted]


def message_in(text: str) -> str:
    """The id that a rehearsal's message carries in its text."""
    return text.rpartition("#")[2]


def _sequence(position: str) -> int:
    return int(position.rpartition("-")[2])


_WORDS = ("hello", "hola", "مرحبا", "olá", "привет", "bonjour", "night", "noche", "ليل", "star", "tent", "poem")
