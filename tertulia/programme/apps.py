"""What the app offers to the house when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tertulia.kit.registry import (
    Erasure,
    ExportKind,
    Going,
    NavigationEntry,
    Region,
    WhatWeKnow,
    consent_ends,
    credited,
    erasures,
    exports,
    goings,
    mentions,
    name_changes,
    name_neighbours,
    navigation,
    regions,
    scopes,
    what_we_know,
)

CREDITS = frozenset({"programme.Credit", "programme.FormerCredit", "programme.NameMark", "programme.Withheld"})


class ProgrammeConfig(AppConfig):
    """The app's place in the house."""

    name = "tertulia.programme"
    label = "programme"

    def ready(self) -> None:
        """Offer the way to the events, the next one for the front page, one's names, and what roles are limited to.

        Listen for imported programmes, and for names that change or are taken back.
        Say how what was erased is erased again.
        """
        from tertulia.programme import receivers
        from tertulia.programme.actions import closing
        from tertulia.programme.actions.withheld import remember_name, withhold
        from tertulia.programme.queries.credits import credited_by, credits_choices, credits_rows
        from tertulia.programme.queries.events import hero_region, home_region, is_event
        from tertulia.programme.queries.held import credits_held, credits_region, names_held
        from tertulia.programme.queries.participation import names_region, where_people_are
        from tertulia.programme.queries.withheld import is_mentioned, persons_beside
        from tertulia.programme.rules import can_export_any_credits, can_export_credits

        import_module("tertulia.programme.tasks")
        receivers.listen()
        navigation.offer("programme.events", NavigationEntry(_("Events"), "programme:events", 10))
        regions.offer("programme.next_event", Region("home", "programme/_next_event.html", home_region))
        regions.offer("programme.hero", Region("home.hero", "programme/_hero_acts.html", hero_region))
        regions.offer("programme.names", Region("people.me", "programme/_names.html", names_region))
        goings.offer("programme.names", _names_go(closing.FORGOTTEN))
        stays = _("It stays. A name goes when its person takes it back.")
        goings.offer("programme.stays", Going("programme", _("The programme, with its credits"), 100, ends=stays))
        erasures.offer(closing.FORGOTTEN, Erasure(where_people_are, closing.forget_again))
        regions.offer("programme.credits", Region("people.claim", "programme/_credits.html", credits_region))
        scopes.offer("programme.events", is_event)
        consent_ends.offer("programme.names", withhold)
        name_changes.offer("programme.names", remember_name)
        name_neighbours.offer("programme.biographies", persons_beside)
        credited.offer("programme.credits", credited_by)
        may = (can_export_any_credits, can_export_credits)
        exports.offer("credits", ExportKind(_("Credits and consents"), *may, credits_choices, credits_rows))
        mentions.offer("programme.credits", is_mentioned)
        what_we_know.offer("programme.names", WhatWeKnow(frozenset({"programme.Participation"}), names_held, 20))
        what_we_know.offer("programme.credits", WhatWeKnow(CREDITS, credits_held, 50))


def _names_go(kind: str) -> Going:
    """When it is forgotten who was in; the erasure list notes it as `kind`."""
    from tertulia.programme.models import Participation
    from tertulia.programme.queries.going import has_no_names

    return Going(
        "names",
        _("The names that people chose here, and that they were in"),
        10,
        models=frozenset({"programme.Participation"}),
        days=Participation.retention.days,
        is_gone=has_no_names,
        noted=lambda event: (kind, [str(event.pk)]),
    )
