"""What is cleared away by itself."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.programme.actions import cards, closing


@task("programme.clear_participations", every_minutes=60)
def clear_participations() -> None:
    """Forget who was in at events whose days of keeping are over."""
    closing.clear_participations()


@task("programme.close_what_is_over", every_minutes=60)
def close_what_is_over() -> None:
    """Close the events that ended some time ago and that nobody closed."""
    closing.close_what_is_over()


@task("programme.clear_cards")
def clear_cards(event_id: int) -> None:
    """Remove the pictures of the event's sessions; those that stay are drawn anew."""
    cards.clear_cards(event_id)
