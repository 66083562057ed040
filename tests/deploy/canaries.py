"""Words that nobody may write down, and requests that carry them along every path that goes wrong."""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from string import ascii_lowercase

from tertulia.live.rehearsal.browser import Browser
from tests.deploy.house import raw_line

# Where the one who sends them sits, and where they say that they sit.
STRANGER, FORWARDED = "127.0.0.77", "203.0.113.77"
FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data; boundary=cut"
PIECES = 3


@dataclass(frozen=True)
class Canaries:
    """What somebody brings along; no word of it is anywhere else."""

    handle: str
    phrase: str
    message: str
    query: str
    path: str
    agent: str
    cookie: str
    referer: str
    file: str
    host: str

    def found_in(self, text: str) -> list[str]:
        """Which of the words, or of the two addresses, are in a text."""
        told = text.lower()
        sought = asdict(self) | {"address": STRANGER, "forwarded": FORWARDED}
        return [kind for kind, word in sought.items() if word in told]


def hatch() -> Canaries:
    """Words of letters alone, so that they look the same however they are written down."""
    kinds = Canaries.__dataclass_fields__
    return Canaries(**{kind: "".join(secrets.choice(ascii_lowercase) for _letter in range(16)) for kind in kinds})


@dataclass(frozen=True)
class Wrong:
    """A request that is refused with `status`, at `door`: nginx, the web or the relay behind it, or both in one.

    `status` 0: nothing is answered. `in_pieces` it arrives bit by bit; `unfinished` the sender goes away.
    """

    status: int
    door: str
    request: bytes
    in_pieces: bool = False
    unfinished: bool = False


