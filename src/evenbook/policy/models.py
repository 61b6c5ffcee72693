"""Versions of the policy. A version is written once; a change is a new version."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PolicyVersion(models.Model):
    """All the numbers as they stood from ``adopted_at`` on, who set them, why, and what changed."""

    number = models.PositiveIntegerField(unique=True)
    adopted_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=120)
    note = models.CharField(max_length=500)
    document = models.JSONField()
    difference = models.JSONField(default=list)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="policy_versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"Policy version {self.number}"
