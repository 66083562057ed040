"""What people agreed to, word for word, and the ledger of who agreed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.person import Person


class Purpose(models.TextChoices):
    """What somebody can agree to."""

    RECORDED = "recorded", _("being recorded")
    SHOWN = "shown", _("being seen in recordings")
    NAMED = "named", _("being named")
    QUOTED = "quoted", _("being quoted")
    TRANSLATED = "translated", _("being translated")
    DOWNLOADABLE = "downloadable", _("recordings for download")
    CONTACTED = "contacted", _("being written to")


# The first version of each text, until the house writes another one.
HOUSE_WORDS = {
    Purpose.RECORDED: _("You may record what I say and show on the stage."),
    Purpose.SHOWN: _("You may show recordings of me on this site."),
    Purpose.NAMED: _("You may show my name, and what I say of myself, beside what I contributed."),
    Purpose.QUOTED: _("You may quote what I said in what you publish."),
    Purpose.TRANSLATED: _("You may translate what I said and wrote, and publish the translation."),
    Purpose.DOWNLOADABLE: _("Everybody may download recordings of me and keep them."),
    Purpose.CONTACTED: _("You may leave me notices on this site about what comes next."),
}


class ConsentText(models.Model):
    """What was agreed to, in one language; a version that stands is never changed: another one follows it."""

    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=35)
    text = models.TextField(_("text"))

    retention = Retention(Ends.NEVER, "what people agreed to, word for word; it names nobody")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="people_consent_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"

    def save(self, *args: Any, **options: Any) -> None:
        """Keep a new text; TypeError for one that stands already, since somebody may have agreed to it."""
        if not self._state.adding:
            raise TypeError("a text that stands is not changed: write another version")
        super().save(*args, **options)


class Consent(models.Model):
    """A person agreed to a text, from a month on, for a time or until they take it back.

    Without a text nobody asked them: the organiser's programme credited them, and they have taken that back.
    `given` and `withdrawn` are first days of months; `until` is the last day on which it holds. Giving again is
    another row.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    text = models.ForeignKey(ConsentText, null=True, on_delete=models.PROTECT, related_name="consents")
    given = models.DateField(_("month in which it was given"), null=True)
    until = models.DateField(_("last day"), null=True, db_index=True)
    withdrawn = models.DateField(_("month in which it was taken back"), null=True)

    retention = Retention(Ends.WITH_OWNER, "it says what may be done with what they gave, and what may not any more")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=models.Q(withdrawn=None), name="people_consent_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"consent to {self.purpose}"
