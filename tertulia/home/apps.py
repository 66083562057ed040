"""What the app offers to the house when it starts."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.home"
    label = "home"
