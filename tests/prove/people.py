"""`./run prove people`: what is promised to people who come, tried at length."""

from __future__ import annotations

import sys

from tests.prove import _canaries, _closed, _counting, _door
from tests.prove._steps import Step, prove

STEPS: dict[str, Step] = {
    "linking": _counting.linking,
    "equations": _counting.equations,
    "accounts": _counting.accounts,
    "closed": _closed.walk,
    "canaries": _canaries.canaries,
    "flood": _door.flood,
    "timing": _door.timing,
}

if __name__ == "__main__":
    sys.exit(prove("people", STEPS, sys.argv[1:]))
