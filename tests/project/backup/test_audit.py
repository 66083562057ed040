"""The audit log is told of copies and restores, and is whole afterwards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from tertulia.people.actions import appoint, invite, unappoint
from tertulia.people.models import AuditEntry, StaffRole
from tertulia.people.queries.audit import looked_over
from tertulia.project.backup import postgres
from tests.factories import make_account
from tests.project.backup.scenes import Operator

pytestmark = pytest.mark.django_db(transaction=True)


def house() -> list[tuple[str, str]]:
    """What the log says of the house as a whole, oldest first."""
    found = AuditEntry.objects.filter(kind="house").order_by("number")
    return list(found.values_list("what", "detail"))


def test_copies_are_noted_and_a_restore_says_that_it_was_one(operator: Operator) -> None:
    archive = operator.back_up()
    operator.back_up_keys()
    assert house() == [("project.Copied", "house"), ("project.Copied", "keys")]
    noted = looked_over().end
    assert operator.restore(archive) == 0
    # The copy itself, and what came after it, was not in the archive.
    assert house() == [("project.Restored", "")]
    assert looked_over().faults == ()
    assert looked_over(noted).faults == (f"The end that was noted, {noted}, is no part of the log.",)


def test_a_role_that_was_taken_away_since_stays_away(operator: Operator) -> None:
    heron = invite("Heron", StaffRole.EDITOR)
    appoint(heron, StaffRole.ADMINISTRATOR)
    archive = operator.back_up()
    unappoint(heron, StaffRole.ADMINISTRATOR, by=make_account("administrator", "Egret"))
    assert operator.restore(archive) == 0
    assert [one.role for one in heron.appointments.all()] == ["editor"]
    heron.refresh_from_db()
    assert not heron.is_superuser


def test_a_copy_stands_when_the_log_cannot_be_told(operator: Operator, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_audithead RENAME TO people_elsewhere")
    path = operator.back_up()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_elsewhere RENAME TO people_audithead")
    assert path.stat().st_size > 0
    assert "The audit log could not be told of this copy." in capsys.readouterr().err


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its triggers in the file that is put back")
def test_what_was_put_aside_comes_back_with_what_guards_it(operator: Operator) -> None:
    invite("Heron", StaffRole.EDITOR)
    with postgres.snapshot(operator.folder) as copy:
        path = operator.folder / "dump"
        path.write_bytes(copy.content.read())
    invite("Egret", StaffRole.EDITOR)
    postgres.load(path)
    postgres.put_back()
    assert AuditEntry.objects.count() == 4
    with pytest.raises(IntegrityError):
        AuditEntry.objects.all().delete()
