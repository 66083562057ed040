"""The persons whom the record credits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import public_id
from tertulia.kit.retention import Ends, Retention
from tertulia.people.models.account import Account


class Person(models.Model):
    """Whoever the record credits, with or without an account; the name stands here alone."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(_("name as credited"), max_length=200)
    biography = models.TextField(_("in their own words"), blank=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")

    retention = Retention(Ends.WHEN_ASKED, "it is their credit, shown until they take it back")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return f"person {self.public_id}"
