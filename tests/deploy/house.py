"""Tertulia as it stands on a server: the lines of the shipped units, behind the shipped nginx site, on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg

from tests.ground import cluster
from tests.ground.nursery import until
from tests.ground.served import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
# Debian keeps it where only root looks.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") or ""
PATIENCE_SECONDS = 30
SERVICES = ("web", "relay", "worker")
# What nginx.conf says around the site on Debian, as far as it matters here.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/log/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/log/access.log;
    client_body_temp_path {folder}/tmp;
    proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp;
    scgi_temp_path {folder}/tmp;
    include {folder}/site.conf;
}}
"""


def exec_line(service: str) -> str:
    """What systemd starts for a service, as its unit says it."""
    unit = (DEPLOY / "systemd" / f"tertulia-{service}.service").read_text()
    (line,) = (row.removeprefix("ExecStart=") for row in unit.splitlines() if row.startswith("ExecStart="))
    return line


def assignments(text: str) -> dict[str, str]:
    """The variables of an environment file."""
    rows = (row.partition("=") for row in text.splitlines() if row and not row.startswith("#"))
    return {name: given.strip('"') for name, _, given in rows}


class Apart:
    """PostgreSQL, nginx, web, relay and worker in a folder that goes afterwards; `more` are the operator's settings.

    `postgresql` is what that server is told beside what makes tests quick. The block begins while they are
    still starting: `wait` until they are ready.
    """

    def __init__(self, postgresql: Mapping[str, str] | None = None, **more: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-apart-"))
        self.port, self.plain_port, self.web_port, self.relay_port = (free_port() for _ in range(4))
        self.url = f"https://127.0.0.1:{self.port}"
        self.cluster = cluster.start(cluster.FAST | dict(postgresql or {}))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._more = more

    def __enter__(self) -> Self:
        try:
            self._lay_out()
            done = self.command("prepare")
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            for name in (*SERVICES, "nginx"):
                self.start(name)
            done = self.command("pages", "away", "--out", f"{self.folder}/www/away.html")
            assert done.returncode == 0, done.stderr
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_fault: object) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        cluster.discard(self.cluster)
        shutil.rmtree(self.folder)

    @property
    def certificate(self) -> Path:
        """What a client has to trust."""
        return self.folder / "etc/tls/fullchain.pem"

    @property
    def tls(self) -> ssl.SSLContext:
        """A client's trust in it."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @property
    def environment(self) -> dict[str, str]:
        """What the units and the command line are given: the shipped file of settings, filled in."""
        ours = {name for name in os.environ if name.startswith(("TERTULIA_", "DATABASE_", "DJANGO_"))}
        alone = {name: given for name, given in os.environ.items() if name not in ours}
        filled = assignments(self.filled((DEPLOY / "environment").read_text()))
        return {**alone, **filled, "DATABASE_URL": self.cluster.url(cluster.DATABASE), **self._more}

    def filled(self, text: str) -> str:
        """A shipped file with the name, the ports and the folders of this house."""
        places = {
            "/opt/tertulia/.venv/bin/python": sys.executable,
            "/opt/tertulia": str(ROOT),
            "/var/lib/tertulia-keys": f"{self.folder}/keys",
            "/var/lib/tertulia": f"{self.folder}/house",
            "/var/cache/nginx-tertulia": f"{self.folder}/cache",
            "/etc/tertulia": f"{self.folder}/etc",
            "/var/log/nginx": f"{self.folder}/log",
            "/var/www/tertulia": f"{self.folder}/www",
            "https://festival.example": self.url,
            "festival.example": "127.0.0.1",
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "8001": str(self.web_port),
            "8002": str(self.relay_port),
        }
        # In one pass, the longest first: what was filled in is not looked at again.
        shipped = "|".join(map(re.escape, sorted(places, key=len, reverse=True)))
        return re.sub(shipped, lambda found: places[found[0]], text)

    def wait(self) -> None:
        """Until all is ready."""
        until(lambda: self.processes["nginx"].poll() is not None or self.lacking() == [])
        assert self.processes["nginx"].poll() is None, (self.folder / "log/start.log").read_text()

    def start(self, name: str) -> None:
        """Start a service by the line of its unit, or nginx."""
        line = shlex.split(self.filled(exec_line(name))) if name != "nginx" else self._nginx()
        with (self.folder / f"log/{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                line, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a service as a fault would, with no signal that it could answer to; its children go by themselves."""
        process = self.processes.pop(name)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        # Where nobody collects the dead, as below a shell that is the first process, they stay as names.
        left = psutil.wait_procs(children, timeout=PATIENCE_SECONDS)[1]
        assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []

    def stop(self, name: str) -> int:
        """Ask a service to end, as systemd does; its exit code."""
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(60)

    def command(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the house to its end; `given` is what is typed into it."""
        line = [sys.executable, "-m", "tertulia.project", *words]
        return subprocess.run(
            line, cwd=ROOT, env=self.environment, input=given, capture_output=True, text=True, check=False
        )

    def rehearsal(self, slug: str, *words: str) -> subprocess.Popen[str]:
        """A rehearsal through nginx, under way."""
        line = [sys.executable, "-m", "tertulia.project", "event", "rehearse", slug, "--url", self.url, "--json"]
        line += ["--ca", str(self.certificate), *words]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(line, cwd=ROOT, env=self.environment, **pipes)

    def ask(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """What nginx answers: status, headers in small letters, body."""
        return _asked(self.url + path, headers or {}, self.tls)

    def look(self, port: int, path: str) -> tuple[int, dict[str, str], bytes]:
        """What one of the servers behind nginx answers to this machine."""
        return _asked(f"http://127.0.0.1:{port}{path}", {}, None)

    def lacking(self) -> list[str] | None:
        """What stands in the way, as the pages say; None if they do not answer."""
        try:
            return list(json.loads(self.look(self.web_port, "/readyz")[2])["lacking"])
        except (OSError, ValueError):
            return None

    def said(self) -> dict[str, str]:
        """What nginx, PostgreSQL and the services wrote, by the name of the file."""
        logs = {file.name: file.read_text() for file in (self.folder / "log").iterdir()}
        return logs | {"postgresql": (self.cluster.folder / "log").read_text()}

    def _lay_out(self) -> None:
        for name in ("house", "keys", "etc/tls", "log", "tmp", "www"):
            (self.folder / name).mkdir(parents=True, mode=0o700)
        (self.folder / "site.conf").write_text(self.filled((DEPLOY / "nginx/tertulia.conf").read_text()))
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, user=user))
        _make_certificate(self.folder / "etc/tls")
        self.cluster.run(f"CREATE DATABASE {cluster.DATABASE} TEMPLATE {cluster.TEMPLATE} STRATEGY FILE_COPY")
        self.tell_postgresql()

    def tell_postgresql(self) -> None:
        """What the operator's page has one tell the server."""
        quiet = (DEPLOY / "postgresql/quiet.sql").read_text()
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(quiet.encode())

    def _nginx(self) -> list[str]:
        folder = str(self.folder)
        return [NGINX, "-p", folder, "-e", f"{folder}/log/start.log", "-c", f"{folder}/nginx.conf"]


def _asked(url: str, headers: dict[str, str], tls: ssl.SSLContext | None) -> tuple[int, dict[str, str], bytes]:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_answer: Any) -> None:
            return None

    handlers: list[Any] = [Stay, urllib.request.ProxyHandler({})]
    handlers += [urllib.request.HTTPSHandler(context=tls)] if tls else []
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server, on loopback
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=30) as answer:
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, {name.lower(): text for name, text in answer.headers.items()}, answer.read()


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=festival.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


def raw_line(port: int, address: str) -> socket.socket:
    """A connection to this machine that comes from another of its addresses."""
    with contextlib.ExitStack() as stack:
        line = stack.enter_context(socket.socket())
        line.settimeout(30)
        line.bind((address, 0))
        line.connect(("127.0.0.1", port))
        stack.pop_all()
    return line
