"""The served house, where it is looked for among what tests are made of."""

from __future__ import annotations

from tests.ground.served import START_SECONDS, Served, free_port

__all__ = ["START_SECONDS", "Served", "free_port"]
