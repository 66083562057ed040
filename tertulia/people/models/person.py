"""The persons whom the record credits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account


class Person(models.Model):
    """Whoever the record credits, with or without an account; the name stands here alone.

    Each event credits persons of its own, so that nothing joins two events; one account may have claimed several.
    The name is empty once it was taken back.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(_("name as credited"), max_length=200, blank=True)
    biography = models.TextField(_("in their own words"), blank=True)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="persons")

    retention = Retention(Ends.WHEN_ASKED, "it is their credit, shown until they take it back")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return f"person {self.public_id}"


class ClaimLink(models.Model):
    """A link by which somebody says once that a credit is theirs; only its hash is kept.

    `expires_on` is the last day of a month, so that it does not say on which day it was made.
    """

    token_hash = models.BinaryField(unique=True, max_length=32)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="claim_link")
    expires_on = models.DateField(db_index=True)

    retention = Retention(Ends.WHEN_USED, "it is used once, or ends after some days")

    def __str__(self) -> str:
        return "claim link"
