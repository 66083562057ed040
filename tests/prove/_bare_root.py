"""A fresh Debian or Ubuntu in a folder, in which nothing is installed but Python; all of it is gone afterwards."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.prove._steps import Unproved

CLONE = "/srv/tertulia"
# What a machine is told about where packages come from and whom to trust; nothing else is taken along.
TAKEN_ALONG = re.compile(r"(PIP|UV)_\w+|\w+_proxy|SSL_CERT_(FILE|DIR)|(CURL|REQUESTS)_CA_BUNDLE|CI", re.IGNORECASE)
# In namespaces of its own: when the first process ends, so do all that it started, and the mounts with them.
INSIDE = """
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t sysfs -o ro sys "$0/sys"
exec chroot "--userspec=$1" "$0" /bin/sh -c "cd $2 && exec $3"
"""


class BareRoot:
    """The folder, and commands inside it. Needs root, debootstrap and this machine's own apt sources."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-root-"))
        self._started: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        return self

    def __exit__(self, *_fault: object) -> None:
        for process in self._started:
            end(process)
        shutil.rmtree(self.folder)

    def build(self) -> None:
        """Unpack the system that this machine runs, from the mirror that this machine uses."""
        mirror, sources = _mirror()
        release = platform.freedesktop_os_release()["VERSION_CODENAME"]
        command = ["debootstrap", "--variant=minbase", "--include=python3", release, str(self.folder), mirror]
        subprocess.run(command, check=True)
        for place in (self.folder / "etc/apt").glob("sources.list*/*"):
            place.unlink()
        (self.folder / "etc/apt/sources.list").unlink(missing_ok=True)
        for file in [sources, *_settings_of_apt(), *_settings_of_pip(), *_certificates(), Path("/etc/resolv.conf")]:
            self._copy(file)
        # As in any container: packages that bring a server do not start it.
        (self.folder / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (self.folder / "usr/sbin/policy-rc.d").chmod(0o755)

    def clone(self, repository: Path, owner: str = "root") -> None:
        """A fresh clone of what is committed in the `repository`, which belongs to `owner`."""
        place = f"{self.folder}{CLONE}"
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(repository), place], check=True)
        subprocess.run(["chown", "--recursive", owner, place], check=True)

    def start(self, command: str, *, user: str = "root") -> subprocess.Popen[str]:
        """Start a shell `command` in the clone; both its outputs are in one stream."""
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        arguments = ["sh", "-euc", INSIDE, str(self.folder), user, CLONE, command]
        environment = {name: value for name, value in os.environ.items() if TAKEN_ALONG.fullmatch(name)}
        environment |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        environment |= {"HOME": "/root" if user == "root" else "/nonexistent"}
        process = subprocess.Popen(
            [*namespaces, *arguments], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._started.append(process)
        return process

    def _copy(self, file: Path) -> None:
        place = self.folder / file.relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())


def finish(process: subprocess.Popen[str], *, minutes: int) -> list[str]:
    """What a process says until it ends well; Unproved if it does not, or not in that many minutes."""
    said = list(lines(process, minutes=minutes))
    if process.wait() != 0:
        raise Unproved(f"exit code {process.returncode}; last words: {said[-1:]}")
    return said


def lines(process: subprocess.Popen[str], *, minutes: int) -> Iterator[str]:
    """What the process says, shown as it is said; it is killed, and that is a failure, when its time is over."""
    late = threading.Timer(minutes * 60, process.kill)
    late.start()
    try:
        for line in process.stdout or ():
            print(f"  │ {line}", end="", flush=True)
            yield line.rstrip("\n")
    finally:
        late.cancel()


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process started in a bare root and return when everything that it started is gone too."""
    process.kill()
    if process.stdout and not process.stdout.closed:
        # The stream ends when the last one that could still write to it, or into the folder, has ended.
        process.stdout.read()
        process.stdout.close()
    process.wait()


def _mirror() -> tuple[str, Path]:
    """The first mirror that this machine's apt uses, and the file that says so."""
    files = [*sorted(Path("/etc/apt/sources.list.d").glob("*.sources")), Path("/etc/apt/sources.list")]
    for file in filter(Path.exists, files):
        found = re.search(r"^(?:URIs:|deb(?: \[[^\]]*\])?) *(\S+)", file.read_text(), re.MULTILINE)
        if found:
            return found[1], file
    raise LookupError("apt has no sources on this machine")


def _settings_of_apt() -> list[Path]:
    """How apt reaches its mirror; not the hooks of programs that the bare root does not have."""
    files = Path("/etc/apt/apt.conf.d").glob("*")
    return [file for file in files if "Acquire" in (text := file.read_text()) and "Invoke" not in text]


def _settings_of_pip() -> list[Path]:
    places = [Path("/etc/pip.conf"), Path("/root/.config/pip/pip.conf"), Path("/root/.pip/pip.conf")]
    return [place for place in places if place.exists()]


def _certificates() -> list[Path]:
    """The authorities that this machine trusts, under every name that the environment gives them."""
    named = {Path(value) for name, value in os.environ.items() if TAKEN_ALONG.fullmatch(name)}
    named.add(Path("/etc/ssl/certs/ca-certificates.crt"))
    # From these the package ca-certificates writes the bundle anew when it is installed.
    named.update(Path("/usr/local/share/ca-certificates").rglob("*.crt"))
    return [place for place in sorted(named) if place.is_absolute() and place.is_file()]
