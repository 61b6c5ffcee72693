"""Silent accounts that are recorded together; the log of reviews signed together becomes that of any kind."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("closures", "0007_follow_ups_dropped"),
    ]

    operations = [
        migrations.AddField("loop", "cohort_on", models.DateField(null=True)),
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
