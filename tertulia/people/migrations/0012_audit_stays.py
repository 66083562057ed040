"""The database itself refuses to change the audit log, or to remove what is not over; its head is laid down."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER people_audit_unchanged BEFORE UPDATE ON people_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END
    """,
    """
    CREATE TRIGGER people_audit_unremoved BEFORE DELETE ON people_auditentry
    WHEN OLD.day >= date('now', '-730 days')
    BEGIN SELECT RAISE(ABORT, 'nothing is removed from the audit log before its time'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION people_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.day < (now() AT TIME ZONE 'utc')::date - 730 THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'nothing is removed from the audit log before its time'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RAISE EXCEPTION 'the audit log is not changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER people_audit_stays BEFORE UPDATE OR DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION people_audit_stays()
    """,
    """
    CREATE TRIGGER people_audit_unemptied BEFORE TRUNCATE ON people_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION people_audit_stays()
    """,
]
UNDO = {
    "sqlite": ["DROP TRIGGER people_audit_unchanged", "DROP TRIGGER people_audit_unremoved"],
    "postgresql": ["DROP FUNCTION people_audit_stays() CASCADE"],
}


def guard(apps, editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)
    apps.get_model("people", "AuditHead").objects.create()


def unguard(apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)
    apps.get_model("people", "AuditHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0011_audit")]

    operations = [migrations.RunPython(guard, unguard)]
