"""What has to hold on a server; each scene plays on a running house and says what was seen, or fails."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import random
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator

import psycopg

from tertulia.live.rehearsal.browser import Browser, Form, Page, Response
from tests.deploy.house import ROOT, Apart, raw_line
from tests.ground.nursery import until
from tests.ground.observatory import score

SLUG = "one-sky"
FESTIVAL = ROOT / "tests/programme/files/festival.json"
STRANGER = "127.0.0.77"
SECRET = "a-word-that-nobody-may-keep"
PATIENCE_SECONDS = 30


def import_festival(house: Apart) -> None:
    """A programme through the command line, while the services begin; its rooms are opened by the worker."""
    done = house.command("event", "import", str(FESTIVAL), "--slug", SLUG)
    assert done.returncode == 0, done.stderr
    house.wait()
    until(lambda: b"/live/" in house.ask(f"/events/{SLUG}/")[2])


def all_is_ready(house: Apart) -> str:
    """Web and relay say that they are alive and ready, without a cookie; from outside one is told of life alone."""
    for port in (house.web_port, house.relay_port):
        for path, told in (("/healthz", {"alive": True}), ("/readyz", {"ready": True, "lacking": []})):
            status, headers, body = house.look(port, path)
            assert (status, json.loads(body)) == (200, told)
            assert "set-cookie" not in headers
            assert "no-store" in headers["cache-control"]
    assert house.ask("/healthz")[0] == 200
    assert house.ask("/readyz")[0] == 404
    assert house.look(house.web_port, "/stream/nowhere")[0] == 503
    assert "healthz" not in house.said()["web.log"]
    return "web and relay are ready"


def pages_have_their_headers(house: Apart) -> str:
    """A page comes compressed over HTTP/2 and TLS with the policy of the house, and nginx says no more of itself."""
    status, headers, body = house.ask(f"/events/{SLUG}/", {"Accept-Encoding": "gzip"})
    assert (status, headers["content-type"], headers["content-encoding"]) == (200, "text/html; charset=utf-8", "gzip")
    assert b"</html>" in gzip.decompress(body)
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert headers["content-security-policy"].endswith("; upgrade-insecure-requests")
    held = ("strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy", "server")
    assert [headers[name] for name in held] == ["max-age=31536000", "nosniff", "DENY", "same-origin", "nginx"]
    assert _protocol(house) == "h2"
    status, headers, _ = house.ask(_script_of(house))
    assert (status, headers["cache-control"]) == (200, "max-age=315360000, public, immutable")
    assert headers["x-content-type-options"] == "nosniff"
    asked = [_script_of(house), "/healthz", "/readyz", "/stream/x", "/staff-door/", "/nowhere/", f"/events/{SLUG}/"]
    points = {path: score(house.ask(path)[1]) for path in asked}
    assert min(points.values()) >= 130, points
    plain = house.look(house.plain_port, "/events/?a=1")
    assert (plain[0], plain[1]["location"]) == (301, f"{house.url}/events/?a=1")
    return f"{min(points.values())} points, {len(body)} bytes compressed, h2, {headers['server']} without its version"


def _script_of(house: Apart) -> str:
    """The address of a script that the page of the festival asks for."""
    (script,) = set(re.findall(r"/static/design/time\.[0-9a-f]+\.js", house.ask(f"/events/{SLUG}/")[2].decode()))
    return str(script)


def books_balance(house: Apart, participants: int, minutes: float, rate: float = 5.0) -> str:
    """People rehearse through nginx while the relay is killed and started again: nothing is lost, nothing doubled."""
    words = ["--participants", str(participants), "--countries", "20", "--minutes", str(minutes), "--rate", str(rate)]
    rehearsal = house.rehearsal(SLUG, *words)
    assert rehearsal.stderr
    said = [rehearsal.stderr.readline()]
    while "they talk" not in said[-1]:
        assert said[-1], said
        said.append(rehearsal.stderr.readline())
    time.sleep(random.uniform(0.2, 0.4) * minutes * 60)
    house.kill("relay")
    house.start("relay")
    out, err = rehearsal.communicate(timeout=minutes * 60 + 150)
    assert rehearsal.returncode == 0, "".join(said) + err + out
    figures = json.loads(out)
    assert [figures[name] for name in ("participants", "lost", "doubled", "out_of_order", "errors")] == [
        participants,
        0,
        0,
        0,
        0,
    ]
    assert figures["posts_acknowledged"] == round(minutes * 60 * rate)
    assert figures["deliveries"] == figures["deliveries_expected"] > 0
    return json.dumps(figures)


def a_page_without_javascript_speaks_and_pages_may_fall(house: Apart) -> str:
    """A form reaches a listener through web, hub and relay; web is killed, the stream goes on; web comes back."""
    return asyncio.run(_speak_and_fall(house))


async def _speak_and_fall(house: Apart) -> str:
    async with _in_the_room(house) as (wren, room, stream):
        assert (await _speak_by_form(wren, room, "by hand")).status == 200
        assert await _heard(stream) == "by hand"
        script = await asyncio.to_thread(_script_of, house)
        assert (await asyncio.to_thread(house.ask, script))[0] == 200
        await asyncio.to_thread(house.kill, "web")
        assert (await asyncio.to_thread(house.ask, script))[0] == 200
        away = await wren.get(room.path)
        assert (away.status, away.header("retry-after")) == (503, "10")
        assert (house.folder / "www/away.html").read_bytes() == away.body
        body = json.dumps({"id": "0123456789abcdef", "text": "still here"}).encode()
        assert (await wren.post(room.marked["data-stream"], body, "application/json")).status == 200
        assert await _heard(stream) == "still here"
        await asyncio.to_thread(house.start, "web")
        await asyncio.to_thread(until, lambda: house.lacking() == [])
        assert (await _speak_by_form(wren, room, "by hand again")).status == 200
        assert await _heard(stream) == "by hand again"
    return "three messages on one stream, over the death of web"


def nobody_is_written_down(house: Apart) -> str:
    """Somebody at another address does everything that servers like to write down; no log has the address or words."""
    requests = [
        f"GET /events/?q={SECRET} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {SECRET}\r\nConnection: close\r\n\r\n",
        f"GET /{SECRET} HTTP/1.1\r\nHost: {SECRET}.example\r\nConnection: close\r\n\r\n",
        f"POST /come-back/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99000000\r\n\r\nphrase={SECRET}",
        f"GET /stream/{SECRET} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        f"{SECRET} no request\r\n\r\n",
        f"GET /static/{SECRET}.css HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    ]
    answers = [_ask_as_stranger(house, request.encode()) for request in requests]
    assert all(answers), answers
    with raw_line(house.port, STRANGER) as line:
        line.sendall(b"\x16\x03\x01\x00\x05hello" + SECRET.encode())
        with contextlib.suppress(OSError):
            line.recv(1000)
    _fail_in_the_database(house)
    logs = house.said()
    assert [name for name, text in logs.items() if STRANGER in text or SECRET in text] == []
    assert logs["access.log"] == ""
    # What was answered is told when the hour is over, and not before.
    assert " programme:events 200 " not in _told_at_once(logs["web.log"])
    return f"{len(requests) + 2} events, no address and no word in {len(logs)} logs"


def _told_at_once(log: str) -> str:
    return "\n".join(line for line in log.splitlines() if " in the hour, " not in line)


def told_to_stop_they_end_well(house: Apart) -> str:
    """Told to stop, each service ends by itself, with exit code 0 and with a stream open; web names what is missing."""
    asyncio.run(_stop_while_somebody_listens(house))
    until(lambda: house.lacking() == ["relay", "worker"])
    status, _, body = house.look(house.web_port, "/readyz")
    assert (status, json.loads(body)) == (503, {"ready": False, "lacking": ["relay", "worker"]})
    assert house.look(house.web_port, "/healthz")[0] == 200
    status, headers, body = house.ask("/stream/nowhere")
    assert (status, headers["retry-after"]) == (503, "2")
    assert house.stop("web") == 0
    logs = house.said()
    assert [name for name in ("web.log", "relay.log", "worker.log") if "Traceback" in logs[name]] == []
    assert not (house.folder / "house/hub.sock").exists()
    return "relay and worker were missed by name; all three ended with 0"


async def _stop_while_somebody_listens(house: Apart) -> None:
    async with _in_the_room(house) as (_wren, _room, stream):
        ends = [await asyncio.to_thread(house.stop, name) for name in ("relay", "worker")]
        assert ends == [0, 0]
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert [piece async for piece in stream if "id: " in str(piece)] == []


@contextlib.asynccontextmanager
async def _in_the_room(house: Apart) -> AsyncIterator[tuple[Browser, Page, AsyncIterator[str | Response]]]:
    """Somebody who has come in and listens."""
    wren = Browser("127.0.0.1", house.port, house.tls)
    try:
        room = await _sit_down(wren)
        async with contextlib.aclosing(wren.stream(room.marked["data-stream"], room.marked["data-after"])) as stream:
            first = await anext(stream)
            assert isinstance(first, Response)
            assert (first.status, first.header("content-type")) == (200, "text/event-stream")
            yield wren, room, stream
    finally:
        await wren.hang_up()


async def _sit_down(wren: Browser) -> Page:
    """Come in to the festival, and take a seat in its first room."""
    form = Page(await wren.get(f"/events/{SLUG}/join/")).form_with("chosen_name")
    form.fields["chosen_name"] = "Wren"
    assert (await wren.submit(form)).status == 200
    event = Page(await wren.get(f"/events/{SLUG}/"))
    return Page(await wren.get(next(link for link in event.links if "/live/" in link)))


async def _speak_by_form(wren: Browser, room: Page, text: str) -> Response:
    form: Form = Page(await wren.get(room.path)).form_with("text")
    form.fields["text"] = text
    return await wren.submit(form)


async def _heard(stream: AsyncIterator[str | Response]) -> str:
    """The text of the next message."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for piece in stream:
            fields = dict(line.split(": ", 1) for line in str(piece).splitlines() if ": " in line)
            if "id" in fields:
                return str(json.loads(fields["data"])["text"])
    raise AssertionError("the stream has ended")


def _protocol(house: Apart) -> str | None:
    trust = house.tls
    trust.set_alpn_protocols(["h2", "http/1.1"])
    line = socket.create_connection(("127.0.0.1", house.port), timeout=30)
    with trust.wrap_socket(line, server_hostname="127.0.0.1") as tls:
        return tls.selected_alpn_protocol()


def _ask_as_stranger(house: Apart, request: bytes) -> bytes:
    with house.tls.wrap_socket(raw_line(house.port, STRANGER), server_hostname="127.0.0.1") as line:
        line.sendall(request)
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            return line.recv(4096)
    return b""


def _fail_in_the_database(house: Apart) -> None:
    """A statement that PostgreSQL refuses, with a word in it."""
    with psycopg.connect(house.environment["DATABASE_URL"], autocommit=True) as connection:
        for word in (f"'{SECRET}'::integer", f'"{SECRET}"'):
            with contextlib.suppress(psycopg.Error):
                connection.execute(f"SELECT {word}".encode())
