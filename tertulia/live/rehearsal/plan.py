"""What is rehearsed: how many people, from how many countries, in which steps, for how long."""

from __future__ import annotations

import os
from dataclasses import dataclass

# A step of fewer says nothing that the whole does not.
FEWEST_IN_A_STEP = 100
# So many listeners are no burden for one processor (docs/operator/rehearsal.md says how that was measured).
PEOPLE_PER_PROCESS = 2500
# A participant has a stream, and at times a line for pages.
FILES_EACH, FILES_BESIDE = 1.2, 300


@dataclass(frozen=True)
class Plan:
    """`participants` from `countries` talk for `seconds` in all, together saying `rate` messages a second.

    `steps` are how many are there in each step, the last of them all. With `https` they believe this machine's
    authorities, or those in the file `ca`. `processes` share the people; the server may be on this machine.
    """

    slug: str
    host: str
    port: int
    participants: int
    countries: int
    seconds: float
    rate: float
    steps: tuple[int, ...]
    https: bool = False
    ca: str = ""
    processes: int = 1

    def seconds_of(self, step: int) -> float:
        """How long they talk in a step: as long in the last one as in all others together."""
        if len(self.steps) == 1:
            return self.seconds
        return self.seconds / 2 if step == len(self.steps) - 1 else self.seconds / 2 / (len(self.steps) - 1)

    def messages_of(self, step: int) -> int:
        """How many messages are said in a step; as many in all as the rate and the time make."""
        whole, earlier = round(self.seconds * self.rate), len(self.steps) - 1
        each = int(self.seconds_of(0) * self.rate) if earlier else 0
        return each if step < earlier else whole - each * earlier


def usual_steps(participants: int) -> tuple[int, ...]:
    """A tenth, a third, all; without those that would be a handful."""
    earlier = (participants // 10, participants // 3)
    return (*(people for people in earlier if people >= FEWEST_IN_A_STEP), participants)


def processes_for(participants: int, *, is_server_here: bool) -> int:
    """How many processes the people are spread over; a server on this machine keeps a processor for itself."""
    processors = len(os.sched_getaffinity(0)) - is_server_here
    return max(1, min(processors, -(-participants // PEOPLE_PER_PROCESS)))


def files_needed(participants: int, processes: int, *, is_server_ours: bool) -> int:
    """How many files one process has open at the most: one of ours, or the server that is started for them."""
    most = participants if is_server_ours else -(-participants // processes)
    return int(most * FILES_EACH) + FILES_BESIDE
