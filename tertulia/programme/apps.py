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
    borne,
    consent_ends,
    credited,
    credited_for,
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
        from tertulia.programme.queries.events import is_event

        import_module("tertulia.programme.tasks")
        receivers.listen()
        navigation.offer("programme.events", NavigationEntry(_("Events"), "programme:events", 10))
        scopes.offer("programme.events", is_event)
        _offer_regions()
        _offer_ends()
        _offer_names()
        _offer_exports()
        _offer_what_we_know()


def _offer_regions() -> None:
    from tertulia.programme.queries.events import hero_region, home_region
    from tertulia.programme.queries.held import credits_region, ways_in_region
    from tertulia.programme.queries.participation import names_region

    regions.offer("programme.next_event", Region("home", "programme/_next_event.html", home_region))
    regions.offer("programme.hero", Region("home.hero", "programme/_hero_acts.html", hero_region))
    regions.offer("programme.names", Region("people.me", "programme/_names.html", names_region))
    regions.offer("programme.credits", Region("people.claim", "programme/_credits.html", credits_region))
    regions.offer("programme.ways_in", Region("people.claim_outside", "programme/_ways_in.html", ways_in_region))


def _offer_ends() -> None:
    """What goes when, and how what was forgotten is forgotten again."""
    from tertulia.programme.actions import closing
    from tertulia.programme.queries.participation import where_people_are

    goings.offer("programme.names", _names_go(closing.FORGOTTEN))
    stays = _("It stays. A name goes when its person takes it back.")
    goings.offer("programme.stays", Going("programme", _("The programme, with its credits"), 100, ends=stays))
    erasures.offer(closing.FORGOTTEN, Erasure(where_people_are, closing.forget_again))


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


def _offer_names() -> None:
    """Hear of names that change or are taken back, and say where they stand."""
    from tertulia.programme.actions.withheld import remember_name, withhold
    from tertulia.programme.queries.credits import credited_by
    from tertulia.programme.queries.credits import credited_for as words_for
    from tertulia.programme.queries.naming import bears_now
    from tertulia.programme.queries.withheld import is_mentioned, persons_beside

    consent_ends.offer("programme.names", withhold)
    name_changes.offer("programme.names", remember_name)
    name_neighbours.offer("programme.biographies", persons_beside)
    credited.offer("programme.credits", credited_by)
    credited_for.offer("programme.credits", words_for)
    mentions.offer("programme.credits", is_mentioned)
    borne.offer("programme.participations", bears_now)


def _offer_exports() -> None:
    from tertulia.programme.queries.credits import credits_choices, credits_rows
    from tertulia.programme.rules import can_export_any_credits, can_export_credits

    may = (can_export_any_credits, can_export_credits)
    exports.offer("credits", ExportKind(_("Credits and consents"), *may, credits_choices, credits_rows))


def _offer_what_we_know() -> None:
    from tertulia.programme.queries.held import answers_held, credits_held, names_held

    what_we_know.offer("programme.names", WhatWeKnow(frozenset({"programme.Participation"}), names_held, 20))
    # The rows are people's; what the events are called is known here.
    what_we_know.offer("programme.answered", WhatWeKnow(frozenset({"people.Answered"}), answers_held, 25))
    what_we_know.offer("programme.credits", WhatWeKnow(CREDITS, credits_held, 50))
