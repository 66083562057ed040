"""How the readings are told: tables for RESULTS.md, and for each figure to hold whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from benchmarks._processes import Spread
from benchmarks._room.measures import Plan, Readings

OURS, APART, NCHAN, CHANNELS = "tertulia serve", "tertulia relay", "nchan", "Channels + Redis"
BACK_SECONDS = 60.0
Column = tuple[str, str, int]
EVEN: list[Column] = [
    ("processor per delivery, µs", "cost", 1), ("p50, ms", "p50", 1), ("p99, ms", "p99", 1),
    ("last listener's p50, ms", "last_p50", 1), ("of a processor, the client", "rate_client", 2),
]  # fmt: skip
BURST: list[Column] = [
    ("deliveries/s", "burst", 0), ("processor per delivery, µs", "burst_cost", 1), ("messages in a read", "joined", 1),
    ("cut as too slow, and back", "burst_cuts", 0), ("of a processor, the client", "burst_client", 2),
]  # fmt: skip
LINES: list[Column] = [
    ("memory per listener after load, KB", "memory", 1), ("connects/s", "connects", 0),
    ("processor per connect, µs", "connect_cost", 0),
    ("of a processor, the client", "connects_client", 2),
]  # fmt: skip
POSTS: list[Column] = [
    ("one commit per post", "single", 0), ("64 producers, straight on the store", "store", 0),
    ("one producer over HTTP", "alone", 0), ("64 producers over HTTP", "http", 0), ("p50, ms", "p50", 1),
    ("p99, ms", "p99", 1), ("processor per post over HTTP, µs", "post_cost", 0),
    ("of a processor, the client", "posts_client", 2),
]  # fmt: skip
BACK: list[Column] = [
    ("until the last is back, s", "back", 2), ("longest wait for a message, s", "back_most", 2),
    ("turned away meanwhile", "back_refused", 0), ("of a processor, the client", "back_client", 2),
]  # fmt: skip


HOW = """\
One room, messages of 200 bytes. `tertulia serve`: pages, relay and worker, SQLite with `synchronous=FULL`; every
listener and every author has a ticket of its own, which is checked; a message is on disk before anybody hears it,
and goes out with author, name and time (some 100 bytes more than with the others). `tertulia relay`: the same
over PostgreSQL, on a port of its own. nchan: Debian's nginx with one worker; messages in memory. Channels: one
uvicorn (uvloop, httptools) and Redis with `channels_redis.core`, event streams through its HTTP consumer;
messages in memory. Each engine runs in processes of its own, started anew for each row; producers and listeners
are two programs in C, one thread each, from 16 addresses on loopback."""
NOT_COUNTED = """\
- **A delivery** is a message whose frame has ended at a listener. At the even load its time runs from before the
  post is sent; the last listener's p50 is the median, over the messages, of the time at which the last one had
  it. Every listener's sum of message numbers is compared at the end: one message lost or doubled, and the run
  counts as failed.
- **A burst** is 200 messages (Channels: 20) posted on 64 lines as fast as they are acknowledged, from the first
  post to the last delivery. Engines may join messages: how many came in one read is in the table.
- **Memory** is the proportional set size of the server's processes after the load, less what they had before
  anybody came; that of `tertulia relay` is read without a load.
- **A connect** is done when the answer's head has come; with ours, when `event: present` has; 256 are under way
  at a time.
- **Posts**: straight on the store, each is sealed, and those of 64 producers share a commit; over HTTP nobody
  listens.
- **Not counted:** what the clients use of the processors (their share is in the tables; near 1.00 they are what
  limits), what the kernel holds for sockets, TLS, a server in front, a real network."""


@dataclass(frozen=True)
class Hold:
    """A ratio (or a number of seconds) and the bound that it is to keep."""

    what: str
    reading: float
    bound: float
    at_least: bool
    unit: str = "×"

    def holds(self) -> bool:
        """Whether it is within the bound."""
        return self.reading >= self.bound if self.at_least else self.reading <= self.bound

    def told(self) -> str:
        """As a line of a list."""
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g} {self.unit}"
        return (
            f"- {self.what}: {self.reading:.3g} {self.unit} ({bound}): {'holds' if self.holds() else '**falls short**'}"
        )


def holds(readings: Readings, sizes: Sequence[int]) -> list[Hold]:
    """All that is to hold and was measured."""
    return [hold for size in sizes for hold in _of_size(readings, size)] + list(_of_posts(readings))


def _of_size(readings: Readings, size: int) -> Iterator[Hold]:
    """DESIGN's bounds for so many listeners."""
    bounds = [
        ("burst", OURS, NCHAN, 5.0, True, "deliveries/s in a burst"),
        ("burst", OURS, CHANNELS, 100.0, True, "deliveries/s in a burst"),
        ("cost", OURS, NCHAN, 1.0, False, "processor per delivery"),
        ("p99", OURS, NCHAN, 1.0, False, "p99"),
        ("last_p50", OURS, NCHAN, 1.0, False, "last listener's p50"),
        ("memory", OURS, NCHAN, 0.3, False, "memory per listener"),
        ("connects", OURS, NCHAN, 0.3, True, "connects/s, shared port"),
        ("connects", APART, NCHAN, 0.8, True, "connects/s, `tertulia relay`"),
    ]
    for what, ours, peer, bound, at_least, words in bounds:
        ratio = readings.ratio(what, (ours, size), (peer, size))
        if ratio is not None:
            yield Hold(f"{size:,} listeners, {words}, against {peer}", ratio, bound, at_least)
    back = readings.spread(OURS, size, "back")
    if back:
        yield Hold(f"{size:,} cut and back at once", back.most, BACK_SECONDS, at_least=False, unit="s")


