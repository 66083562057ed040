"""One participant of a rehearsal: comes in, says a country, listens, speaks, drops off and returns."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tertulia.live.rehearsal.books import Books
from tertulia.live.rehearsal.browser import Browser, Form, LineDown, Response
from tertulia.live.rehearsal.listener import (
    KEEPS_TRYING_SECONDS,
    LONGEST_PAUSE,
    NO_TICKET,
    OK,
    SHORTEST_PAUSE,
    Hearing,
    Listener,
)
from tertulia.live.rehearsal.measures import Measures
from tertulia.live.rehearsal.messages import new_message
from tertulia.live.rehearsal.pages import first_room, form_with, marked, spread, task_of
from tertulia.live.rehearsal.plan import Plan
from tertulia.live.rehearsal.work import work

FOUND, TOO_MANY = 302, 429
FAULT_OF_THE_SERVER = 500
PREFERENCES, TOKEN = "/preferences/", "csrfmiddlewaretoken"
# Every so many has no scripts, and so waits instead of working.
WITHOUT_SCRIPTS = 50
LONGEST_WAIT = 60


class GaveUp(Exception):  # noqa: N818 - it describes the participant
    """Something did not work for a minute, or the answer made no sense."""


@dataclass
class Company:
    """What the participants of one process share: where they go, the books, and what is measured just now."""

    plan: Plan
    books: Books
    hearing: Hearing
    measures: Measures
    source: str = ""
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        # A device works for itself; here all share a processor.
        self.device = asyncio.Lock()
        self.zones: list[str] = []


class Participant:
    """A client over HTTP; whatever fails for want of a line is tried again."""

    __slots__ = ("browser", "company", "is_busy", "listener", "name", "number", "spared")

    def __init__(self, number: int, company: Company) -> None:
        plan = company.plan
        self.name = f"rehearsal {number}"
        self.number = number
        self.company = company
        self.browser = Browser(plan.host, plan.port, company.tls, source=company.source)
        self.listener: Listener | None = None
        self.is_busy = False
        self.spared = 0.0

    async def come_in(self) -> None:
        """Come in to the event, say country and zone, open programme and room, and listen; GaveUp, LookupError.

        What a device works, and half a minute that one waits, is not counted: it is meant to be.
        """
        slug, started = self.company.plan.slug, time.monotonic()
        await self._pass_the_door(form_with("chosen_name", await self._open("the door", f"/events/{slug}/join/")))
        event = await self._say_where_from(f"/events/{slug}/where-from/")
        await self.look_at_programme()
        await self._sit_down(first_room(event))
        await self.browser.hang_up()
        self.company.measures.joins.add(time.monotonic() - started - self.spared)

    async def say(self, number: int) -> None:
        """Say something; the same message is tried until it is acknowledged. GaveUp."""
        message, text = new_message(number, time.monotonic())
        body = json.dumps({"id": message, "text": text}).encode()
        answer = await self._try(lambda: self._post(body))
        self.company.books.acknowledged[message] = int(json.loads(answer.body)["sequence"])

    async def look_at_programme(self) -> None:
        """Open the programme; GaveUp."""
        await self._open("the programme", f"/events/{self.company.plan.slug}/programme/")

    async def drop_off(self, seconds: float) -> None:
        """Lose the line without a word, and return after `seconds`."""
        assert self.listener  # noqa: S101 - tells the type checker
        self.listener.end()
        await self.browser.hang_up()
        await asyncio.sleep(seconds)
        self.listener.begin()

    async def leave(self) -> None:
        """Go home."""
        if self.listener:
            self.listener.end()
        await self.browser.hang_up()

    async def _pass_the_door(self, form: Form) -> None:
        form.fields["chosen_name"] = self.name
        answer = await self._send_in(form)
        while answer.status == TOO_MANY:
            began, form = time.monotonic(), form_with("chosen_name", answer)
            await self._do_as_asked(form, answer)
            self.spared += time.monotonic() - began
            answer = await self._send_in(form)
        await self._open("the way back in", answer.header("location"))

    async def _send_in(self, form: Form) -> Response:
        return await self._timed("coming in", lambda: self.browser.send(form), {FOUND, TOO_MANY})

    async def _do_as_asked(self, form: Form, answer: Response) -> None:
        """While very many come in: work, as a script does, or wait, as one does without."""
        measures, task = self.company.measures, task_of(answer)
        if task and self.number % WITHOUT_SCRIPTS:
            async with self.company.device:
                form.fields["done"] = await work(*task)
            measures.worked += 1
            return
        wait = answer.header("retry-after")
        await asyncio.sleep(min(LONGEST_WAIT, int(wait) if wait.isdigit() else 1))
        measures.waited += 1

    async def _say_where_from(self, path: str) -> Response:
        """Say a country, as one is asked to; the event's page, to which that leads."""
        form = form_with("country", await self._open("the question where from", path))
        await self._choose_zone(form.fields[TOKEN])
        form.fields["country"] = spread(form.choices["country"], self.number, self.company.plan.countries)
        answer = await self._timed("the answer where from", lambda: self.browser.send(form), {FOUND})
        return await self._open("the event's page", answer.header("location"))

    async def _choose_zone(self, token: str) -> None:
        """As a device does that knows its zone: what there is to choose from is looked up by one for all."""
        company = self.company
        if not company.zones:
            asked = form_with("zone", await self._try(lambda: self.browser.get(PREFERENCES)))
            company.zones = asked.choices["zone"]
        zone = spread(company.zones, self.number, company.plan.countries)
        form = Form(PREFERENCES, {TOKEN: token, "zone": zone, "scheme": "", "next": ""})
        await self._try(lambda: self.browser.send(form), {FOUND})

    async def _sit_down(self, path: str) -> None:
        room = await self._open("the room's page", path)
        stream, ticket, position = (marked(room, name) for name in ("stream", "ticket", "after"))
        self.listener = Listener(self.name, self.browser, self.company.hearing, stream, ticket, position)
        self.company.books.room = stream.rpartition("/")[2]
        there = asyncio.Event()
        self.listener.present = there.set
        self.listener.begin()
        await asyncio.wait_for(there.wait(), KEEPS_TRYING_SECONDS)

    async def _open(self, kind: str, path: str) -> Response:
        return await self._timed(kind, lambda: self.browser.get(path), {OK})

    async def _timed(self, kind: str, ask: Callable[[], Awaitable[Response]], good: set[int]) -> Response:
        began = time.monotonic()
        answer = await self._try(ask, good)
        self.company.measures.page(kind, time.monotonic() - began)
        return answer

    async def _post(self, body: bytes) -> Response:
        assert self.listener  # noqa: S101 - tells the type checker
        answer = await self.browser.post(self.listener.stream, body, "application/json")
        if answer.status == NO_TICKET:
            await self.browser.get(self.listener.ticket)
        return answer

    async def _try(self, ask: Callable[[], Awaitable[Response]], good: set[int] | None = None) -> Response:
        """Ask until the answer is a `good` one, else 200.

        Given up: what cannot succeed, what is refused for a minute, and a server that nobody reaches for a minute.
        """
        pause, until, hearing = SHORTEST_PAUSE, time.monotonic() + KEEPS_TRYING_SECONDS, self.company.hearing
        while True:
            try:
                answer = await ask()
                hearing.contact = time.monotonic()
                why = f"{answer.path} answered {answer.status}"
                if answer.status in (good or {OK}):
                    return answer
                if answer.status < FAULT_OF_THE_SERVER and answer.status not in {NO_TICKET, TOO_MANY}:
                    raise GaveUp(why)
            except LineDown as fault:
                why, until = str(fault), max(until, hearing.contact + KEEPS_TRYING_SECONDS)
            if time.monotonic() > until:
                raise GaveUp(why)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
