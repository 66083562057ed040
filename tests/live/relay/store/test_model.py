"""Whatever is done to a room log in whatever order, it behaves like a list per room."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Kept, RoomLog, Sealed

ROOMS = st.sampled_from(["one", "two", "three"])
DRAFTS = st.lists(st.builds(Sealed, ROOMS, st.integers(0, 30).map(lambda n: b"%016d" % n), st.binary()), max_size=8)


class Against(RuleBasedStateMachine):
    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.log: RoomLog
        self.rooms: dict[str, list[Sealed]] = defaultdict(list)
        self.epochs: dict[str, str] = {}
        self.gone: set[str] = set()

    @initialize()
    def open(self) -> None:
        self.log = open_log(self.address)
        for room in ("one", "two", "three"):
            self.log.erase(room)

    @rule(drafts=DRAFTS)
    def append(self, drafts: list[Sealed]) -> None:
        assert self.log.append(drafts) == [self.kept(draft) for draft in drafts]

    def kept(self, draft: Sealed) -> Kept:
        room = self.rooms[draft.room]
        known = [other.once for other in room]
        if draft.once in known:
            return Kept(known.index(draft.once) + 1, is_new=False)
        room.append(draft)
        return Kept(len(room), is_new=True)

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
