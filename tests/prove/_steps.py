"""What every long proof is made of: steps that are tried one after the other, and a last line that counts them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class Unproved(Exception):  # noqa: N818 - a finding, not a fault of this program
    """What was promised was not seen; the sentence says what was seen instead."""


class Outcome(NamedTuple):
    """What was tried, whether it held, and what was seen."""

    name: str
    passed: bool
    seen: str


Step = Callable[[], Iterable[Outcome]]


def prove(proof: str, steps: Mapping[str, Step], chosen: list[str]) -> int:
    """Try all `steps`, or those `chosen` by name; 0 if everything held, 1 if not, 2 for a name there is none of.

    Each step says in its docstring what it promises, and gives its outcomes as they come; Unproved ends it, and is one.
    """
    if not are_known(proof, steps, chosen):
        return 2
    outcomes = [held for name, step in steps.items() if not chosen or name in chosen for held in _try(name, step)]
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    return 0 if outcomes and all(outcomes) else 1


def are_known(proof: str, steps: Mapping[str, object], chosen: list[str]) -> bool:
    """Whether all of the `chosen` are names of `steps`; if not, one line on standard error says so."""
    unknown = [name for name in chosen if name not in steps]
    if unknown:
        print(f"prove {proof}: there is no {', '.join(unknown)}; there is {', '.join(steps)}", file=sys.stderr)
    return not unknown


def _try(name: str, step: Step) -> list[bool]:
    print(f"\n── {name}: {step.__doc__}", flush=True)
    began = time.monotonic()
    held = []
    try:
        for outcome in step():
            held.append(outcome.passed)
            _tell(outcome, began)
    except Unproved as fault:
        held.append(False)
        _tell(Outcome(name, False, str(fault)), began)
    if not held:
        held.append(False)
        _tell(Outcome(name, False, "nothing was tried"), began)
    return held


def _tell(outcome: Outcome, began: float) -> None:
    verdict = "passed" if outcome.passed else "FAILED"
    print(f"{verdict} {outcome.name} ({time.monotonic() - began:.0f} s): {outcome.seen}", flush=True)
