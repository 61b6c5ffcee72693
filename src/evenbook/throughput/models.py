"""What came of interventions, the team as it was before, and how people say that their load feels."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenbook.book.models import Person
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


class Baseline(models.Model):
    """The team as it was before: taken once, and what every later week is held against."""

    as_of = models.DateField()
    policy_version = models.IntegerField()
    taken_by = models.CharField(max_length=120)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Baseline of {self.as_of}"


class BaselineFigure(models.Model):
    """One figure of the baseline: a measure of all or of a team, as it was stored then."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="figures")
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    measure = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "subject_kind", "subject", "measure"], name="one_figure_of_a_baseline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.subject}"


class Signature(models.Model):
    """A leader's name under the sentence that a ceiling broken is a problem to solve."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ceiling_signature"
    )
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Signed by {self.user}"


class Pulse(models.Model):
    """How a week's load feels to a person, 1 (light) to 5 (too much), and a word why.

    ``week_on`` is the Monday of the week. The word is for the person and those who lead them alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pulses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pulses")
    week_on = models.DateField()
    felt = models.IntegerField()
    word = models.CharField(max_length=140, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "week_on"], name="one_pulse_a_week"),
            models.CheckConstraint(condition=Q(felt__gte=1, felt__lte=5), name="a_pulse_is_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"Pulse of the week of {self.week_on}"
