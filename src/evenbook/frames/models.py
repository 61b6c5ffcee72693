"""What was written when: the version of every table that frames are cached under."""

from __future__ import annotations

from django.db import models


class Write(models.Model):
    """One write to a table of facts.

    ``earliest_at`` is the earliest instant at which any of the rows written can be seen: history
    before it is untouched, so what was derived from it still stands.
    """

    table = models.CharField(max_length=80, db_index=True)
    rows = models.BigIntegerField()
    earliest_at = models.DateTimeField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.table}"
