"""Stands in for systemctl in a folder where no systemd can run: it starts the lines of the units, without their walls.

As systemd does, it makes their folders, becomes their user, and gives them their environment and nothing else. Of
nginx and PostgreSQL it knows how Debian starts them by hand. Copied into a bare root as it is.
"""

from __future__ import annotations

import os
import pwd
import shlex
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path("/run/tertulia-stand-in")
PATIENCE_SECONDS = 60


def main(words: list[str]) -> int:
    """Do what is asked for each unit; 1 for what systemd would refuse."""
    verb, *names = (word for word in words if not word.startswith("-"))
    if verb == "daemon-reload" or (verb == "enable" and "--now" not in words):
        return 0
    ask = {"enable": start, "start": start, "restart": restart, "disable": stop, "stop": stop}.get(verb)
    if ask is None:
        print(f"the stand-in for systemctl does not know {verb}", file=sys.stderr)
        return 1
    STATE.mkdir(exist_ok=True)
    for name in names:
        ask(name.removesuffix(".service"))
    return 0


def start(name: str) -> None:
    """Start a unit, after what it wants; what runs stays as it is."""
    if name in BY_HAND:
        BY_HAND[name]("start")
        return
    unit = _unit(name)
    for wanted in " ".join(unit["Wants"]).split():
        start(wanted.removesuffix(".service"))
    if name.endswith(".target") or (STATE / name).exists():
        return
    process = _begin(name, unit)
    if unit["Type"] == ["oneshot"] and process.wait() != 0:
        raise SystemExit(f"{name} failed: {_log(name).read_text()}")
    (STATE / name).write_text("" if unit["Type"] == ["oneshot"] else str(process.pid))


def stop(name: str) -> None:
    """Stop a unit, and whatever is part of it."""
    if name in BY_HAND:
        BY_HAND[name]("stop")
        return
    parts = [path.stem for path in UNITS.glob("*.service") if name in _unit(path.stem)["PartOf"]]
    for part in [*parts, name]:
        sign = STATE / part
        if sign.exists():
            if process := sign.read_text():
                _end(int(process))
            sign.unlink()


def restart(name: str) -> None:
    """Stop and start."""
    stop(name)
    start(name)


def _begin(name: str, unit: dict[str, list[str]]) -> subprocess.Popen[bytes]:
    user = pwd.getpwnam(unit["User"][-1])
    for folder in " ".join(unit["StateDirectory"]).split():
        place = Path("/var/lib", folder)
        place.mkdir(exist_ok=True)
        place.chmod(int(unit["StateDirectoryMode"][-1], 8))
        os.chown(place, user.pw_uid, user.pw_gid)
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": user.pw_dir}
    for row in Path(unit["EnvironmentFile"][-1]).read_text().splitlines():
        if row and not row.startswith("#"):
            given, _, text = row.partition("=")
            environment[given] = text.strip('"')
    with _log(name).open("ab") as log:
        return subprocess.Popen(
            shlex.split(unit["ExecStart"][-1]),
            cwd=unit["WorkingDirectory"][-1],
            env=environment,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            umask=int(unit["UMask"][-1], 8),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _end(process: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        os.kill(process, signal.SIGTERM)
        while time.monotonic() < until and "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text():
            time.sleep(0.05)
    except (ProcessLookupError, FileNotFoundError):
        return


def _unit(name: str) -> dict[str, list[str]]:
    """What a unit says, with what its name begins with shares: each key with all that it is given."""
    said: dict[str, list[str]] = defaultdict(list)
    file = UNITS / (name if name.endswith(".target") else f"{name}.service")
    shared = sorted((UNITS / f"{name.partition('-')[0]}-.service.d").glob("*.conf"))
    for source in [file, *shared]:
        for row in source.read_text().splitlines():
            key, equals, given = row.partition("=")
            if equals and not row.startswith("#"):
                said[key].append(given)
    return said


def _log(name: str) -> Path:
    return STATE / f"{name}.log"


def _postgresql(verb: str) -> None:
    (version,) = (path.name for path in Path("/etc/postgresql").iterdir())
    _run("pg_ctlcluster", version, "main", verb)


def _nginx(verb: str) -> None:
    running = Path("/run/nginx.pid")
    if verb == "start":
        _run("nginx")
    # `nginx -t` leaves an empty one.
    elif running.exists() and running.read_text().strip():
        _run("nginx", "-s", "stop")
        until = time.monotonic() + PATIENCE_SECONDS
        while running.exists() and time.monotonic() < until:
            time.sleep(0.05)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


BY_HAND: dict[str, Callable[[str], None]] = {"postgresql": _postgresql, "nginx": _nginx}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
