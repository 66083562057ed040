"""Whatever can be broken under a running house, while somebody's words pass through it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg

from tertulia.live.rehearsal.browser import Form, Page
from tests.deploy.canaries import STRANGER, Asking, Bird, Canaries, hatch, send
from tests.deploy.house import Apart, raw_line
from tests.deploy.scenes import SLUG, import_festival
from tests.ground.nursery import until

TOO_MANY = 21
BREATH = 14
NAMES_REFUSED = "ALTER TABLE programme_participation ADD CONSTRAINT planted CHECK (chosen_name = '') NOT VALID"
NAMES_TAKEN = "ALTER TABLE programme_participation DROP CONSTRAINT planted"
# What PostgreSQL then says has somebody's name in it.
NOT_CLOSED = """
CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'still here: %', (SELECT chosen_name FROM programme_participation LIMIT 1); END $$;
CREATE TRIGGER shut BEFORE UPDATE ON programme_event FOR EACH ROW EXECUTE FUNCTION shut();
"""
CLOSED = "DROP TRIGGER shut ON programme_event"
# The same for a task that deletes who was in.
NOT_FORGOTTEN = """
CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'cannot forget %', OLD.chosen_name; END $$;
CREATE TRIGGER planted BEFORE DELETE ON programme_participation FOR EACH ROW EXECUTE FUNCTION planted();
UPDATE programme_event SET closed_on = CURRENT_DATE - 40;
UPDATE project_due SET at = now() WHERE name = 'programme.clear_participations';
"""
FAILED = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE exception_class_path <> ''"
QUEUE = "SELECT coalesce(string_agg(row_to_json(task)::text, ' '), '') FROM django_tasks_database_dbtaskresult task"


class Wrongs:
    """All that goes wrong in one house.

    `seen` is what was answered, `commands` what the command line printed, `ended` the exit code of each.
    """

    SETTINGS: ClassVar = {
        "TERTULIA_NEWCOMERS_PER_MINUTE": "1000",
        "TERTULIA_LEASE_SECONDS": "4",
        "TERTULIA_RETRY_SECONDS": "0.2",
    }
    # What has to be answered: each of these is a path of its own.
    ANSWERS: ClassVar = {
        "name, broken": 500,
        "name, too long": 422,
        "name": 200,
        "by hand, broken": 422,
        "posts": [503, 422, 422, 415],
        "in one breath": [200, 429],
        "doors": {"/staff-door/": 422, "/come-back/device/": 422, "/come-back/passkey/": 422, "a square": 410},
        "phrase, broken": 500,
        "phrase": [422, 429],
        "away": 500,
        "commands": [2, 2, 1, 0, 2, 2, 2, 2],
    }

    @classmethod
    def all_of(cls, house: Apart) -> Wrongs:
        """Everything that can go wrong in a house that has just begun to start, one after the other."""
        import_festival(house)
        wrongs = cls(house, hatch())
        wrongs.refuse_requests()
        asyncio.run(wrongs.refuse_people())
        wrongs.refuse_commands()
        wrongs.spoil_copies()
        wrongs.kill_a_statement()
        asyncio.run(wrongs.stop_the_database())
        wrongs.fail_in_a_task()
        return wrongs

    def __init__(self, house: Apart, words: Canaries) -> None:
        self.house = house
        self.words = words
        self.seen: dict[str, object] = {}
        self.commands = ""
        self.ended: list[int] = []

    def answers(self) -> dict[str, object]:
        """What was answered on the way, and with which code each command ended."""
        return self.seen | {"commands": self.ended}

    def kept(self) -> dict[str, list[str]]:
        """Where which of the words were found: in logs, in the queue, in what commands printed."""
        texts = self.house.said() | {"queue": self._queue(), "commands": self.commands}
        found = {name: self.words.found_in(text) for name, text in texts.items()}
        return {name: kinds for name, kinds in sorted(found.items()) if kinds}

    def refuse_requests(self) -> int:
        """Requests that are refused before anybody is known: at nginx, at the pages, at the relay; how many."""
        count = 0
        asking = Asking(self.words)
        for place in (asking.at_nginx, asking.at_web, asking.at_relay):
            wrongs = list(place())
            answers = [send(wrong, *self._door(wrong.door)) for wrong in wrongs]
            assert answers == [wrong.status for wrong in wrongs], (place.__name__, answers)
            count += len(answers)
        with contextlib.suppress(OSError), raw_line(self.house.port, STRANGER) as line:
            line.sendall(b"\x16\x03\x01\x00\x05hello" + self.words.path.encode())
            line.recv(1000)
        return count

    async def refuse_people(self) -> None:
        """Names, messages and words that are refused, and those that a broken database cannot take."""
        bird, words = Bird(self.words, self.house.port, self.house.tls), self.words
        try:
            with self._broken(NAMES_REFUSED, NAMES_TAKEN):
                self.seen["name, broken"] = await come_in(bird, words.handle)
            self.seen["name, too long"] = await come_in(bird, words.handle * 9)
            self.seen["name"] = await come_in(bird, words.handle)
            await self._speak(bird)
            await self._knock(bird)
            await self._come_back(bird)
        finally:
            await bird.hang_up()

    def refuse_commands(self) -> None:
        """What is typed on the machine: words that open nothing, an event that the database does not let be closed."""
        self._type("what-we-know", given=f"{self.words.phrase}\n")
        self._type("event", "close", self.words.path)
        with self._broken(NOT_CLOSED, CLOSED):
            self._type("event", "close", SLUG)

    def fail_in_a_task(self) -> None:
        """A task that fails with somebody's name in what its exception says; its worker tries it again."""
        self._run(NOT_FORGOTTEN)
        until(lambda: self._asked(FAILED) != 0)

    def kill_a_statement(self) -> None:
        """A server process of PostgreSQL that is killed in the middle of a statement with a word in it."""
        with psycopg.connect(self.house.environment["DATABASE_URL"], autocommit=True) as line:
            process = line.info.backend_pid
            asking = threading.Thread(target=_ask_for_long, args=(line, self.words.message))
            asking.start()
            until(lambda: _waits(process))
            os.kill(process, signal.SIGKILL)
            asking.join()
        until(lambda: self.house.lacking() == [])

    async def stop_the_database(self) -> None:
        """Pages, posts and copies while PostgreSQL is away."""
        self.house.cluster.stop()
        bird = Bird(self.words, self.house.port, self.house.tls)
        try:
            self.seen["away"] = (await bird.get(f"/events/{self.words.path}/?q={self.words.query}")).status
            self._type("what-we-know", given=f"{self.words.phrase}\n")
            self._type("backup", str(self.house.folder / "house.age"))
        finally:
            await bird.hang_up()
            self.house.cluster.start()
        until(lambda: self.house.lacking() == [])

    def spoil_copies(self) -> None:
        """A copy of the keys, and its restore from something that is none."""
        self._type("backup", "--make-key", str(self.house.folder / "identity"))
        spoilt = self.house.folder / "spoilt.age"
        spoilt.write_text(self.words.message)
        for more in ([], ["--verify"]):
            self._type("restore", str(spoilt), "--identity", str(self.house.folder / "identity"), *more)

    def _door(self, name: str) -> tuple[int, ssl.SSLContext | None]:
        ports = {"nginx": self.house.port, "web": self.house.web_port, "relay": self.house.relay_port}
        return ports[name], self.house.tls if name == "nginx" else None

    async def _speak(self, bird: Bird) -> None:
        room = await sit_down(bird)
        address, text, kind = room.marked["data-stream"], self.words.message, "application/json"
        whole = json.dumps({"id": "0123456789abcdef", "text": text}).encode()
        with self._broken("ALTER TABLE rooms.entry RENAME TO gone", "ALTER TABLE rooms.gone RENAME TO entry"):
            broken = (await bird.post(address, whole, kind)).status
            by_hand: Form = room.form_with("text")
            by_hand.fields["text"] = text
            self.seen["by hand, broken"] = (await bird.submit(by_hand)).status
        long = json.dumps({"id": "0123456789abcdef", "text": text * 200}).encode()
        posts = [(long, kind), (b'{"text": ' + text.encode(), kind), (whole, "text/plain")]
        self.seen["posts"] = [broken, *[(await bird.post(address, body, of)).status for body, of in posts]]
        breath = [(await bird.post(address, whole, kind)).status for _time in range(BREATH)]
        self.seen["in one breath"] = sorted(set(breath))

    async def _knock(self, bird: Bird) -> None:
        """At the other doors, with what opens none of them."""
        words, doors = self.words, {}
        token = Page(await bird.get("/come-back/")).form_with("csrfmiddlewaretoken").fields["csrfmiddlewaretoken"]
        for path, given in {
            "/staff-door/": {"name": words.handle, "password": words.phrase, "code": words.message},
            "/come-back/device/": {"code": words.message},
            "/come-back/passkey/": {"answer": json.dumps({"id": words.cookie, "response": words.message})},
        }.items():
            doors[path] = (await bird.submit(Form(path, {"csrfmiddlewaretoken": token} | given))).status
        doors["a square"] = (await bird.get(f"/come-back/device/{words.path}/")).status
        self.seen["doors"] = doors

    async def _come_back(self, bird: Bird) -> None:
        form = Page(await bird.get("/come-back/")).form_with("csrfmiddlewaretoken")
        form.action, form.fields["phrase"] = "/come-back/", self.words.phrase
        with self._broken("ALTER TABLE people_account RENAME TO gone", "ALTER TABLE gone RENAME TO people_account"):
            self.seen["phrase, broken"] = (await bird.submit(form)).status
        tries = [(await bird.submit(form)).status for _time in range(TOO_MANY)]
        self.seen["phrase"] = sorted(set(tries))

    def _type(self, *words: str, given: str = "") -> None:
        done = self.house.command(*words, given=given)
        said = done.stdout + done.stderr
        for word in words:
            # What one has typed on the line stands in one's own terminal already.
            said = said.replace(word, "")
        self.commands += said
        self.ended.append(done.returncode)

    @contextlib.contextmanager
    def _broken(self, how: str, back: str) -> Iterator[None]:
        self._run(how)
        try:
            yield
        finally:
            self._run(back)

    def _run(self, statements: str) -> None:
        with psycopg.connect(self.house.environment["DATABASE_URL"], autocommit=True) as line:
            line.execute(statements.encode())

    def _asked(self, question: str) -> object:
        with psycopg.connect(self.house.environment["DATABASE_URL"], autocommit=True) as line:
            row = line.execute(question.encode()).fetchone()
        assert row
        return row[0]

    def _queue(self) -> str:
        return str(self._asked(QUEUE))


async def come_in(bird: Bird, name: str) -> int:
    """Come in to the festival, or go by another name there; the status of the answer."""
    form = Page(await bird.get(f"/events/{SLUG}/join/")).form_with("chosen_name")
    form.fields["chosen_name"] = name
    return (await bird.submit(form)).status


async def sit_down(bird: Bird) -> Page:
    """The first room of the festival."""
    event = Page(await bird.get(f"/events/{SLUG}/"))
    return Page(await bird.get(next(link for link in event.links if "/live/" in link)))


def _ask_for_long(line: psycopg.Connection, word: str) -> None:
    with contextlib.suppress(psycopg.Error):
        line.execute(f"SELECT pg_sleep(300), '{word}'".encode())


def _waits(process: int) -> bool:
    """Whether a process of PostgreSQL is in the middle of its statement: it calls itself by what it does."""
    return b"SELECT" in Path(f"/proc/{process}/cmdline").read_bytes()
