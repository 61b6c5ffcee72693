"""Of a loop that a change of hands opened, which role on the account changes hands."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("closures", "0008_cohorts"),
    ]

    operations = [
        migrations.AddField(
            model_name="loop",
            name="role",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
