"""Whatever is done to a room log in whatever order, it behaves like a list per room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import ENDED, Kept, RoomLog, Sealed

ROOMS = st.sampled_from(["one", "two", "three"])
ONCE = st.integers(0, 30).map(lambda n: b"%016d" % n)
DRAFTS = st.builds(Sealed, ROOMS, ONCE, st.binary())
CHANGES = st.builds(Sealed, ROOMS, ONCE, st.binary(), st.integers(1, 12), st.binary(), st.just(b"blank"), st.booleans())
BATCHES = st.lists(DRAFTS | CHANGES, max_size=8)


@dataclass
class Row:
    """An entry of the list."""

    once: bytes
    box: bytes
    about: int


class Against(RuleBasedStateMachine):
    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.log: RoomLog
        self.rooms: dict[str, list[Row]] = defaultdict(list)
        self.epochs: dict[str, str] = {}
        self.gone: set[str] = set()

    @initialize()
    def open(self) -> None:
        self.log = open_log(self.address)
        for room in ("one", "two", "three"):
            self.log.erase(room)

    @rule(drafts=BATCHES)
    def append(self, drafts: list[Sealed]) -> None:
        living = {
            name: {number for number, row in enumerate(rows, 1) if not row.about} for name, rows in self.rooms.items()
        }
        assert self.log.append(drafts) == [self.kept(draft, living.get(draft.room, set())) for draft in drafts]

    def kept(self, draft: Sealed, living: set[int]) -> Kept:
        room = self.rooms[draft.room]
        known = [other.once for other in room]
        if draft.once in known:
            return Kept(known.index(draft.once) + 1, is_new=False)
        if draft.about and draft.about not in living:
            return Kept(0, is_new=False)
        if draft.about:
            self.rewrite(room, draft)
        if draft.ends:
            living.discard(draft.about)
        room.append(Row(draft.once, draft.box, draft.about))
        return Kept(len(room), is_new=True)

    def rewrite(self, room: list[Row], draft: Sealed) -> None:
        for row in room:
            if row.about == draft.about:
                row.box = draft.blank
        room[draft.about - 1].box = draft.instead
        if draft.ends:
            room[draft.about - 1].about = ENDED

    @rule(room=ROOMS)
    def erase(self, room: str) -> None:
        self.log.erase(room)
        self.rooms.pop(room, None)
        if room in self.epochs:
            self.gone.add(self.epochs.pop(room))

    @rule()
    def reopen(self) -> None:
        self.log.close()
        self.log = open_log(self.address)

    @rule(room=ROOMS, after=st.integers(0, 40), limit=st.integers(1, 10))
    def read(self, room: str, after: int, limit: int) -> None:
        boxes = list(enumerate([draft.box for draft in self.rooms[room]], start=1))
        assert self.log.read(room, after, limit) == boxes[after : after + limit]
        assert self.log.latest(room, limit) == boxes[-limit:]

    @rule(room=ROOMS)
    def head(self, room: str) -> None:
        head = self.log.head(room)
        assert head.last == len(self.rooms[room])
        assert head.epoch == self.epochs.setdefault(room, head.epoch)
        assert head.epoch not in self.gone

    @invariant()
    def is_whole(self) -> None:
        if hasattr(self, "log"):
            self.log.verify()

    def teardown(self) -> None:
        if hasattr(self, "log"):
            self.log.close()


def test_a_log_behaves_like_a_list_per_room(address: str) -> None:
    Against.address = address
    limits = settings(
        max_examples=15, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Against, settings=limits)  # type: ignore[no-untyped-call]
