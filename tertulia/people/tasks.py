"""What is cleared away by itself."""

from __future__ import annotations

from django.utils import timezone

from tertulia.kit.tasks import task
from tertulia.people.models import Session, SignInLink


@task("people.clear_ended", every_minutes=60)
def clear_ended() -> None:
    """Remove the sessions and sign-in links whose time is over."""
    now = timezone.now()
    Session.objects.filter(expires_on__lt=now.date()).delete()
    SignInLink.objects.filter(expires_at__lte=now).delete()
