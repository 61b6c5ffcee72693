"""Saved scenarios, kept headcount plans, and how far the roll-out has come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Kept(models.Model):
    """Who kept something, and whose base it is of: everybody's, or that of the leader who kept it."""

    of_all = models.BooleanField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class Scenario(Kept):
    """Inputs of the sizing equation under a name, with the answer that they had.

    ``inputs`` and ``answer`` are as ``rules.document`` tells them; ``as_of`` is the week that measured what
    was not typed, where there was one.
    """

    name = models.CharField(max_length=80)
    scope_kind = models.CharField(max_length=10)
    scope_key = models.CharField(max_length=300, blank=True)
    inputs = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    as_of = models.DateField(null=True)
    policy_version = models.PositiveIntegerField()
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(dropped_at=None, of_all=True),
                name="one_scenario_a_name",
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(dropped_at=None, of_all=False),
                name="one_scenario_a_leader_and_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HeadcountPlan(Kept):
    """A headcount plan as of a day, which may be made again; ``contents`` as ``rules.plan_told`` tells it."""

    as_of = models.DateField()
    policy_version = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    contents = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Headcount plan {self.pk} as of {self.as_of}"


class RolloutStep(models.Model):
    """A step of the roll-out that somebody says is done, with what was chosen in it."""

    step = models.CharField(max_length=20, unique=True)
    choice = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.step
