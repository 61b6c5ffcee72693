"""What became of the reports: who opened which, and what was decided from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReportTouch(models.Model):
    """That somebody opened the report of a period, or what was decided from it. Rows are only added."""

    class What(models.TextChoices):
        OPENED = "opened", "Opened"
        DECIDED = "decided", "Decided"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports")
    report = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    what = models.CharField(max_length=10, choices=What.choices)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "report", "period"],
                condition=Q(what="opened"),
                name="one_opening_a_person_and_period",
            ),
            models.CheckConstraint(
                condition=Q(what="opened", words="") | (Q(what="decided") & ~Q(words="")),
                name="a_decision_has_its_words",
            ),
        ]
        indexes = [models.Index(fields=["report", "period"])]

    def __str__(self) -> str:
        return f"{self.report} of {self.period}: {self.what}"
