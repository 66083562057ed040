"""What is cleared away by itself."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.programme.actions import closing


@task("programme.clear_participations", every_minutes=60)
def clear_participations() -> None:
    """Forget who was in at events whose days of keeping are over."""
    closing.clear_participations()
