"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import NavigationEntry, navigation


class PeopleConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.people"
    label = "people"

    def ready(self) -> None:
        """Offer the way to one's own page; who has not come in is led to come back."""
        navigation.offer("people.me", NavigationEntry(_("My place"), "people:me", 90))
