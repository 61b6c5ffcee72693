"""Loops with what became of them, drafts and follow-ups; coverage as a run found it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from evenbook.book.models import Account, Person, Pool
from evenbook.records.models import Artifact
from evenbook.runs.models import Run


class Requirement(models.Model):
    """Whether an artifact that the account's tier asks for is there.

    ``on`` is the day that goes with ``status``: current until, expired on, missing since, due on.
    """

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        EXPIRED = "expired", "Expired"
        MISSING = "missing", "Missing"
        NOT_YET_DUE = "not_yet_due", "Not yet due"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="requirements")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=20, choices=Status.choices)
    on = models.DateField(null=True)
    artifact = models.ForeignKey(
        Artifact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account", "kind"], name="one_row_a_requirement")
        ]
        indexes = [models.Index(fields=["run", "status"])]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}: {self.status}"


class Loop(models.Model):
    """Work that an event opened, and what became of it. Which ones there are follows from the records.

    ``key`` is made of the kind and the event, so the same records give the same loops for ever. What people
    decided stands beside: who took it from a pool or by a transfer, and whether a leader waived it.
    ``role`` is, of a change of hands, the role on the account that changes hands; empty of others.
    ``person`` or ``pool`` owes it now, or owed it when it was closed. ``writing_seconds`` is how long
    its form was open before it was closed, of those written in a form alone. Those of one cohort, of
    silent accounts that one record closes, have the first day of their week or month in ``cohort_on``.
    """

    class Waiver(models.TextChoices):
        OVERLOADED = "overloaded", "The person is overloaded"
        REQUIREMENT = "requirement", "The requirement is wrong"
        INTERACTION = "interaction", "The interaction should not have happened"

    key = models.CharField(max_length=320, unique=True)
    kind = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="loops")
    role = models.CharField(max_length=40, blank=True)
    artifact_kind = models.CharField(max_length=40)
    event_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    cohort_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Artifact, null=True, on_delete=models.SET_NULL, related_name="loops")
    withdrawn_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="loops")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.SET_NULL, related_name="loops")
    taken_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="loops_taken", db_index=False
    )
    waived_at = models.DateTimeField(null=True)
    waived_by = models.CharField(max_length=120, blank=True)
    waiver = models.CharField(max_length=20, choices=Waiver.choices, blank=True)
    waiver_note = models.CharField(max_length=500, blank=True)
    writing_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "kind"]),
            models.Index(
                fields=["due_on"],
                condition=models.Q(closed_at=None, withdrawn_at=None, waived_at=None),
                name="loops_owed",
            ),
            models.Index(fields=["person", "closed_at"]),
            models.Index(fields=["pool", "closed_at"], condition=~models.Q(pool=None), name="loops_of_pools"),
            models.Index(fields=["taken_by"], condition=~models.Q(taken_by=None), name="loops_taken"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(waived_at=None) | ~models.Q(waiver=""), name="a_waiver_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Draft(models.Model):
    """What somebody has typed of an artifact so far. It closes nothing.

    ``started_at`` is when the form was opened in which its first words were typed.
    """

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loop", "user"], name="one_draft_a_loop_and_person")]

    def __str__(self) -> str:
        return f"Draft of {self.loop}"


class Brief(models.Model):
    """An artifact that is written and meets its form, and that the leaders above its owner are to see.

    It closes its loop once all of them have; only then is it an artifact of the records, written when it
    was written. One that was written anew before that took the place of the earlier one.
    """

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="briefs")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    replaced_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loop"], condition=models.Q(replaced_at=None), name="one_brief_a_loop"
            )
        ]
        indexes = [
            models.Index(
                fields=["written_at"],
                condition=models.Q(replaced_at=None, recorded_at=None),
                name="briefs_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"Brief of {self.loop}"


class Acknowledgement(models.Model):
    """That a leader has seen a brief, or that it was sent to them, and when.

    ``by_name`` is who said so: the leader, or whoever stood in for them.
    """

    class How(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        SENT = "sent", "Sent"

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="acknowledgements")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20, choices=How.choices)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brief", "leader"], name="one_acknowledgement_a_leader")
        ]

    def __str__(self) -> str:
        return f"{self.brief} {self.how} by {self.by_name}"


class Batch(models.Model):
    """The log of artifacts of one kind that somebody signed together: of a pool, or of a person's own book.

    Stable health reviews of a quarter, or a cohort of silent accounts, from ``first_on`` on. Which ones is
    told by their artifacts, whose field ``batch`` holds the number of this one.
    """

    pool = models.ForeignKey(Pool, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=40)
    first_on = models.DateField()
    loops = models.IntegerField()
    signed_by = models.CharField(max_length=120)
    signed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.loops} {self.kind} signed by {self.signed_by}"


class FollowUp(models.Model):
    """Something that an artifact says will be done: what, by whom and by when.

    One that a later version of the artifact takes back is dropped: it ended then, and was not done.
    """

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="follow_ups")
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=200)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="follow_ups")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=120, blank=True)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "due_on"], condition=models.Q(done_at=None), name="follow_ups_owed"
            )
        ]

    def __str__(self) -> str:
        return self.what


class Diagnosis(models.Model):
    """What a leader decided of a missing artifact: why it is missing, beside what was suggested.

    It is of one gap, which has its day: an artifact that is missing anew is judged anew.
    """

    class Kind(models.TextChoices):
        OVERLOADED = "overloaded", "Overloaded"
        REQUIREMENT = "requirement_wrong", "Requirement wrong"
        INTERACTION = "should_not_have_happened", "Should not have happened"
        UNCLEAR = "not_clear", "Not clear"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="diagnoses")
    kind = models.CharField(max_length=40)
    since_on = models.DateField(null=True)
    suggested = models.CharField(max_length=30, choices=Kind.choices)
    evidence = models.TextField()
    decided = models.CharField(max_length=30, choices=Kind.choices)
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "diagnoses"
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "since_on"], name="one_diagnosis_a_gap"),
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=models.Q(since_on=None),
                name="one_diagnosis_an_undated_gap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}: {self.decided}"


class AuditBasis(models.Model):
    """What the audit of a run rests on, counted once: in the shape of ``queries.basis.Basis``.

    The counts are of hundreds of thousands of rows, and a week that is looked back on keeps its own.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="audit_basis")
    counted = models.JSONField()

    class Meta:
        verbose_name_plural = "audit bases"

    def __str__(self) -> str:
        return f"Basis of the audit of {self.run}"
