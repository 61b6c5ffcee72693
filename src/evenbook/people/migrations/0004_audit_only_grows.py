"""The audit trail is closed against all but inserts, by the database itself."""

from django.db import migrations

from evenbook.people.append_only import guards, openings, running

TABLE = "people_auditentry"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_audit_and_tokens")]

    operations = [migrations.RunPython(running(guards, TABLE), running(openings, TABLE))]
