"""The ledger of weekly runs, whose results hang on their rows; durable work, and who does it."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One run of a piece of work, for one as-of day.

    A run is stored whole or not at all. ``is_current`` marks the one that screens read for its
    day; a restating run stands beside the one it restates.
    """

    class Kind(models.TextChoices):
        WEEK = "week", "Weekly run"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    as_of = models.DateField()
    policy_version = models.IntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    by = models.CharField(max_length=120)
    restates = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="restated_by"
    )
    is_current = models.BooleanField(default=True)
    fingerprint = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "as_of"], condition=models.Q(is_current=True), name="one_current_run_a_day"
            ),
        ]
        indexes = [models.Index(fields=["kind", "is_current", "-as_of"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.as_of:%d %B %Y}"


class Job(models.Model):
    """One piece of durable work, as people see it; pages read this row, never the engine's own store.

    ``key`` says what the work is about: asking for the same again finds the row that is there.
    ``attempt`` counts how often a person had it begun anew, ``restarts`` how often a worker ended
    in its midst and another went on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    key = models.CharField(max_length=200, unique=True)
    work = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    about = models.CharField(max_length=200, blank=True)
    queue = models.CharField(max_length=40)
    given = models.JSONField(default=dict)
    by = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=1)
    restarts = models.IntegerField(default=0)
    handed = models.BooleanField(default=False)
    stop_asked_by = models.CharField(max_length=120, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    doing = models.CharField(max_length=200, blank=True)
    says = models.CharField(max_length=500, blank=True)
    fix = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "handed"]), models.Index(fields=["-asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | models.Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="job_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"


class JobStep(models.Model):
    """One step of an attempt: begun once, or again after a worker ended in its midst."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    attempt = models.IntegerField()
    number = models.IntegerField()
    title = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    times = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "attempt", "number"], name="one_row_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, step {self.number}"


class JobLine(models.Model):
    """One line of the log of a job, written for people."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    says = models.CharField(max_length=500)
    is_trouble = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["job", "id"])]

    def __str__(self) -> str:
        return self.says


class Worker(models.Model):
    """A process that does durable work: where it is, and when it was last seen."""

    name = models.CharField(max_length=40, unique=True)
    host = models.CharField(max_length=200)
    place = models.CharField(max_length=40)
    process = models.IntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.host}, process {self.process}"


class Happening(models.Model):
    """Something that happened and that others refresh on, written in the transaction of the action.

    ``accounts`` lists the accounts it touched; null where it may be any. ``job`` is the refresh that
    takes it up; ``settled_at`` says when everything that rests on it had been refreshed.
    """

    kind = models.CharField(max_length=60)
    accounts = models.JSONField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="happenings")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(settled_at__isnull=True), name="happening_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
