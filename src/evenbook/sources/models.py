"""What is kept of imports: loads, questions with their answers, mappings, and files that wait."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account


class Load(models.Model):
    """One import. Its rejected rows stand in a file of their own, named after it."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    rejected = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    rejects_name = models.CharField(max_length=200, blank=True)
    notes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-started_at"])]

    def __str__(self) -> str:
        return f"Import of {self.started_at:%d %B %Y %H:%M}"


class FileLoad(models.Model):
    """What became of one file, or one table in it. The five counts add up to ``rows``."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="files")
    file = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    recognized_as = models.CharField(max_length=300, blank=True)
    table = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=60, blank=True)
    rows = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("created")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("rejected")
                    + models.F("held")
                ),
                name="every_row_is_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file}: {self.rows} rows"


class Question(models.Model):
    """What a person was asked, and what they answered. Rows wait while it is open."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    file = models.CharField(max_length=300)
    column = models.CharField(max_length=300, blank=True)
    asks = models.TextField()
    choices = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    rows_held = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["answer"])]

    def __str__(self) -> str:
        return self.asks


class Mapping(models.Model):
    """What the columns of a layout mean, as a person said; a layout is a set of headers."""

    layout = models.CharField(max_length=40, unique=True)
    file = models.CharField(max_length=300)
    document = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"Mapping of {self.file}"


class KeptFile(models.Model):
    """A file of which rows wait for an answer; ``path`` is relative to the instance's folder."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    folder = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=500)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "name"], name="a_file_is_kept_once")]

    def __str__(self) -> str:
        return self.name


class Lookup(models.Model):
    """What one table of a tool says about records of another: links to accounts, stages."""

    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    value = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="one_lookup_an_id")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"


class PartialDay(models.Model):
    """A day of usage in a week that no file has delivered whole yet, so that the next can complete it."""

    source = models.CharField(max_length=60)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=60)
    day_on = models.DateField()
    value = models.FloatField()
    people = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["source", "measure", "day_on"])]

    def __str__(self) -> str:
        return f"{self.measure} {self.day_on}"
