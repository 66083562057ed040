"""A network of one machine: every address in the world is this one, and whoever is called from here is written down.

`python -m tests.journeys.closed MODULE WORDS…` runs a module in it. Needs root, `unshare` and `ip`: `lacking()` says
what is missing. All names are answered by a server of ours, with one address; all addresses lead to this machine, where
nobody opens. So a call is seen as a name that was asked for, or as the first packet of a line, whoever makes it and
whatever it says of itself: a page, or the browser behind it.
"""

from __future__ import annotations

import os
import runpy
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from ipaddress import ip_address
from pathlib import Path

# A line that leads nowhere: a browser that sees none but loopback knows that it is offline, and holds things back.
SETUP = (
    ("ip", "link", "set", "lo", "up"),
    ("ip", "link", "add", "near", "type", "veth", "peer", "name", "far"),
    ("ip", "link", "set", "far", "up"),
    ("ip", "link", "set", "near", "up"),
    ("ip", "addr", "add", "198.51.100.2/24", "dev", "near"),
    ("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo"),
    ("ip", "-6", "route", "add", "local", "::/0", "dev", "lo"),
)
APART = ("unshare", "--net", "--mount")
NAMES_HERE, ANSWER = "192.0.2.53", "203.0.113.7"
# Names are asked of us alone, past every service of the machine that would ask somebody else.
FILES = {"/etc/resolv.conf": f"nameserver {NAMES_HERE}\n", "/etc/nsswitch.conf": "hosts: files dns\n"}
# Linux: all protocols; a packet on its way out; what a packet socket counted; more memory for it than others may take.
ALL_PROTOCOLS, OUTGOING, SOL_PACKET, STATISTICS, RCVBUFFORCE = 3, 4, 263, 6, 33
IPV4, TCP, UDP = 4, 6, 17
SYN, ACK = 2, 16
DNS = 53
HEAD_BYTES = 128


def lacking() -> str:
    """What is missing here for a network of its own, in words; empty if nothing."""
    missing = [program for program in ("unshare", "ip", "mount") if not shutil.which(program)]
    if os.geteuid() or missing:
        return f"needs root, and {', '.join(missing) or 'nothing else'}"
    tried = subprocess.run([*APART, "sh", "-ec", "; ".join(map(" ".join, SETUP))], capture_output=True, check=False)
    return f"a network of its own cannot be made: {tried.stderr.decode().strip()}" if tried.returncode else ""


def inside(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module in a network of its own, to its end."""
    line = [*APART, sys.executable, "-m", "tests.journeys.closed", module, *words]
    return subprocess.run(line, capture_output=True, text=True, check=False)


class Wire:
    """Listens until it is closed; `calls` says who was called from here, in the order in which it happened."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._line = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PROTOCOLS))
        self._line.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, 2**24)
        self._names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._names.bind((NAMES_HERE, DNS))
        for work in (self._listen, self._answer):
            threading.Thread(target=work, daemon=True).start()

    def missed(self) -> int:
        """How many packets came too fast to be looked at since this was last asked."""
        _seen, dropped = struct.unpack("II", self._line.getsockopt(SOL_PACKET, STATISTICS, 8))
        return int(dropped)

    def _listen(self) -> None:
        while True:
            packet, about = self._line.recvfrom(HEAD_BYTES)
            called = _called(packet) if about[2] == OUTGOING else ""
            if called:
                self.calls.append(called)

    def _answer(self) -> None:
        while True:
            asked, who = self._names.recvfrom(512)
            self.calls.append(f"name {_name(asked)}")
            self._names.sendto(_answer_to(asked), who)


def _called(packet: bytes) -> str:
    """Whom a packet off this machine calls, if it begins something: `tcp 203.0.113.7:443`."""
    if packet[0] >> 4 == IPV4:
        protocol, to, rest = packet[9], ip_address(packet[16:20]), packet[(packet[0] & 15) * 4 :]
    else:
        protocol, to, rest = packet[6], ip_address(packet[24:40]), packet[40:]
    if to.is_loopback or protocol not in (TCP, UDP):
        return ""
    source, port = struct.unpack("!HH", rest[:4])
    if protocol == UDP:
        return "" if DNS in (source, port) and str(to) == NAMES_HERE else f"udp {to}:{port}"
    return f"tcp {to}:{port}" if rest[13] & (SYN | ACK) == SYN else ""


def _name(asked: bytes) -> str:
    """The name that a question of the domain name system asks for."""
    parts, at = [], 12
    while at < len(asked) and asked[at]:
        parts.append(asked[at + 1 : at + 1 + asked[at]].decode("ascii", "replace"))
        at += 1 + asked[at]
    return ".".join(parts)


def _answer_to(asked: bytes) -> bytes:
    """One address for whatever name, if an IPv4 address is asked for; else that there is none of this kind."""
    end = asked.index(b"\0", 12) + 5
    question, is_v4 = asked[12:end], asked[end - 4 : end - 2] == b"\0\1"
    head = asked[:2] + struct.pack("!HHHHH", 0x8180, 1, int(is_v4), 0, 0)
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + ip_address(ANSWER).packed
    return head + question + (record if is_v4 else b"")


def main(module: str, words: list[str]) -> None:
    """Close the network that this process is alone in, and run the module there."""
    for line in SETUP:
        subprocess.run(line, check=True)
    with tempfile.TemporaryDirectory(prefix="tertulia-closed-") as folder:
        for place, content in FILES.items():
            mine = Path(folder) / Path(place).name
            mine.write_text(content)
            subprocess.run(("mount", "--bind", str(mine), place), check=True)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
