"""Keeping the values of measures that a run found."""

from __future__ import annotations

from datetime import date

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.measures.models import MeasureValue
from evenbook.runs.actions import Keeping


def store(session: Session, keeping: Keeping) -> int:
    """Store the values of every measure as of each of the days to keep; return how many.

    Each measure's table has ``as_of``, ``subject_kind``, ``subject``, ``value`` and ``count``.
    """
    wanted = ", ".join(f"date '{day}'" for day in keeping.days)
    parts = [
        f"select '{name}' as measure, as_of, subject_kind, subject, value, count "
        f"from {name} where as_of in ({wanted})"
        for name in keeping.measures
    ]
    asked = f"select $run as run_id, * from ({' union all '.join(parts)})"
    return bulk.insert("measures_measurevalue", session.stream(asked, {"run": keeping.run}))


def forget_people(before: date) -> int:
    """Delete the values of single people as of days before one; return how many. Safe to repeat."""
    return MeasureValue.objects.filter(subject_kind="csm", as_of__lt=before).delete()[0]