def _of_posts(readings: Readings) -> Iterator[Hold]:
    for engine, store in ((OURS, "SQLite FULL"), (APART, "PostgreSQL")):
        single = readings.spread(engine, 0, "single")
        for what, words in (("store", "straight on the store"), ("http", "over HTTP")):
            many = readings.spread(engine, 0, what)
            if single and many:
                ratio = many.median / single.median
                yield Hold(
                    f"durable posts/s, {store}, {words}, against one commit per post", ratio, 15.0, at_least=True
                )


def section(when: str, about: str, readings: Readings, plan: Plan, kept: Sequence[Hold]) -> str:
    """The whole section for RESULTS.md; `when` is the day and the command, `about` the machine and the rounds."""
    held = f"held: {sum(hold.holds() for hold in kept)} of {len(kept)} figures"
    faults = "\n".join(f"- **Failed:** {fault}" for fault in readings.faults)
    parts = ["## The live room", f"{when} · {held}", HOW, about, _told(readings, plan, kept), faults, NOT_COUNTED]
    return "\n\n".join(filter(None, parts))


def _told(readings: Readings, plan: Plan, kept: Sequence[Hold]) -> str:
    """The tables, then the list of what holds."""
    sizes = plan.sizes
    parts = [
        (f"At {plan.deliveries_per_second:,} deliveries a second", _table(readings, EVEN, sizes)),
        ("In a burst", _table(readings, BURST, sizes)),
        ("Lines", _table(readings, LINES, sizes)),
        ("All cut, and back at once", _table(readings, BACK, sizes)),
        ("Durable posts a second (SQLite FULL: serve; PostgreSQL: relay)", _table(readings, POSTS, [0])),
    ]
    lines = [line for title, rows in parts if len(rows) > 2 for line in (f"### {title}", "", *rows, "")]
    return "\n".join([*lines, "### What is to hold", "", *(hold.told() for hold in kept)])


def _table(readings: Readings, columns: Sequence[Column], sizes: Sequence[int]) -> list[str]:
    """One row for each engine and number of listeners of which there is anything to tell."""
    first = "| listeners | engine |" if sizes != [0] else "| | engine |"
    rows = [f"{first} {' | '.join(title for title, _, _ in columns)} |", "|---" * (len(columns) + 2) + "|"]
    for size in sizes:
        for engine in (OURS, APART, NCHAN, CHANNELS):
            found = [readings.spread(engine, size, what) for _, what, _ in columns]
            if any(found):
                cells = [_cell(spread, digits) for spread, (_, _, digits) in zip(found, columns, strict=True)]
                rows.append(f"| {f'{size:,}' if size else ''} | {engine} | {' | '.join(cells)} |")
    return rows


def _cell(spread: Spread | None, digits: int) -> str:
    if spread is None:
        return "–"
    shown: Callable[[float], str] = lambda number: f"{number:,.{digits}f}"  # noqa: E731 - three times in one line
    if spread.least == spread.most:
        return shown(spread.median)
    return f"{shown(spread.median)} ({shown(spread.least)} to {shown(spread.most)})"


def as_json(readings: Readings, kept: Sequence[Hold], **more: object) -> dict[str, object]:
    """Everything for a program: each single reading too."""
    rows = [{"engine": engine, "listeners": size, **read} for (engine, size), read in readings.all.items()]
    return {
        **more,
        "faults": readings.faults,
        "rows": rows,
        "holds": [{**asdict(hold), "holds": hold.holds()} for hold in kept],
    }
