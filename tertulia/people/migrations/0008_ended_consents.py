"""Of a consent that ended the purpose and the month stay."""

from django.db import migrations


def _shed(apps, _editor):
    ended = apps.get_model("people", "Consent").objects.exclude(withdrawn=None)
    ended.update(text=None, given=None, until=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_passkeys")]

    operations = [migrations.RunPython(_shed, migrations.RunPython.noop)]
