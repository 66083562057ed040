"""Two colleagues of one name are told apart by a number, then no further one is let in."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Lower

LONGEST = 80


def tell_apart(apps: Any, _schema_editor: Any) -> None:
    """Number whoever has the same name as an earlier row: Heron, Heron 2."""
    taken: set[str] = set()
    accounts = apps.get_model("people", "Account").objects.exclude(pseudonym="")
    for account in accounts.order_by("-is_active", "pk"):
        name, number = account.pseudonym, 1
        while name.lower() in taken:
            number += 1
            name = f"{account.pseudonym[: LONGEST - len(str(number)) - 1]} {number}"
        taken.add(name.lower())
        if name != account.pseudonym:
            account.pseudonym = name
            account.save(update_fields=["pseudonym"])


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sessions_roles_persons")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                Lower("pseudonym"), condition=~models.Q(pseudonym=""), name="people_account_pseudonym_once"
            ),
        ),
    ]
