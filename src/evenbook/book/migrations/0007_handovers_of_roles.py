"""A handover is of a role on the account, its owner's unless another is named."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0006_machines"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="role",
            field=models.CharField(default="owner", max_length=40),
        ),
        migrations.AddField(
            model_name="handover",
            name="alone",
            field=models.BooleanField(default=False),
        ),
    ]
