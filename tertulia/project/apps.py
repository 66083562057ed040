"""The wiring as an app of its own: its commands, its schedule and the tasks of all apps."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from tertulia.kit.erasures import DESTROYED_KEY
from tertulia.kit.registry import Erasure, Told, WhatWeKnow, erasures, goings, what_we_know


class ProjectConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.project"
    label = "project"

    def ready(self) -> None:
        """Load the tasks of every app, so that their names can be enqueued.

        Say how keys that went go again, what is held of words in rooms, and what libraries hold of colleagues; keep a
        record of copies and restores.
        """
        from tertulia.people.actions import keep_record
        from tertulia.project.facts import Copied, Restored
        from tertulia.project.going import goings_of_the_house
        from tertulia.project.held import EDITING, editing_held, words_held

        erasures.offer(DESTROYED_KEY, Erasure(settings.KEYS.names, settings.KEYS.destroy))
        autodiscover_modules("tasks")
        for going in goings_of_the_house():
            goings.offer(f"project.{going.name}", going)
        keep_record(Copied, _("A backup was made"), lambda fact: Told("house", detail=fact.holds))
        keep_record(Restored, _("The house was restored from a backup"), lambda _fact: Told("house"))
        what_we_know.offer("project.words", WhatWeKnow(frozenset(), words_held, 31))
        what_we_know.offer("project.editing", WhatWeKnow(EDITING, editing_held, 70))
