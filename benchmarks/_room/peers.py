"""What the engines stand on: an environment for Channels, a PostgreSQL that keeps its promises, and their versions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from tests.ground.cluster import DATABASE, Cluster

# The same Django, uvicorn, loop and parser as ours, so that what differs is Channels.
SAME = ("django", "uvicorn", "uvloop", "httptools")
PACKAGES = ["channels==4.3.2", "channels-redis==4.3.0", "hiredis==3.5.0"]
DURABLE = {"listen_addresses": "", "max_connections": "50"}


def channels_python(build: Path) -> Path:
    """The interpreter of an environment with Channels in the folder `build`; it is made, or made anew, if need be."""
    wanted = [*PACKAGES, *(f"{name}=={version(name)}" for name in SAME)]
    place, made_of = build / "channels", build / "channels" / "made-of.txt"
    if not made_of.exists() or made_of.read_text().split() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True, stdout=sys.stderr)
        made_of.write_text("\n".join(wanted))
    return place / "bin" / "python"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database in a PostgreSQL with its own defaults: what it has committed is on disk."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-pg-"))
    cluster = Cluster(folder, DURABLE)
    try:
        cluster.create()
        cluster.start()
        cluster.run(f"CREATE DATABASE {DATABASE}")
        yield cluster.url(DATABASE)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def missing() -> dict[str, list[str]]:
    """What this machine lacks, by engine, as Debian calls it."""
    lacks = {
        "": [] if shutil.which("gcc") else ["gcc", "libc6-dev"],
        "nchan": [] if Path("/usr/lib/nginx/modules/ngx_nchan_module.so").exists() else ["nginx", "libnginx-mod-nchan"],
        "channels": [] if shutil.which("redis-server") else ["redis-server"],
        "relay": [] if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) else ["postgresql"],
    }
    return {engine: packages for engine, packages in lacks.items() if packages}


def machine(folder: Path) -> str:
    """One line: the machine, its disk under `folder`, and the versions of all that was compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    disk = subprocess.run(["stat", "-f", "-c", "%T", str(folder)], check=True, capture_output=True, text=True).stdout
    packages = [f"{name} {version(name)}" for name in ("uvicorn", "uvloop", "httptools", "psycopg")]
    packages += [package.replace("==", " ") for package in PACKAGES]
    packages += [f"{name} {installed}" for name in ("nginx", "libnginx-mod-nchan", "redis-server", "gcc")
                 if (installed := _debian(name))]  # fmt: skip
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB, {disk.strip()}, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}, {', '.join(packages)}."
    )


def _debian(name: str) -> str:
    line = ["dpkg-query", "-W", "-f", "${Version}", name]
    return subprocess.run(line, check=False, capture_output=True, text=True).stdout
