"""The same house with the shipped nchan and a Redis between the relay and those who listen."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

from tests.deploy.house import AROUND, DEPLOY, NGINX, Apart
from tests.ground.nursery import until
from tests.ground.served import free_port

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
HAS_ALL = bool(NGINX) and MODULE.exists() and shutil.which("redis-server") is not None
# As on two machines: each has one nginx, and both are reached under the same address.
SERVERS = ("nginx", "nginx-too")


class Spread(Apart):
    """As `Apart`, with two servers of nginx that know of each other through Redis alone."""

    def __init__(self, **more: str) -> None:
        self.redis_port, self.publish_port = free_port(), free_port()
        super().__init__(TERTULIA_FANOUT_URL=f"http://127.0.0.1:{self.publish_port}/publish/", **more)
        self._start_redis()

    def filled(self, text: str) -> str:
        """Also with the ports of this Redis and of the place of publishing."""
        text = text.replace("/etc/nginx/tertulia.d", f"{self.folder}/tertulia.d")
        text = text.replace("127.0.0.1:6379", f"127.0.0.1:{self.redis_port}").replace(
            "port 6379", f"port {self.redis_port}"
        )
        text = text.replace("127.0.0.1:8003", f"127.0.0.1:{self.publish_port}")
        text = super().filled(text)
        for port in (self.port, self.plain_port):
            # The system deals out who comes.
            text = re.sub(rf"listen 127.0.0.1:{port}( ssl)?", r"\g<0> reuseport", text)
        return text

    def start(self, name: str) -> None:
        """Start a service, or both servers of nginx."""
        super().start(name)
        if name == "nginx":
            folder = self._lay_out_too()
            with (self.folder / "log/nginx-too.log").open("ab") as log:
                line = [NGINX, "-p", str(folder), "-e", f"{folder}/start.log", "-c", f"{folder}/nginx.conf"]
                self.processes["nginx-too"] = subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)

    def restart_redis(self) -> None:
        """As after a power cut: it holds nothing any more."""
        self.kill("redis")
        self._start_redis()

    def reload_nginx(self) -> None:
        """As after a new certificate, on both machines."""
        for name in SERVERS:
            self.processes[name].send_signal(signal.SIGHUP)

    def listeners(self) -> int:
        """How many nchan sends to, in all rooms."""
        noted = self.folder / "house/fanout.json"
        channels = json.loads(noted.read_text()).values() if noted.exists() else ()
        try:
            return sum(self._subscribers(channel) for channel in channels)
        except OSError:
            return 0

    def _subscribers(self, channel: str) -> int:
        address = f"http://127.0.0.1:{self.publish_port}/publish/{channel}"
        asked = urllib.request.Request(address, headers={"Accept": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
            return int(json.load(answer)["subscribers"])

    def _start_redis(self) -> None:
        settings = self.folder / "redis.conf"
        settings.write_text(self.filled((DEPLOY / "nchan/redis.conf").read_text()))
        log = self.folder / "redis.log"
        log.write_text("")
        with log.open("ab") as said:
            self.processes["redis"] = subprocess.Popen(
                ["redis-server", str(settings)], stdout=said, stderr=said, start_new_session=True, env=os.environ
            )
        until(lambda: "Ready to accept connections" in log.read_text())

    def _lay_out(self) -> None:
        super()._lay_out()
        (self.folder / "tertulia.d").mkdir()
        (self.folder / "tertulia.d/nchan.conf").write_text(self.filled((DEPLOY / "nchan/server.conf").read_text()))
        (self.folder / "nchan.conf").write_text(self.filled((DEPLOY / "nchan/http.conf").read_text()))
        user = "user root;" if os.geteuid() == 0 else ""
        around = AROUND.format(folder=self.folder, user=user)
        around = around.replace("include /etc/nginx/mime.types;", f"include {self.folder}/nchan.conf;", 1)
        (self.folder / "nginx.conf").write_text(f"load_module {MODULE};\n{around}")

    def _lay_out_too(self) -> Path:
        """The folder of the other machine's nginx: the same files, and a place of publishing that nobody uses."""
        folder = self.folder / "too"
        (folder / "log").mkdir(parents=True, exist_ok=True)
        for name in ("nginx.conf", "site.conf", "nchan.conf"):
            text = (self.folder / name).read_text()
            for own in ("nginx.pid", "log", "tmp", "cache", "site.conf", "nchan.conf"):
                text = text.replace(f"{self.folder}/{own}", f"{folder}/{own}")
            (folder / name).write_text(text.replace(f"127.0.0.1:{self.publish_port}", f"127.0.0.1:{free_port()}"))
        return folder
