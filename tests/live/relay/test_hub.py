"""The pages reach the one relay through a socket that is their own, or learn that they cannot."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tertulia.live.relay import hub as hub_module
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.flood import BURST
from tertulia.live.relay.hub import LINE_BYTES, Hub, Taken, ask
from tertulia.live.relay.writer import NotStored
from tests.live.relay.stage import Stage, new_id, perform, stage

pytestmark = [pytest.mark.network, pytest.mark.parser]

ROOT = Path(__file__).resolve().parents[3]


def question(text: str = "hello", room: str = "one", **more: Any) -> dict[str, Any]:
    return {"room": room, "author": "a1", "name": "Nadi", "message": {"id": new_id(), "text": text}} | more


async def asked(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    return await asyncio.to_thread(ask, path, request)


def test_a_page_is_answered_with_the_sequence_and_everybody_hears_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            listener, first = await place.listener(), question("from a page")
            assert await asked(hub.path, first) == {"sequence": 1}
            assert await asked(hub.path, first) == {"sequence": 1}
            assert await asked(hub.path, question("another")) == {"sequence": 2}
            assert [event.text for event in await listener.events_until(2)] == ["from a page", "another"]
            await hub.stop()

    perform(play())


def test_too_much_in_one_breath_is_refused_to_one_author_and_not_to_another(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            for number in range(BURST):
                assert await asked(hub.path, question()) == {"sequence": number + 1}
            refusal = await asked(hub.path, question())
            assert 0 < refusal.pop("wait") <= 1
            assert refusal == {"refused": "too fast", "why": "too much in one breath"}
            assert await asked(hub.path, question(author="a2")) == {"sequence": BURST + 1}
            await hub.stop()

    perform(play())


def test_what_is_refused_is_told_why(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            empty, too_long = question(" "), question("x" * LINE_BYTES)
            assert await asked(hub.path, empty) == {"refused": "malformed", "why": "the message is empty"}
            assert await asked(hub.path, too_long) == {"refused": "malformed", "why": "the message is too long"}
            for room in ("three", "../one", "a" * 5000):
                answer = await asked(hub.path, question(room=room))
                assert answer == {"refused": "no such room", "why": "there is no such room"}
            place.relay.closing = True
            assert await asked(hub.path, question()) == {"refused": "not stored", "why": "the relay is closing"}
            place.relay.closing = False
            await hub.stop()

    perform(play())


def test_a_malformed_line_is_refused_and_the_next_one_answered(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            reader, writer = await asyncio.open_unix_connection(hub.path)
            for line in (b"hello", b"", b"[]", b"null", b"{}", b'{"room": "one"}', b"\xff\xfe", b"[" * 50_000):
                writer.write(line + b"\n")
                answer = json.loads(await reader.readline())
                assert answer["refused"] in {"malformed", "not stored"}, line[:20]
            writer.write(json.dumps(question()).encode() + b"\n")
            assert json.loads(await reader.readline()) == {"sequence": 1}
            writer.write(b"x" * (LINE_BYTES + 1) + b"\n")
            assert await reader.read() == b""
            writer.close()
            assert await asked(hub.path, question()) == {"sequence": 2}
            await hub.stop()

    perform(play())


def test_a_fault_is_no_acknowledgement_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()

            async def fail(_draft: object) -> int:
                raise ZeroDivisionError("she said: hello")

            monkeypatch.setattr(place.relay, "say", fail)
            answer = await asked(hub.path, question())
            assert answer == {"refused": "not stored", "why": "something went wrong here"}
            await hub.stop()

    perform(play())
    assert caplog.messages == ["a page's request failed: ZeroDivisionError"]


def test_the_room_is_gone_at_once_after_its_key(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            assert await asked(hub.path, question()) == {"sequence": 1}
            place.keys.destroy(key_name("one"))
            assert (await asked(hub.path, question()))["refused"] == "no such room"
            await hub.stop()

    perform(play())


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.glob("hub.*")}


def test_only_the_owner_reaches_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            assert modes(tmp_path) == {"hub.sock": 0o600, "hub.lock": 0o600}
            await hub.stop()
            assert not hub.path.exists()
            await hub.stop()

    perform(play())


def test_a_place_is_taken_once_and_again_when_it_is_left(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            first, second = (Hub(place.relay, tmp_path / "hub.sock") for _ in range(2))
            await first.start()
            with pytest.raises(Taken, match=f"^another server uses the data folder {tmp_path}$"):
                await second.start()
            await second.stop()
            assert await asked(first.path, question()) == {"sequence": 1}
            await first.stop()
            await second.start()
            assert await asked(second.path, question()) == {"sequence": 2}
            await second.stop()

    perform(play())


def test_who_stands_by_takes_the_place_when_it_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN_SECONDS", 0.01)

    async def play() -> None:
        async with stage(tmp_path) as place:
            first, second, third = (Hub(place.relay, tmp_path / "hub.sock") for _ in range(3))
            await first.start_or_stand_by()
            await second.start_or_stand_by()
            assert await asked(first.path, question()) == {"sequence": 1}
            await first.stop()
            async with asyncio.timeout(20):
                while not second.path.exists():  # noqa: ASYNC110 - it rings no bell
                    await asyncio.sleep(0.01)
            assert await asked(second.path, question()) == {"sequence": 2}
            await third.start_or_stand_by()
            await third.stop()
            assert await asked(second.path, question()) == {"sequence": 3}
            await second.stop()

    perform(play())


def test_a_path_that_no_socket_can_have_is_refused(tmp_path: Path) -> None:
    async def play(place: Stage | None = None) -> None:
        hub = Hub(place, tmp_path / ("é" * 60) / "hub.sock")  # type: ignore[arg-type]
        with pytest.raises(Taken, match=r"^the path of the data folder is too long for a socket: "):
            await hub.start()

    perform(play())


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tertulia.live.relay.hub import Hub
async def play():
    await Hub(None, Path(sys.argv[1])).start()
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(play())
"""


def test_what_a_killed_relay_leaves_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "hub.sock"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, cwd=ROOT)
    assert done.returncode == -9
    assert path.is_socket()
    with pytest.raises(NotStored):
        ask(path, question())

    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, path)
            await hub.start()
            assert await asked(path, question()) == {"sequence": 1}
            await hub.stop()

    perform(play())


def test_nobody_there_is_told_as_not_stored(tmp_path: Path) -> None:
    with pytest.raises(NotStored, match=r"^the room cannot be reached just now$"):
        ask(tmp_path / "hub.sock", question())


@pytest.mark.parametrize("answer", [b"", b"null\n", b"[]\n", b"hello\n", b"\xff\n", None])
def test_an_answer_that_is_none_is_told_as_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    monkeypatch.setattr(hub_module, "PATIENCE_SECONDS", 0.2)

    async def play() -> None:
        done = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            if answer is None:
                await done.wait()
            else:
                writer.write(answer)
            writer.close()

        server = await asyncio.start_unix_server(serve, tmp_path / "hub.sock")
        with pytest.raises(NotStored):
            await asked(tmp_path / "hub.sock", question())
        done.set()
        server.close()

    perform(play())
