"""What is cleared away by itself."""

from __future__ import annotations

from django.utils import timezone

from tertulia.kit.tasks import task
from tertulia.people.models import SignInLink
from tertulia.people.sessions import SessionStore


@task("people.clear_ended", every_minutes=60)
def clear_ended() -> None:
    """Remove the sessions and sign-in links whose time is over."""
    SessionStore.clear_expired()
    SignInLink.objects.filter(expires_at__lte=timezone.now()).delete()
