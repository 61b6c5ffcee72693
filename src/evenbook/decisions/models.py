"""Decisions that wait for a leader, wait no longer, or were taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenbook.book.models import Account, Person


class Decision(models.Model):
    """One spell of one cause, and what a leader decided of it.

    ``noticed_on`` is the day of the run that found it first, ``waits_from_on`` that since which leaders see
    it: what is about a person the person sees first. ``evidence`` is as of ``as_of``: while it waits that
    of the last run, once it is decided what the leader saw. ``ended_on`` is the day of the run that did not
    find it any more; a decision that nobody took by then has lapsed. ``done_at`` is when somebody said that
    what was accepted has been done.
    """

    kind = models.CharField(max_length=40)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="decisions")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="decisions")
    sentence = models.CharField(max_length=300)
    evidence = models.JSONField(default=dict)
    noticed_on = models.DateField()
    waits_from_on = models.DateField(null=True)
    as_of = models.DateField()
    ended_on = models.DateField(null=True)
    choice = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "ended_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "person"],
                condition=Q(ended_on=None) & ~Q(person=None),
                name="one_open_decision_a_person",
            ),
            models.UniqueConstraint(
                fields=["kind", "account"],
                condition=Q(ended_on=None) & ~Q(account=None),
                name="one_open_decision_an_account",
            ),
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(account=None), name="a_decision_is_about_one_subject"
            ),
            models.CheckConstraint(
                condition=Q(choice="", decided_at=None) | (~Q(choice="") & ~Q(decided_at=None)),
                name="what_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(choice__in=["", "wait"]), name="what_is_done_was_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person or self.account}"
