"""Handoffs of single roles on accounts: of these one giver may have several from one day on."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0007_handovers_of_roles"),
        ("briefings", "0001_handoffs"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="handoff",
            name="one_handoff_a_giver_and_day",
        ),
        migrations.AlterField(
            model_name="handoff",
            name="reason",
            field=models.CharField(
                choices=[
                    ("leave", "Leave"),
                    ("departure", "Departure"),
                    ("role_change", "Change of role"),
                    ("role_passed", "Role passed on"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("called_off_at", None), models.Q(("reason", "role_passed"), _negated=True)
                ),
                fields=("giver", "first_on"),
                name="one_handoff_a_giver_and_day",
            ),
        ),
    ]
