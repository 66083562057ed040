"""The clients in C count what ends at each listener, and notice what is lost, doubled, late or refused."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from benchmarks._room.clients import Clients, Listener, NotDelivered
from benchmarks._room.messages import MESSAGE_BYTES, get, post, texts

pytestmark = [
    pytest.mark.network,
    pytest.mark.parser,
    pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed"),
]

WELL = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 2000\n\n"
SECONDS = 1_000_000_000


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Clients:
    return Clients.built(tmp_path_factory.mktemp("clients"))


def frame(number: int, ago: float = 0.0) -> bytes:
    """The message of that number, as if it had been said so many seconds ago."""
    text = texts(number + 1)[number].replace("0" * 19, f"{time.monotonic_ns() - int(ago * SECONDS):019d}")
    return f'id: e-{number}\ndata: {{"text":"{text}"}}\n\n'.encode()


class Stage:
    """A server that sends each listener what is put down for its path, piece by piece, once the curtain is up."""

    def __init__(self, pieces: dict[str, list[bytes]]) -> None:
        self.pieces = pieces
        self.heads: list[bytes] = []
        self.curtain = threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]

    def serve(self) -> None:
        with ThreadPoolExecutor(8) as crew:
            while True:
                line = self.door.accept()[0]
                if self.curtain.is_set() and not self.pieces:
                    line.close()
                    return
                crew.submit(self.play, line)

    def play(self, line: socket.socket) -> None:
        with line:
            head = line.recv(4096)
            self.heads.append(head)
            line.sendall(WELL)
            self.curtain.wait(20)
            for piece in self.pieces.get(head.split()[1].decode(), []):
                if piece == b"hang up":
                    return
                line.sendall(piece)
            while line.recv(4096):
                pass

    def close(self) -> None:
        self.pieces = {}
        self.curtain.set()
        socket.create_connection(("127.0.0.1", self.port)).close()


@contextmanager
def listening(clients: Clients, *pieces: list[bytes]) -> Iterator[tuple[Listener, Stage]]:
    """As many listeners as there are lists of pieces, all in, expecting messages 0 to 2."""
    stage = Stage({f"/{number}": all_of_it for number, all_of_it in enumerate(pieces)})
    thread = threading.Thread(target=stage.serve)
    thread.start()
    try:
        heads = [get(f"/{number}") for number in range(len(pieces))]
        with clients.listener(stage.port, heads, "") as listener:
            listener.open(len(pieces))
            listener.expect(3)
            yield listener, stage
    finally:
        stage.close()
        thread.join()
        stage.door.close()


def heard(clients: Clients, *pieces: list[bytes]) -> dict[str, float]:
    """What the listeners say of it."""
    with listening(clients, *pieces) as (listener, stage):
        stage.curtain.set()
        return listener.wait(0.5)


def test_each_message_counts_once_however_it_is_cut_into_pieces(clients: Clients) -> None:
    whole = b":\n\n" + b"".join(frame(number) for number in range(3)) + b"event: here\ndata: {}\n\n"
    in_pieces = [whole[start : start + 7] for start in range(0, len(whole), 7)]
    told = heard(clients, [whole], in_pieces)
    assert (told["deliveries"], told["expected"], told["unbalanced"], told["cuts"]) == (6, 6, 0, 0)


def test_chunks_of_http_are_looked_through(clients: Clients) -> None:
    chunks = [b"%x\r\n%s\r\n" % (len(frame(number)), frame(number)) for number in range(3)]
    told = heard(clients, [b"".join(chunks)])
    assert (told["deliveries"], told["unbalanced"]) == (3, 0)


def test_what_one_has_not_heard_is_missed(clients: Clients) -> None:
    told = heard(clients, [frame(0), frame(1), frame(2)], [frame(0), frame(2)])
    assert (told["deliveries"], told["unbalanced"]) == (5, 1)


def test_a_message_heard_twice_makes_up_for_none_that_is_lost(clients: Clients) -> None:
    told = heard(clients, [frame(0), frame(2), frame(2)])
    assert (told["deliveries"], told["unbalanced"]) == (3, 1)


def test_a_message_that_has_not_ended_has_not_come(clients: Clients) -> None:
    told = heard(clients, [frame(0), frame(1), frame(2)[:-1]])
    assert (told["deliveries"], told["unbalanced"]) == (2, 1)


def test_the_last_listener_is_the_slowest_of_each_message(clients: Clients) -> None:
    late = [frame(number, ago=30.0) for number in range(3)]
    told = heard(clients, *[[frame(0), frame(1), frame(2)]] * 3, late)
    assert told["p50"] < 15_000
    assert 30_000 <= told["last_p50"] < 45_000
    assert 30_000 * 0.98 <= told["p99"] < 45_000
    assert 30_000 <= told["most"] < 45_000


def test_whoever_is_cut_comes_back_to_where_it_was(clients: Clients) -> None:
    unfinished = frame(2)[:-1]
    with listening(clients, [frame(0), frame(1), unfinished, b"hang up"]) as (listener, stage):
        stage.curtain.set()
        told = listener.wait(0.5)
        assert told["cuts"] >= 1
        assert b"\r\nLast-Event-ID: e-1\r\n\r\n" in stage.heads[1]
    assert b"Last-Event-ID" not in stage.heads[0]


def test_all_are_cut_and_come_back(clients: Clients) -> None:
    with listening(clients, [frame(0)], [frame(1)]) as (listener, stage):
        stage.curtain.set()
        assert listener.wait(0.5)["deliveries"] == 2
        listener.cut()
        listener.back()
        ids = sorted(head.split(b"Last-Event-ID: ")[1].strip() for head in stage.heads[2:])
    assert ids == [b"e-0", b"e-1"]


class Letterbox:
    """A server that answers the posts on one line after the other, each with the next of the `statuses`."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses = statuses
        self.bodies: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))

    def serve(self) -> None:
        line = self.door.accept()[0]
        with line, line.makefile("rb") as lines:
            for status in self.statuses:
                while lines.readline() != b"\r\n":
                    pass
                self.bodies.append(lines.read(MESSAGE_BYTES))
                line.sendall(f"HTTP/1.1 {status} So\r\nContent-Length: 2\r\n\r\nok".encode())


def posted(clients: Clients, statuses: list[int], rate: float = 0.0) -> tuple[dict[str, float], list[bytes]]:
    """What a producer says of its posts, and what came."""
    box = Letterbox(statuses)
    thread = threading.Thread(target=box.serve)
    thread.start()
    posts = [post("/say", text.encode()) for text in texts(len(statuses))]
    try:
        with clients.posting(box.door.getsockname()[1], posts, rate, producers=1) as poster:
            told = poster.done()
    finally:
        thread.join()
        box.door.close()
    return told, box.bodies


def test_a_post_carries_the_time_at_which_it_left(clients: Clients) -> None:
    before = time.monotonic_ns()
    told, bodies = posted(clients, [200, 202, 201])
    stamps = [int(body[1:20]) for body in bodies]
    assert (told["posts"], told["acknowledged"]) == (3, 3)
    times = [before, *stamps, time.monotonic_ns()]
    assert times == sorted(times)
    assert [body[20:29] for body in bodies] == [b":0000000@", b":0000001@", b":0000002@"]


def test_posts_keep_to_a_rate(clients: Clients) -> None:
    told, _bodies = posted(clients, [200] * 6, rate=20.0)
    assert told["seconds"] >= 0.25


def test_a_post_that_is_refused_makes_the_run_worthless(clients: Clients) -> None:
    with pytest.raises(NotDelivered, match="of 3 posts some were answered with 429"):
        posted(clients, [200, 429, 200])
