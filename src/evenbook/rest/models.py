"""What the API remembers: the answers to writes with a key, and how many requests a minute took."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a write that came with a key: sent again, it is given again and not done again.

    ``status`` is empty while the write is under way.
    """

    asker = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.asker}, {self.at:%Y-%m-%d %H:%M}"


class Lease(models.Model):
    """Requests of one asker that processes have set aside for themselves in one minute."""

    asker = models.CharField(max_length=60)
    minute = models.BigIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "minute"], name="one_lease_a_minute")]

    def __str__(self) -> str:
        return f"{self.asker}: {self.taken} in minute {self.minute}"
