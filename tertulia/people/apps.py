"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.people"
    label = "people"
