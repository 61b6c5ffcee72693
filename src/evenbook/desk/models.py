"""Weeks ahead as runs found them; and of the reports, who opened which and what was decided from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenbook.book.models import Person
from evenbook.runs.models import Run


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


class AheadRun(models.Model):
    """That the weeks ahead are kept with a run: up to which write of facts, and the digest of their basis."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="ahead")
    written = models.BigIntegerField()
    basis = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Weeks ahead of {self.run}"


class AheadBook(models.Model):
    """The weeks ahead of a person as a run found them.

    ``weeks`` are cells as ``throughput.rules.ahead.Cell`` keeps them, ``renewals`` days, ``due`` how many
    required artifacts fall due in each week; ``carries`` says that they carry something at all.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="ahead_books")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ahead_books")
    carries = models.BooleanField()
    accounts = models.IntegerField()
    weeks = models.JSONField(default=list)
    renewals = models.JSONField(default=list)
    due = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="one_outlook_a_person")]

    def __str__(self) -> str:
        return f"Weeks ahead of {self.person}"
