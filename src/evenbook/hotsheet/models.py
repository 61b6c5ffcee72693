"""The hot sheet as a run drew it up."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account, Person, Pool
from evenbook.runs.models import Run


class HotRow(models.Model):
    """One row of the sheet: rank, points, ARR expected at risk, and each reason with its points."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="hot_rows")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hot_rows")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="hot_rows")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="hot_rows")
    rank = models.IntegerField()
    points = models.FloatField()
    arr_cents = models.BigIntegerField(null=True)
    expected_cents = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    play = models.CharField(max_length=200, blank=True)
    change = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="once_on_the_sheet")]
        indexes = [models.Index(fields=["run", "rank"])]

    def __str__(self) -> str:
        return f"{self.rank}. {self.account}"
