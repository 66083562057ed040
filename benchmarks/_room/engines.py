"""Those that are compared, each started in processes of its own: what a listener and a producer say to it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._processes import first_page, free_port, memory, processor, started
from benchmarks._room.messages import get, post, texts
from tertulia.kit.sealing import KeyStore
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.flood import BURST
from tertulia.live.relay.tickets import Ticket, issue

ROOT = Path(__file__).resolve().parent.parent.parent
ROOM = "bench"
TERTULIA = [sys.executable, "-m", "tertulia.project"]
FILES = 20_000
NGINX = """
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
worker_processes 1; worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000; nchan_shared_memory_size 256M;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /listen {{ nchan_subscriber eventsource; nchan_channel_id room; nchan_subscriber_first_message newest; }}
    location = /say {{ nchan_publisher; nchan_channel_id room; nchan_message_buffer_length 100000;
      nchan_message_timeout 30m; }}
    location = /here {{ return 200; }}
  }}
}}
"""


@dataclass
class Running:
    """An engine that runs: its port, its processes, the requests that it understands."""

    port: int
    roots: list[int]
    heads: Callable[[int], list[bytes]]
    posts: Callable[[int], list[bytes]]

    def memory(self) -> float:
        """MB of all its processes."""
        return sum(memory(root) for root in self.roots)

    def processor(self) -> float:
        """Seconds of a processor that all its processes have used."""
        return sum(processor(root) for root in self.roots)


@dataclass
class Engine:
    """`running()` starts it anew. `in_mark` is what a listener hears once it is in; `burst` messages are a burst."""

    name: str
    running: Callable[[], AbstractContextManager[Running]]
    in_mark: str = ""
    burst: int = 200
    keeps_the_rate: bool = True
    resumes: bool = True


@dataclass
class Tickets:
    """The requests of a house whose keys lie in `folder`: each listener has a ticket of its own, and is checked."""

    folder: Path
    # No number is used twice: a log that is kept would take the message for a second try.
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(time.monotonic_ns()))

    def __post_init__(self) -> None:
        keys = KeyStore(self.folder / "keys")
        keys.make(key_name(ROOM))
        self._key = keys.make("tickets")

    def heads(self, number: int) -> list[bytes]:
        """So many who listen."""
        return [get(f"/stream/{ROOM}", self._cookie()) for _ in range(number)]

    def posts(self, number: int) -> list[bytes]:
        """So many messages; nobody says more in a breath than flood protection lets through."""
        cookies = (cookie for _ in itertools.count() for cookie in itertools.repeat(self._cookie(), BURST - 2))
        return [self._post(text, cookie) for text, cookie in zip(texts(number), cookies, strict=False)]

    def _post(self, text: str, cookie: str) -> bytes:
        body = json.dumps({"id": f"message-{next(self._serial)}", "text": text}).encode()
        return post(f"/stream/{ROOM}", body, cookie, "Content-Type: application/json")

    def _cookie(self) -> str:
        author = f"{next(self._serial):016x}"
        return f"Cookie: t={issue(self._key, Ticket(ROOM, author, f'Wren {author[-4:]}', may_speak=True))}"


@contextmanager
def house(folder: Path, word: str, database: str = "") -> Iterator[Running]:
    """Tertulia's `word` (serve, relay) in a fresh folder, over the log in the folder or at `database`."""
    prepared = folder.with_name(f"{folder.name}-prepared")
    if not prepared.exists():
        prepared.mkdir()
        line, variables = [*TERTULIA, "prepare"], os.environ | _of_house(prepared, database)
        subprocess.run(line, env=variables, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        # Once for all rounds: what is in a log at an address can be read with the key that it was sealed with.
        Tickets(prepared)
    with _made(folder):
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        tickets, port = Tickets(folder), free_port()
        with started([*TERTULIA, word, "--port", str(port)], folder, _of_house(folder, database)) as process:
            first_page(f"http://127.0.0.1:{port}/healthz", process)
            yield Running(port, [process.pid], tickets.heads, tickets.posts)


def _of_house(folder: Path, database: str) -> dict[str, str]:
    """The variables that say which house it is, whatever the benchmark was started with."""
    own = {"TERTULIA_KEYS": "", "TERTULIA_PEPPER_FILE": "", "TERTULIA_URL": ""}
    return {**own, "TERTULIA_DATA": str(folder), "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}


@contextmanager
def nchan(folder: Path) -> Iterator[Running]:
    """Debian's nginx with nchan: one worker, messages in memory."""
    port = free_port()
    with _made(folder):
        (folder / "nginx.conf").write_text(
            NGINX.format(folder=folder, port=port, files=FILES, connections=FILES - 1000)
        )
        line = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with started(line, folder, {}) as process:
            first_page(f"http://127.0.0.1:{port}/here", process)
            yield Running(port, [process.pid], _plain_heads, _plain_posts)


@contextmanager
def channels(folder: Path, python: Path) -> Iterator[Running]:
    """Django Channels in one uvicorn, with its Redis; `python` is that of a virtual environment that has them."""
    port, store = free_port(), free_port()
    with _made(folder), ExitStack() as both:
        line = ["redis-server", "--bind", "127.0.0.1", "--port", str(store), "--save", "", "--appendonly", "no"]
        redis = both.enter_context(started(line, folder, {}))
        line = [str(python), "-m", "uvicorn", "_channels:application", "--port", str(port), "--loop=uvloop"]
        line += ["--http=httptools", "--ws=none", "--lifespan=off", "--no-access-log", "--backlog=4096"]
        line += ["--log-level=warning", "--app-dir", str(Path(__file__).parent)]
        pages = both.enter_context(started(line, folder, {"REDIS_PORT": str(store), "PYTHONPATH": ""}))
        first_page(f"http://127.0.0.1:{port}/here", pages)
        yield Running(port, [pages.pid, redis.pid], _plain_heads, _plain_posts)


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder is there until the end of the block."""
    folder.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(folder)


def _plain_heads(_number: int) -> list[bytes]:
    return [get("/listen")]


def _plain_posts(number: int) -> list[bytes]:
    return [post("/say", text.encode()) for text in texts(number)]
