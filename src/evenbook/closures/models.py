"""Coverage as a run found it: one row an account and requirement."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account
from evenbook.records.models import Artifact
from evenbook.runs.models import Run


class Requirement(models.Model):
    """Whether an artifact that the account's tier asks for is there.

    ``on`` is the day that goes with ``status``: current until, expired on, missing since, due on.
    """

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        EXPIRED = "expired", "Expired"
        MISSING = "missing", "Missing"
        NOT_YET_DUE = "not_yet_due", "Not yet due"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="requirements")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=20, choices=Status.choices)
    on = models.DateField(null=True)
    artifact = models.ForeignKey(
        Artifact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account", "kind"], name="one_row_a_requirement")
        ]
        indexes = [models.Index(fields=["run", "status"])]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}: {self.status}"
