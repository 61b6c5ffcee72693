"""Standings and transitions as a run found them."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account
from evenbook.runs.models import Run


class Standing(models.Model):
    """An account's state and health score in a run; ``terms`` are the points off, each with its cause."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="standings")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="standings")
    state = models.CharField(max_length=20)
    since_on = models.DateField(null=True)
    score = models.FloatField(null=True)
    score_before = models.FloatField(null=True)
    color = models.CharField(max_length=10)
    terms = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_standing_an_account")]
        indexes = [models.Index(fields=["run", "state"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.state}"


class Transition(models.Model):
    """A change of state: when, from what, to what, and what caused it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="transitions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="transitions")
    on = models.DateField()
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    causes = models.JSONField(default=list)
    policy_version = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "-on"]), models.Index(fields=["run", "-on"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.from_state} to {self.to_state} on {self.on}"
