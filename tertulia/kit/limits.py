"""How often somebody may try, without writing down who: counts in memory, under a key that lasts a day."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

DAY = 86_400.0
IPV6_NETWORK = 64  # what one household or one phone is given


class Limit:
    """At most `most` tries within `seconds` from one address; `places` addresses are remembered, the latest ones."""

    def __init__(
        self, most: int, seconds: float, places: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.seconds = seconds
        self.places = places
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._key = b""
        self._key_ends = 0.0

    def count(self, address: str) -> None:
        """One more try from `address`."""
        with self._lock:
            name, now = self._name(address), self._clock()
            tries = self._tries.setdefault(name, deque(maxlen=self.most))
            while tries and now - tries[0] >= self.seconds:
                tries.popleft()
            tries.append(now)
            self._tries.move_to_end(name)
            while len(self._tries) > self.places:
                self._tries.popitem(last=False)

    def is_reached(self, address: str) -> bool:
        """Whether `address` has to wait until its oldest try is `seconds` old."""
        with self._lock:
            tries = self._tries.get(self._name(address))
            return tries is not None and len(tries) == self.most and self._clock() - tries[0] < self.seconds

    def _name(self, address: str) -> bytes:
        now = self._clock()
        if not self._key or now >= self._key_ends:
            self._key, self._key_ends = secrets.token_bytes(32), now + DAY
            self._tries.clear()
        return hmac.digest(self._key, _network(address).encode(), "sha256")


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    # A socket that speaks both shows IPv4 inside of IPv6, where all of it is one network.
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, IPV6_NETWORK), strict=False))
