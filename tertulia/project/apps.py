"""The project as an app of its own, so that the commands that look across apps have a home."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.project"
    label = "project"
