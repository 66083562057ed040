"""The way of an account to a second device."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tertulia.kit.retention import Ends, Retention


class SecondDevice(models.Model):
    """A code, and a square that says the same, with which an account comes in on another device once.

    Of the code an HMAC is kept, since ten digits could be tried through; of the square a hash. What was used stays
    until its minutes are over, so that the first device sees that it was.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_device")
    code_hash = models.BinaryField(max_length=32, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    is_used = models.BooleanField(default=False)

    retention = Retention(Ends.WHEN_USED, "it lets an account in on a second device once, and goes some minutes later")

    def __str__(self) -> str:
        return "second device"
