"""Handoffs and what their receivers confirmed. Which account goes to whom stands in the book."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Handover, Person
from evenbook.briefings.rules.window import ASKS, ROLE_PASSED, TITLES


class Handoff(models.Model):
    """That somebody hands their book over: why, from which day, until when, to whom where no other is named.

    Or that roles of theirs on some accounts pass to somebody else, which was decided and is in the book.
    ``made_leave`` says that the leave in the book was written by it and goes with it.
    """

    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handoffs_given")
    receiver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handoffs_received")
    reason = models.CharField(max_length=20, choices=list(TITLES.items()))
    first_on = models.DateField()
    back_on = models.DateField(null=True)
    asks = models.CharField(max_length=20, choices=list(ASKS.items()))
    made_leave = models.BooleanField(default=False)
    announced_at = models.DateTimeField(db_index=True)
    announced_by = models.CharField(max_length=120)
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "first_on"],
                condition=models.Q(called_off_at=None) & ~models.Q(reason=ROLE_PASSED),
                name="one_handoff_a_giver_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(back_on=None) | models.Q(back_on__gt=models.F("first_on")),
                name="back_after_the_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} from {self.first_on}"


class HandoffAccount(models.Model):
    """One account of a handoff, or a role on one, and whether its receiver has confirmed it."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="accounts")
    handover = models.OneToOneField(Handover, on_delete=models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["handoff", "confirmed_at"])]

    def __str__(self) -> str:
        return str(self.handover)
