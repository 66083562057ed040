"""Marks of names say in one byte how the name begins, so that most words of a text are not looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0004_name_marks")]

    operations = [
        migrations.AddField(model_name="namemark", name="head", field=models.PositiveSmallIntegerField(null=True)),
    ]
