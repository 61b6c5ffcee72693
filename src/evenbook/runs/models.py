"""The ledger of runs. Results of a run hang on its row and go with it."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One run of a piece of work, for one as-of day.

    A run is stored whole or not at all. ``is_current`` marks the one that screens read for its
    day; a restating run stands beside the one it restates.
    """

    class Kind(models.TextChoices):
        WEEK = "week", "Weekly run"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    as_of = models.DateField()
    policy_version = models.IntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    by = models.CharField(max_length=120)
    restates = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="restated_by"
    )
    is_current = models.BooleanField(default=True)
    fingerprint = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "as_of"], condition=models.Q(is_current=True), name="one_current_run_a_day"
            ),
        ]
        indexes = [models.Index(fields=["kind", "is_current", "-as_of"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.as_of:%d %B %Y}"
