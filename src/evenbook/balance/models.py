"""Proposals of who should own what, what came of them, and accounts that are locked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenbook.book.models import Account, Person, Pool


class Proposal(models.Model):
    """One answer to who should own what, as of the week of a day, which may be run again.

    ``asked`` is the question (mode, moves, whom it is about), ``contents`` the answer as
    ``rules.stored`` writes it: value, bound, books before and after, what binds, what conflicts.
    Its moves are in ``moves``, one row each.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits to be decided"
        APPROVED = "approved", "Approved"
        UNDONE = "undone", "Undone"
        DROPPED = "dropped", "Dropped"

    as_of = models.DateField()
    mode = models.CharField(max_length=20)
    asked = models.JSONField(default=dict)
    contents = models.JSONField(default=dict)
    seconds = models.FloatField()
    seed = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open"], decided_at=None) | (~Q(state="open") & ~Q(decided_at=None)),
                name="a_decided_proposal_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk} as of {self.as_of}"


class ProposalMove(models.Model):
    """An account that a proposal gives to somebody: as proposed, or as changed by hand.

    It comes from a person or a pool, and goes to one; neither is nobody. ``applied_at`` is when it took
    place; an owner that has changed in the meantime is left alone.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moves")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="proposed_moves")
    giver = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="proposed_given")
    receiver = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="proposed_taken")
    giver_pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="proposed_given")
    receiver_pool = models.ForeignKey(
        Pool, null=True, on_delete=models.CASCADE, related_name="proposed_taken"
    )
    reason = models.CharField(max_length=40)
    improves = models.JSONField(default=dict)
    is_forced = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "account"], name="one_move_an_account"),
            models.CheckConstraint(
                condition=Q(giver=None) | Q(giver_pool=None), name="given_by_a_person_or_a_pool"
            ),
            models.CheckConstraint(
                condition=Q(receiver=None) | Q(receiver_pool=None), name="taken_by_a_person_or_a_pool"
            ),
        ]

    def __str__(self) -> str:
        giver, receiver = self.giver or self.giver_pool, self.receiver or self.receiver_pool
        return f"{self.account}: {giver} to {receiver}"


class StructuresCompared(models.Model):
    """The four structures of a team on the accounts of a week, worked out beside the page that shows them.

    ``basis`` is the digest of what they rest on: the run, its policy, whose accounts; ``contents`` as
    ``rules.structures_kept`` writes them.
    """

    basis = models.CharField(max_length=64, unique=True)
    as_of = models.DateField()
    policy_version = models.PositiveIntegerField()
    contents = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"Team structures as of {self.as_of}"


class AccountLock(models.Model):
    """That an account stays with its owner, by the customer's request or somebody's word, until withdrawn."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="owner_locks")
    reason = models.CharField(max_length=300)
    locked_at = models.DateTimeField()
    locked_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(withdrawn_at=None), name="one_lock_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.reason}"
