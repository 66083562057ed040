"""`./run prove server`: on an empty Debian, what the operator's page says to type leads to a festival."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sys
from pathlib import Path

from tests.prove._bare_root import CLONE, BareRoot, finish
from tests.prove._steps import Outcome, Unproved, are_known, prove

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGE = REPOSITORY / "docs" / "operator" / "server.md"
STAND_IN = Path(__file__).with_name("_systemctl.py")
FRAMES = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = "festival.example"
PORTS = (80, 443, 5432, 8001, 8002)
MINUTES = 30
BOOKS = ("posts acknowledged ", "deliveries ", "lost ", "doubled ", "out of order ", "errors ")
# Asked in the end, in the same shell: whatever is wrong ends it.
AFTERWARDS = rf"""
curl --fail --silent --cacert /etc/tertulia/tls/fullchain.pem https://{NAME}/events/one-sky/ > /root/event.html
grep -q /live/ /root/event.html
script=$(grep -o '/static/design/time\.[0-9a-f]*\.js' /root/event.html | head -n 1)
curl --fail --silent --cacert /etc/tertulia/tls/fullchain.pem --output /root/time.js "https://{NAME}$script"
[ "$(curl --silent --output /dev/null --write-out '%{{http_code}}' http://{NAME}/)" = 301 ]
[ -z "$(find /var/lib/tertulia /var/lib/tertulia-keys /etc/tertulia/pepper /var/backups/tertulia -perm /077)" ]
[ "$(stat -c '%U %a' /etc/tertulia/pepper)" = 'tertulia 400' ]
[ ! -s /var/log/nginx/access.log ]
[ -n "$(find /var/cache/nginx-tertulia -type f)" ]
[ "$(tertulia worker --failed)" = 'no task was given up' ]
systemctl stop tertulia.target
if grep -l Traceback /run/tertulia-stand-in/*.log; then exit 1; fi
echo "what the page promises holds"
"""


def main(chosen: list[str]) -> int:
    """Type the page; 1 when something failed or cannot be tried here."""
    lacking = [name for name in ("debootstrap", "git", "unshare") if not shutil.which(name)]
    taken = [str(port) for port in PORTS if not _is_free(port)]
    if not are_known("server", {"page": page}, chosen):
        return 2
    if os.geteuid() != 0 or lacking or taken:
        needs = ["root", *lacking, *(f"the port {port} free" for port in taken)]
        print(f"prove server: needs {', '.join(needs)}", file=sys.stderr)
        return 1
    # A proof that is told to stop takes its root along.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with BareRoot() as root:
        print("\n── a bare root, by debootstrap", flush=True)
        root.build()
        return prove("server", {"page": lambda: [Outcome("page", True, page(root))]}, [])


def page(root: BareRoot) -> str:
    """The frames of docs/operator/server.md, typed in one shell from top to bottom."""
    root.clone(REPOSITORY)
    stand_in = root.folder / "usr/local/sbin/systemctl"
    stand_in.write_text(f"#!/usr/bin/python3\n{STAND_IN.read_text()}")
    stand_in.chmod(0o755)
    with (root.folder / "etc/hosts").open("a") as hosts:
        hosts.write(f"127.0.0.1 localhost {NAME}\n")
    (root.folder / "root/page.sh").write_text(f"set -eux\n{typed()}\n{AFTERWARDS}")
    said = finish(root.start("sh /root/page.sh"), minutes=MINUTES)
    if said[-1] != "what the page promises holds":
        raise Unproved(f"the shell ended before the end of the page: {said[-1]}")
    books = ", ".join(" ".join(line.split()) for line in said if line.startswith(BOOKS))
    return f"{len(frames())} frames; the rehearsal of a hundred: {books}"


def frames() -> list[str]:
    """What the page says to type, frame by frame."""
    return FRAMES.findall(PAGE.read_text())


def typed() -> str:
    """All frames, with this repository as the place that the program comes from."""
    whole = "\n".join(frames())
    filled, count = re.subn(r"^SOURCE=.*$", f"SOURCE={CLONE}", whole, flags=re.MULTILINE)
    if count != 1 or f"\nNAME={NAME}\n" not in f"\n{whole}":
        raise Unproved("the page no longer begins with a name and a source")
    return filled


def _is_free(port: int) -> bool:
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