class Asking:
    """Writes requests in which every canary sits that has a place there."""

    def __init__(self, words: Canaries) -> None:
        self.words = words

    def headers(self) -> dict[str, str]:
        """What goes along with each request."""
        words = self.words
        return {
            "User-Agent": words.agent,
            "Referer": f"https://{words.referer}.example/{words.path}",
            "X-Forwarded-For": FORWARDED,
            "X-Real-IP": FORWARDED,
        }

    def request(self, method: str, path: str, body: str = "", kind: str = FORM, **more: str) -> bytes:
        """A whole request; `more` are headers, with _ for -."""
        cookies = "; ".join(f"{name}={self.words.cookie}" for name in "sctw")
        given = {"Host": "127.0.0.1", "Cookie": cookies, **self.headers()}
        if method in {"POST", "PUT"}:
            given |= {"Content-Type": kind, "Content-Length": str(len(body))}
        given |= {name.replace("_", "-"): text for name, text in more.items()}
        lines = [f"{method} {path}?q={self.words.query} HTTP/1.1"]
        lines += [f"{name}: {text}" for name, text in given.items()]
        return "\r\n".join([*lines, "Connection: close", "", body]).encode()

    def upload(self) -> str:
        """A form with a file in it."""
        named = f'Content-Disposition: form-data; name="phrase"; filename="{self.words.file}.json"'
        return f"--cut\r\n{named}\r\nContent-Type: application/json\r\n\r\n{self.words.message}\r\n--cut--\r\n"

    def at_nginx(self) -> Iterator[Wrong]:
        """What somebody can send from outside without being in."""
        words, ask, phrase = self.words, self.request, f"phrase={self.words.phrase}"
        yield Wrong(400, "nginx", f"{words.path} no request\r\n\r\n".encode())
        yield Wrong(400, "nginx", ask("GET", "/events/", Host=f"{words.host}.example"))
        yield Wrong(403, "nginx", ask("POST", "/come-back/", phrase))
        yield Wrong(403, "nginx", ask("POST", "/come-back/", self.upload(), UPLOAD))
        yield Wrong(404, "nginx", ask("GET", f"/{words.path}/"))
        yield Wrong(404, "nginx", ask("GET", f"/events/{words.path}/"))
        yield Wrong(404, "nginx", ask("GET", f"/static/{words.path}.css"))
        yield Wrong(404, "nginx", ask("GET", f"/live/{words.path}/"))
        yield Wrong(405, "nginx", ask("GET", "/me/way-back/keep/"))
        yield Wrong(410, "nginx", ask("GET", f"/staff-door/{words.path}/"))
        yield Wrong(413, "nginx", ask("POST", "/come-back/", phrase, Content_Length="99000000"))
        yield Wrong(413, "nginx", ask("POST", f"/stream/{words.path}", words.message * 2000, "application/json"))
        yield Wrong(414, "nginx", ask("GET", f"/{words.path * 1000}"))
        yield Wrong(401, "nginx", ask("GET", f"/stream/{words.path}"))
        yield Wrong(0, "nginx", ask("POST", "/come-back/", phrase, Content_Length="5000"), unfinished=True)

    def at_web(self) -> Iterator[Wrong]:
        """What nginx would keep back: somebody on this machine, or another server in front."""
        words, ask, phrase = self.words, self.request, f"phrase={self.words.phrase}"
        https = {"X_Forwarded_Proto": "https"}
        yield Wrong(400, "web", f"GET /{words.path} {words.query}\r\n\r\n".encode())
        yield Wrong(400, "web", ask("GET", "/events/", Host=f"{words.host}.example", **https))
        yield Wrong(403, "web", ask("POST", "/come-back/", phrase, **https))
        yield Wrong(403, "web", ask("POST", "/come-back/", self.upload(), UPLOAD, **https), in_pieces=True)
        yield Wrong(404, "web", ask("GET", f"/es/{words.path}/", **https))
        yield Wrong(413, "web", ask("POST", "/come-back/", phrase, Content_Length="99000000", **https))
        yield Wrong(503, "web", ask("GET", f"/stream/{words.path}", **https))
        yield Wrong(0, "web", ask("POST", "/come-back/", phrase, Content_Length="5000", **https), unfinished=True)

    def at_both(self) -> Iterator[Wrong]:
        """Pages and relay on one port, with nothing in front."""
        words, ask, phrase = self.words, self.request, f"phrase={self.words.phrase}"
        yield Wrong(400, "both", f"GET /{words.path} {words.query}\r\n\r\n".encode())
        yield Wrong(400, "both", ask("GET", "/events/", Host=f"{words.host}.example"))
        yield Wrong(401, "both", ask("GET", f"/stream/{words.path}"))
        yield Wrong(403, "both", ask("POST", "/come-back/", phrase), in_pieces=True)
        yield Wrong(404, "both", ask("GET", f"/{words.path}/"))
        yield Wrong(413, "both", ask("POST", "/come-back/", phrase, Content_Length="99000000"))
        yield Wrong(413, "both", ask("POST", f"/stream/{words.path}", words.message * 2000, "application/json"))
        yield Wrong(0, "both", ask("POST", "/come-back/", phrase, Content_Length="5000"), unfinished=True)

    def at_relay(self) -> Iterator[Wrong]:
        """Bad tickets and bad requests at the relay."""
        words, ask, json = self.words, self.request, "application/json"
        half = ask("POST", f"/stream/{words.path}", words.message, Content_Length="50")
        yield Wrong(400, "relay", f"GET /stream/{words.path} {words.query}\r\n\r\n".encode())
        yield Wrong(400, "relay", ask("GET", f"/stream/{words.path}", **{f"X {words.agent}": "a"}))
        yield Wrong(401, "relay", ask("POST", f"/stream/{words.path}", words.message, json), in_pieces=True)
        yield Wrong(403, "relay", ask("GET", f"/stream/{words.path}", Origin=f"https://{words.host}.example"))
        yield Wrong(404, "relay", ask("GET", f"/{words.path}"))
        yield Wrong(411, "relay", ask("POST", f"/stream/{words.path}", words.message, Transfer_Encoding="chunked"))
        yield Wrong(413, "relay", ask("POST", f"/stream/{words.path}", words.message * 2000, json))
        yield Wrong(431, "relay", ask("GET", f"/stream/{words.path}", X_Long=words.message * 1000))
        yield Wrong(0, "relay", half, unfinished=True)


def send(wrong: Wrong, port: int, tls: ssl.SSLContext | None) -> int:
    """Send it from the stranger's address to a port of this machine; the status of the answer, 0 without one."""
    with contextlib.ExitStack() as stack:
        line = stack.enter_context(raw_line(port, STRANGER))
        if tls:
            line = stack.enter_context(tls.wrap_socket(line, server_hostname="127.0.0.1"))
        # Who refuses a long request may hang up before all of it was sent.
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            _write(line, wrong)
        return 0 if wrong.unfinished else _status(line)


def _write(line: socket.socket, wrong: Wrong) -> None:
    size = len(wrong.request) // PIECES + 1 if wrong.in_pieces else len(wrong.request)
    for start in range(0, len(wrong.request), size):
        line.sendall(wrong.request[start : start + size])


def _status(line: socket.socket) -> int:
    received = b""
    with contextlib.suppress(ssl.SSLError, ConnectionError):
        while b"\r\n" not in received and (piece := line.recv(4096)):
            received += piece
    words = received.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


class Bird(Browser):
    """A browser that has the canaries in every request."""

    def __init__(self, words: Canaries, port: int, tls: ssl.SSLContext | None = None) -> None:
        super().__init__("127.0.0.1", port, tls)
        self._more = Asking(words).headers()

    def head(self, method: str, path: str, extra: dict[str, str]) -> bytes:
        return super().head(method, path, self._more | extra)
