"""The weekly values of every measure, as they stood in a run."""

from __future__ import annotations

from django.db import models

from evenbook.runs.models import Run


class MeasureValue(models.Model):
    """One measure for one subject on one as-of day.

    ``as_of`` is the run's own day, or an earlier week that the run replayed because no run of that
    week was stored. ``subject_kind`` is csm, pool, team, tier, segment or all; ``subject`` its key.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="values")
    measure = models.CharField(max_length=60)
    as_of = models.DateField()
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    value = models.FloatField(null=True)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "subject_kind", "subject", "as_of"],
                name="one_value_a_subject_and_day",
            )
        ]
        indexes = [models.Index(fields=["measure", "subject_kind", "as_of"])]

    def __str__(self) -> str:
        return f"{self.measure} of {self.subject} on {self.as_of}: {self.value}"
