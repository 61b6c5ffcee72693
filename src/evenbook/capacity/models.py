"""Effort of each account as a run found it, and what calibrations proposed."""

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


class RoleWeek(models.Model):
    """Who had which role on an account in a run besides its owner, and what it took, in hours a month.

    ``works`` says that it was the role of the account's stage, whose holder worked the account.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="role_weeks")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="role_weeks")
    role = models.CharField(max_length=40)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="role_weeks")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="role_weeks")
    works = models.BooleanField()
    hours = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account", "role"], name="one_week_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.role}: {self.hours:.1f} h a month"


class Calibration(models.Model):
    """What logged hours and weeks said of the policy's weights and ceilings, and whether it was adopted.

    ``contents`` is a ``rules.proposal.Proposal``; ``policy_version`` is the one that it began from.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits to be adopted"
        ADOPTED = "adopted", "Adopted"
        SUPERSEDED = "superseded", "Replaced by a later one"
        NOTHING = "nothing", "Nothing to adopt"

    as_of = models.DateField()
    policy_version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    contents = models.JSONField()
    state = models.CharField(max_length=20, choices=State.choices)
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=120, blank=True)
    adopted_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="proposed"), name="one_calibration_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(state="adopted", adopted_version__isnull=False)
                | (~models.Q(state="adopted") & models.Q(adopted_version=None)),
                name="an_adopted_calibration_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"Calibration as of {self.as_of}"


class CalibrationEffect(models.Model):
    """What a calibration would do to a person's load: hours a month that they carry, before and after."""

    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="effects")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calibration_effects")
    accounts = models.PositiveIntegerField()
    capacity_hours = models.FloatField()
    hours_now = models.FloatField()
    hours_then = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calibration", "person"], name="one_effect_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.hours_now:.1f} to {self.hours_then:.1f} h a month"
