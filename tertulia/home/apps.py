"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import NavigationEntry, navigation


class HomeConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.home"
    label = "home"

    def ready(self) -> None:
        """Offer the way to what is known about people."""
        known = NavigationEntry(_("What we know about you"), "home:privacy", 100, at_foot_only=True)
        navigation.offer("home.privacy", known)
