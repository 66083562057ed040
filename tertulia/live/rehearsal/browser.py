"""As much of a browser as a participant needs: pages, forms, cookies, one kept connection."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import httptools

PATIENCE_SECONDS = 30
REDIRECTS = 5
FORM_TYPE = "application/x-www-form-urlencoded"
DEFAULT_PORTS = {"http": 80, "https": 443}


class LineDown(Exception):  # noqa: N818 - it describes the line
    """The server could not be reached, or hung up in the middle."""


@dataclass
class Response:
    """What came back; `path` is where it came from after redirects."""

    path: str
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    is_complete: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header arrived."""
        self.headers.append((name.decode().lower(), value.decode("latin-1")))

    def on_body(self, body: bytes) -> None:
        """A part of the body arrived."""
        self.body += body

    def on_message_complete(self) -> None:
        """The whole of it is here."""
        self.is_complete = True

    def unpack(self) -> None:
        """Whoever reads it reads it unpacked."""
        if self.header("content-encoding") == "gzip":
            self.body = gzip.decompress(self.body)

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Form:
    """A form of a page: where it goes, what its fields hold, and what can be chosen in its lists."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms, links and marked elements of a page."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.path = response.path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.marked: dict[str, str] = {}
        self.feed(response.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a participant can press."""
        given = {name: value or "" for name, value in attrs}
        self.marked.update({name: value for name, value in given.items() if name.startswith("data-")})
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(Form(urljoin(self.path, given.get("action", ""))))
        elif self.forms:
            self._take_field(self.forms[-1], tag, given)

    def _take_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            form.fields[name] = given.get("value", "")
        elif tag == "select":
            form.fields[name], form.choices[name] = "", []
        elif tag == "option" and form.choices:
            list(form.choices.values())[-1].append(given.get("value", ""))

    def form_with(self, name: str) -> Form:
        """The form that has a field called `name`; LookupError if there is none."""
        for form in self.forms:
            if name in form.fields:
                return form
        raise LookupError(f"{self.path} has no form with {name}")


class Browser:
    """One person's browser: cookies by path, one connection that is kept and made anew when it breaks.

    With `tls` it speaks https, and believes whom that trusts. It sets out from the address `source` of this machine.
    """

    def __init__(
        self, host: str, port: int, tls: ssl.SSLContext | None = None, language: str = "en", source: str = ""
    ) -> None:
        self.source = (source, 0) if source else None
        self.host = host
        self.port = port
        self.tls = tls
        self.language = language
        self._scheme = "https" if tls else "http"
        name = f"[{host}]" if ":" in host else host
        self._authority = name if port == DEFAULT_PORTS[self._scheme] else f"{name}:{port}"
        self._cookies: dict[tuple[str, str], str] = {}
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def get(self, path: str) -> Response:
        """The page at `path`, after redirects; LineDown."""
        return await self._follow(await self._ask("GET", path), REDIRECTS)

    async def submit(self, form: Form) -> Response:
        """What comes back when the form is sent, after redirects; LineDown."""
        return await self._follow(await self.send(form), REDIRECTS)

    async def send(self, form: Form) -> Response:
        """What comes back when the form is sent, and no more; LineDown."""
        return await self._ask("POST", form.action, urlencode(form.fields).encode(), FORM_TYPE)

    async def post(self, path: str, body: bytes, kind: str) -> Response:
        """The answer to a POST of `body` with content type `kind`; LineDown."""
        return await self._ask("POST", path, body, kind)

    async def stream(self, path: str, last: str) -> AsyncGenerator[str | Response, None]:
        """On a line of its own: the answer without its body, then event after event, from what follows `last`.

        It ends when the stream does, or at once if it is none; OSError, httptools.HttpParserError.
        """
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=self.tls)
        try:
            writer.write(self.head("GET", path, {"Accept": "text/event-stream", "Last-Event-ID": last}))
            response = Response(path)
            parser = httptools.HttpResponseParser(response)
            told = False
            while chunk := await reader.read(65_536):
                parser.feed_data(chunk)
                response.status = parser.get_status_code()
                if response.status and not told:
                    told = True
                    yield response
                *blocks, response.body = response.body.split(b"\n\n")
                for block in blocks:
                    yield block.decode()
                if response.is_complete:
                    return
        finally:
            # Not a polite end, for which TLS waits: a stream is left as a phone leaves it.
            writer.transport.abort()

    def head(self, method: str, path: str, extra: dict[str, str]) -> bytes:
        """The head of a request with this browser's cookies."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._authority}", f"Accept-Language: {self.language}"]
        matching = [f"{name}={text}" for (name, under), text in self._cookies.items() if path.startswith(under)]
        if matching:
            lines.append(f"Cookie: {'; '.join(matching)}")
        lines += [f"{name}: {text}" for name, text in extra.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    async def hang_up(self) -> None:
        """Close the kept connection."""
        if self._line:
            self._line[1].transport.abort()
            self._line = None

    async def _follow(self, response: Response, left: int) -> Response:
        while response.status in {301, 302, 303} and left:
            target = urlsplit(urljoin(response.path, response.header("location")))
            path = target.path + (f"?{target.query}" if target.query else "")
            response, left = await self._ask("GET", path), left - 1
        return response

    async def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Response:
        path = path.partition("#")[0]
        extra = {"Content-Length": str(len(body)), "Content-Type": kind} if method == "POST" else {}
        extra["Accept-Encoding"] = "gzip"
        extra["Origin"] = f"{self._scheme}://{self._authority}"
        try:
            async with self._one_at_a_time, asyncio.timeout(PATIENCE_SECONDS):
                response = await self._exchange(path, self.head(method, path, extra) + body)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, httptools.HttpParserError) as fault:
            await self.hang_up()
            raise LineDown(f"{method} {path}: {type(fault).__name__}") from fault
        self._keep_cookies(response)
        if "close" in response.header("connection"):
            await self.hang_up()
        return response

    async def _exchange(self, path: str, request: bytes) -> Response:
        if self._line is None or self._line[1].is_closing() or self._line[0].at_eof():
            self._line = await asyncio.open_connection(self.host, self.port, ssl=self.tls, local_addr=self.source)
        reader, writer = self._line
        writer.write(request)
        response = Response(path)
        parser = httptools.HttpResponseParser(response)
        while not response.is_complete:
            chunk = await reader.read(65_536)
            if not chunk:
                raise asyncio.IncompleteReadError(b"", None)
            parser.feed_data(chunk)
            response.status = parser.get_status_code()
        response.unpack()
        return response

    def _keep_cookies(self, response: Response) -> None:
        for name, value in response.headers:
            if name != "set-cookie":
                continue
            for key, morsel in SimpleCookie(value).items():
                place = (key, morsel["path"] or "/")
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies.pop(place, None)
                else:
                    self._cookies[place] = morsel.value
