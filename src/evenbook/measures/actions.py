"""Keeping the values of measures that a run found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from evenbook.frames import bulk
from evenbook.frames.session import Session


def store(session: Session, names: Iterable[str], *, run: int, days: Sequence[date]) -> int:
    """Store the values of the measures ``names`` as of each of ``days``; return how many.

    Each measure's table has ``as_of``, ``subject_kind``, ``subject``, ``value`` and ``count``.
    """
    wanted = ", ".join(f"date '{day}'" for day in days)
    parts = [
        f"select '{name}' as measure, as_of, subject_kind, subject, value, count "
        f"from {name} where as_of in ({wanted})"
        for name in names
    ]
    rows = session.rows(f"select $run as run_id, * from ({' union all '.join(parts)})", {"run": run})
    return bulk.insert("measures_measurevalue", rows)
