"""Effort of each account as a run found it."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account, Person, Pool
from evenbook.runs.models import Run


class AccountWeek(models.Model):
    """How an account stood in a run: who had it, how it was served, and the effort it took.

    ``factors`` holds each factor of the effort: its level, multiplier and cause.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="account_weeks")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="weeks")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="account_weeks")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="account_weeks")
    tier = models.IntegerField()
    tier_assumed = models.BooleanField()
    segment = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=300)
    region = models.CharField(max_length=300, blank=True)
    arr_cents = models.BigIntegerField(null=True)
    renews_on = models.DateField(null=True)
    effort_hours = models.FloatField()
    factors = models.JSONField(default=list)
    last_meaningful_at = models.DateTimeField(null=True)
    is_unmonitored = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_week_an_account")]
        indexes = [
            models.Index(fields=["run", "person"]),
            models.Index(fields=["run", "pool"]),
            models.Index(fields=["run", "-arr_cents"]),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.effort_hours:.1f} h a month"
