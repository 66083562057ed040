"""A notice is for a person of the record, or for an account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Notices may be for accounts."""

    dependencies = [("people", "0012_audit_stays")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="person",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="people.person"),
        ),
        migrations.AddField(
            model_name="notice",
            name="account",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("person", None)),
                    models.Q(("account", None), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="people_notice_for_one",
            ),
        ),
    ]
