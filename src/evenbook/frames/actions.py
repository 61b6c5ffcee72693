"""Noting that facts were written, in the transaction that writes them."""

from __future__ import annotations

from datetime import datetime

from evenbook.frames.models import Write


def note_write(table: str, rows: int, *, earliest_at: datetime, now: datetime) -> None:
    """Note a write, so that cached frames of ``table`` are made again.

    Args:
        table: the database table.
        rows: how many rows were written; nothing is noted for none.
        earliest_at: the earliest instant at which one of them can be seen.
        now: when.
    """
    if rows:
        Write.objects.create(table=table, rows=rows, earliest_at=earliest_at, written_at=now)
