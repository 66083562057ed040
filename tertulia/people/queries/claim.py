"""What a claim link would join."""

from __future__ import annotations

from django.utils import timezone

from tertulia.kit.randomness import token_hash
from tertulia.people.models import ClaimLink, Person


def claimable(token: str) -> Person | None:
    """Whom the link with this `token` is about, while it lasts and nobody has claimed them; else None."""
    rows = ClaimLink.objects.filter(
        token_hash=token_hash(token), expires_on__gte=timezone.now().date(), person__account=None
    )
    link = rows.select_related("person").first()
    return link.person if link else None
