"""The house's own upkeep."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.project import queue


@task("project.prune_queue", every_minutes=60)
def prune_queue() -> None:
    """Remove from the queue what was done a day ago and what failed a week ago."""
    queue.prune()
