"""Which run a page reads. What a run found is in the slices above, each behind its own access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from evenbook.people.viewer import Viewer
from evenbook.runs.models import Run


@dataclass(frozen=True)
class RunInfo:
    """A stored run: the day it stands for, and the policy version that made its rows."""

    id: int
    as_of: date
    policy_version: int
    ended_at: datetime


def latest_week(viewer: Viewer) -> RunInfo | None:
    """Return the newest weekly run, or None where none was done yet."""
    return _first(None)


def week_on_or_before(viewer: Viewer, day: date) -> RunInfo | None:
    """Return the weekly run of ``day``, else the last one before it."""
    return _first(day)


def week_before(viewer: Viewer, run: RunInfo) -> RunInfo | None:
    """Return the weekly run before ``run``."""
    rows = _current().filter(as_of__lt=run.as_of)
    return _info(rows.first())


def week_days(viewer: Viewer, *, limit: int = 120) -> tuple[date, ...]:
    """Return the days that have a weekly run, the newest first."""
    return tuple(_current().values_list("as_of", flat=True)[:limit])


def _first(day: date | None) -> RunInfo | None:
    rows = _current()
    return _info((rows.filter(as_of__lte=day) if day else rows).first())


def _current() -> models.QuerySet[Run]:
    return Run.objects.filter(kind=Run.Kind.WEEK, is_current=True).order_by("-as_of").defer("summary")


def _info(row: Run | None) -> RunInfo | None:
    return RunInfo(row.pk, row.as_of, row.policy_version, row.ended_at) if row else None
