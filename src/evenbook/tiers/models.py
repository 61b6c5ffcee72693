"""Moves that runs found, what was decided of them, the plans that go with it, and marks set by hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenbook.book.models import Account, Person, Pool
from evenbook.runs.models import Run

LONGEST_REASON = 300
LONGEST_NAME = 120


class Grounded(models.Model):
    """A move between tiers and its grounds: in words, and as figures. Money in minor units."""

    direction = models.CharField(max_length=4)
    from_tier = models.IntegerField()
    to_tier = models.IntegerField()
    grounds = models.CharField(max_length=40)
    arr_cents = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    class Meta:
        abstract = True


class Move(Grounded):
    """A move that a run found; what hinders it, and until when, where that is known of all of it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tier_moves")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tier_moves")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="tier_moves")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="tier_moves")
    hindrances = models.JSONField(default=list)
    is_hindered = models.BooleanField()
    free_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_tier_move_an_account")]
        indexes = [models.Index(fields=["run", "direction"])]

    def __str__(self) -> str:
        return f"{self.account}: tier {self.from_tier} to {self.to_tier}"


class Share(models.Model):
    """What an owner holds of a tier and a segment in a run; neither person nor pool means nobody.

    ``assumed`` are the accounts whose tier nobody set, ``known`` those whose revenue is known; ``staff`` are
    the people who share a pool's queue.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tier_shares")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="tier_shares")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="tier_shares")
    tier = models.IntegerField()
    segment = models.CharField(max_length=300, blank=True)
    accounts = models.IntegerField()
    assumed = models.IntegerField()
    known = models.IntegerField()
    arr_cents = models.BigIntegerField()
    staff = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "tier"])]

    def __str__(self) -> str:
        return f"{self.person or self.pool or 'Nobody'}: {self.accounts} of tier {self.tier}"


class Ruling(Grounded):
    """What a person decided of a move, with the grounds that they saw, as of ``as_of``."""

    class Choice(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tier_rulings")
    as_of = models.DateField()
    policy_version = models.IntegerField()
    choice = models.CharField(max_length=10, choices=Choice.choices)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)
    decided_by = models.CharField(max_length=LONGEST_NAME)
    decided_at = models.DateTimeField()
    effective_on = models.DateField(null=True)
    taken_back_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-decided_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "as_of"],
                condition=Q(taken_back_at=None),
                name="one_tier_ruling_a_move",
            ),
            models.CheckConstraint(
                condition=Q(choice="approved", effective_on__isnull=False)
                | (Q(choice="declined", effective_on=None) & ~Q(note="")),
                name="an_approved_move_has_a_day_a_declined_one_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: tier {self.from_tier} to {self.to_tier}, {self.choice}"


class Step(models.Model):
    """One step of the plan of an approved move: who does what by when. ``owner`` is a name."""

    ruling = models.ForeignKey(Ruling, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    says = models.CharField(max_length=700)
    role = models.CharField(max_length=20)
    owner = models.CharField(max_length=LONGEST_NAME, blank=True)
    due_on = models.DateField()
    done_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ruling", "number"], name="one_step_a_place_of_a_plan")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.says}"


class Mark(models.Model):
    """What a person set of an account by hand, with a reason: a lock on its tier, or strategic value."""

    class Kind(models.TextChoices):
        LOCK = "lock", "Locked"
        STRATEGIC = "strategic", "Strategic"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tier_marks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=LONGEST_REASON)
    set_by = models.CharField(max_length=LONGEST_NAME)
    set_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(withdrawn_at=None), name="one_mark_of_a_kind_holds"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_mark_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.kind}"
