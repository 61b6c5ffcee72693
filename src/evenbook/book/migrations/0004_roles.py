"""The roles of people with their days."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0003_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("assumed", models.BooleanField(default=False)),
                ("role", models.CharField(max_length=40)),
                ("first_on", models.DateField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="book.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
