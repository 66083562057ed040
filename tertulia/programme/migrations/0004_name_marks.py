"""All names under which somebody was credited leave marks, and sessions know whom they credited before."""

import django.db.models.deletion
from django.db import migrations, models

import tertulia.kit.fields
import tertulia.kit.randomness


def _key():
    return tertulia.kit.fields.RandomKey(
        auto_created=True,
        default=tertulia.kit.randomness.random_key,
        editable=False,
        primary_key=True,
        serialize=False,
        verbose_name="ID",
    )


def _keep_marks(apps, _editor):
    marks = apps.get_model("programme", "NameMark").objects
    for row in apps.get_model("programme", "Withheld").objects.exclude(words=0):
        marks.create(
            event_id=row.event_id, person_id=row.person_id, mark=row.mark, length=row.words, is_telling=row.words > 1
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0006_consent"), ("programme", "0003_withheld")]

    operations = [
        migrations.CreateModel(
            name="NameMark",
            fields=[
                ("id", _key()),
                ("mark", models.BinaryField(max_length=32)),
                ("length", models.PositiveSmallIntegerField()),
                ("is_telling", models.BooleanField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="name_marks", to="programme.event"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="name_marks", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "person", "mark"), name="programme_name_mark_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerCredit",
            fields=[
                ("id", _key()),
                (
                    "source_id",
                    models.CharField(blank=True, max_length=120, verbose_name="identity in the imported file"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_credits", to="people.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_credits",
                        to="programme.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="programme_former_credit_once")
                ],
            },
        ),
        migrations.RunPython(_keep_marks, migrations.RunPython.noop),
        migrations.RemoveField(model_name="withheld", name="mark"),
        migrations.RemoveField(model_name="withheld", name="words"),
    ]
