"""How Django gets from a session to an account, and what the library of factors asks of this house."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.crypto import salted_hmac

from tertulia.kit.sealing import seal, unseal
from tertulia.people.models import Account
from tertulia.people.queries.passkey import our_site

SECRET_LABEL = b"people.factor"


class AccountBackend(ModelBackend):
    """Accounts by key, permissions by group; `authenticate` accepts nothing: passwords are no credentials of Django."""

    def authenticate(self, *_args: object, **_credentials: object) -> Account | None:
        """Nobody: coming in and coming back are actions of `people`, not credentials of Django."""
        return None


class Hasher(Argon2PasswordHasher):
    """Argon2 with 19 MiB and two passes: what forty threads can do at once on a small machine."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks: names that stand in an authenticator, and secrets sealed under the installation's key."""

    def get_totp_issuer(self) -> str:
        """What an app on a phone shows, which others may see: not the organisation."""
        return str(settings.APP_NAME)

    def get_totp_label(self, _user: Account) -> str:
        """Nobody: an app, and what copies it elsewhere, would keep the pseudonym beside the site."""
        return self.get_totp_issuer()

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """The random key by which the passkey finds its owner, and in place of the pseudonym the word of the site."""
        own = super().get_public_key_credential_user_entity(user)
        return {"id": own["id"], "name": our_site().name, "display_name": our_site().name}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey is for: the public one, under whatever name it was asked."""
        return {"id": our_site().host, "name": our_site().name}

    def encrypt(self, text: str) -> str:
        """A secret as it lies in the database: whoever has that alone makes no codes."""
        return base64.b64encode(seal(_key(), text.encode(), SECRET_LABEL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; Unreadable under the keys of another installation."""
        return unseal(_key(), base64.b64decode(encrypted_text), SECRET_LABEL).decode()


def _key() -> bytes:
    return salted_hmac("tertulia.people.factor", "secrets", algorithm="sha256").digest()
