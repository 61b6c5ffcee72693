"""Signals as a run found them."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account
from evenbook.runs.models import Run


class Signal(models.Model):
    """One open signal of an account in a run: what, since when, and the sentence that says why."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="signals")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=40)
    observed_at = models.DateTimeField()
    detected_on = models.DateField()
    strength = models.FloatField()
    evidence = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["run", "account"])]

    def __str__(self) -> str:
        return f"{self.kind} at {self.account}"
