"""What is cleared away by itself."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.programme.actions import cards, closing, counting, withheld
from tertulia.programme.models import Event


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


@task("programme.end_counting")
def end_counting(event_id: int) -> None:
    """Nobody is counted any more at an event that was closed; one that is gone has nothing to count."""
    event = Event.objects.filter(pk=event_id).first()
    if event:
        counting.end_counting(event)


@task("programme.clear_cards_of", leaves_no_trace=True)
def clear_cards_of(person_id: int) -> None:
    """Remove the pictures of events that somebody's name was taken out of."""
    withheld.clear_cards_of(person_id)


@task("programme.name_again", leaves_no_trace=True)
def name_again(person_id: int) -> None:
    """Let later files name somebody again."""
    withheld.name_again(person_id)
