"""What came of interventions, and how the team's figures go with what follows, as a run found it."""

from __future__ import annotations

from django.db import models

from evenbook.runs.models import Run


class EventEffect(models.Model):
    """How one figure moved after interventions of a kind, beside that of comparable people.

    In the figure's own unit. Without an ``estimate`` too few could be compared.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="event_effects")
    event = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    estimate = models.FloatField(null=True)
    low_80 = models.FloatField(null=True)
    high_80 = models.FloatField(null=True)
    low_95 = models.FloatField(null=True)
    high_95 = models.FloatField(null=True)
    was_comparable = models.BooleanField()
    events = models.IntegerField()
    treated = models.IntegerField()
    compared = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "event", "measure"], name="one_effect_an_event_and_measure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.measure}"


class LaggedBond(models.Model):
    """How closely one figure follows another some weeks later, each person within themselves, -1 to 1."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lagged_bonds")
    cause = models.CharField(max_length=60)
    outcome = models.CharField(max_length=60)
    weeks = models.IntegerField()
    correlation = models.FloatField(null=True)
    low_80 = models.FloatField(null=True)
    high_80 = models.FloatField(null=True)
    low_95 = models.FloatField(null=True)
    high_95 = models.FloatField(null=True)
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "cause", "outcome", "weeks"], name="one_bond_a_lag")
        ]

    def __str__(self) -> str:
        return f"{self.cause}, {self.outcome} {self.weeks} weeks later"
