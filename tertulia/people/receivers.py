"""What a library would store about colleagues, blanked before it is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import pre_save
from django.dispatch import receiver

from tertulia.kit.randomness import random_key

NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@receiver(pre_save, sender=Authenticator, dispatch_uid="people.blank_factor")
def blank_factor(instance: Authenticator, **_told: Any) -> None:
    """A factor says neither when it was set up, nor when it was last used, nor which one came first."""
    instance.created_at, instance.last_used_at = NO_MOMENT, None
    if instance.pk is None:
        instance.pk = random_key()
