"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import Erasure, NavigationEntry, erasures, navigation


class PeopleConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.people"
    label = "people"

    def ready(self) -> None:
        """Offer the way to one's own page; who has not come in is led to come back.

        Say how what was erased is erased again.
        """
        from tertulia.people import actions, queries

        erasures.offer(actions.DELETED_ACCOUNT, Erasure(queries.participants, actions.delete_again))
        erasures.offer(actions.DISMISSED, Erasure(queries.colleagues, actions.dismiss_again))
        navigation.offer("people.me", NavigationEntry(_("My place"), "people:me", 90))
