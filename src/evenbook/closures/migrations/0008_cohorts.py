"""Silent accounts that are recorded together; the log of reviews signed together becomes that of any kind.

Most loops are taken by nobody: an index on that finds all of them, so it is of those that somebody took.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("closures", "0007_follow_ups_dropped"),
    ]

    operations = [
        migrations.AddField("loop", "cohort_on", models.DateField(null=True)),
        migrations.AlterField(
            "loop",
            "taken_by",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="loops_taken",
                to="book.person",
            ),
        ),
        migrations.AddIndex(
            "loop",
            models.Index(
                condition=models.Q(("pool", None), _negated=True),
                fields=["pool", "closed_at"],
                name="loops_of_pools",
            ),
        ),
        migrations.AddIndex(
            "loop",
            models.Index(
                condition=models.Q(("taken_by", None), _negated=True),
                fields=["taken_by"],
                name="loops_taken",
            ),
        ),
        migrations.RenameModel("ReviewBatch", "Batch"),
        migrations.AlterModelOptions("batch", {"verbose_name_plural": "batches"}),
        migrations.RenameField("batch", "quarter_on", "first_on"),
        migrations.RenameField("batch", "reviews", "loops"),
        migrations.AddField(
            "batch",
            "kind",
            models.CharField(default="health_review_log", max_length=40),
            preserve_default=False,
        ),
    ]
