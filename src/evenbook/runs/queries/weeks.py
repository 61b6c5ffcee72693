"""Which week a page shows: its run, and the policy that made it.

What a run found is in the slices above, each behind its own access; that there was a run is no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from evenbook.kit.dates import day_ends_at
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.runs.models import Run
from evenbook.screens.shown import day_text


@dataclass(frozen=True)
class RunInfo:
    """A stored run: the day it stands for, and the policy version that made its rows."""

    id: int
    as_of: date
    policy_version: int
    ended_at: datetime


@dataclass(frozen=True)
class StoredWeek:
    """A stored week as the list of weeks has it: its day, when it was stored, by whom."""

    as_of: date
    ended_at: datetime
    by: str
    restates: bool


@dataclass(frozen=True)
class Week:
    """A stored week. ``asked`` is the day asked for, if any; ``refused`` says what was wrong with it."""

    run: RunInfo
    policy: Policy
    asked: date | None = None
    refused: str = ""

    @property
    def currency(self) -> str:
        """The currency of all its money."""
        return self.policy.of(OrganizationNumbers).currency

    def today(self, now: datetime) -> date:
        """Return the day where the organization works; a demo stays at the day that it was made for."""
        if settings.EVENBOOK_DEMO:
            return self.run.as_of
        return now.astimezone(ZoneInfo(self.policy.of(OrganizationNumbers).time_zone)).date()

    @property
    def ends_at(self) -> datetime:
        """The instant at which its day was over where the organization works."""
        return day_ends_at(self.run.as_of, self.policy.of(OrganizationNumbers).time_zone)


def week(viewer: Viewer, asked: str = "") -> Week | None:
    """Return the newest week, or the last one stored by the day ``asked``; None before the first run."""
    day, refused = _day(asked)
    found = week_on_or_before(viewer, day) if day else None
    if day and found is None:
        refused = f"No week is stored on or before {day_text(day)}; the newest is shown."
    run = found or latest_week(viewer)
    if run is None:
        return None
    return Week(run, in_force(run.as_of).policy, day if found else None, refused)


def latest_week(viewer: Viewer) -> RunInfo | None:
    """Return the newest weekly run, or None where none was done yet."""
    return _first(None)


def week_on_or_before(viewer: Viewer, day: date) -> RunInfo | None:
    """Return the weekly run of ``day``, else the last one before it."""
    return _first(day)


def week_of_run(viewer: Viewer, number: int) -> RunInfo | None:
    """Return the weekly run of a number; None where there is none."""
    return _info(Run.objects.filter(pk=number).first())


def week_before(viewer: Viewer, run: RunInfo) -> RunInfo | None:
    """Return the weekly run before ``run``."""
    rows = _current().filter(as_of__lt=run.as_of)
    return _info(rows.first())


def week_days(viewer: Viewer, *, limit: int = 120) -> tuple[date, ...]:
    """Return the days that have a weekly run, the newest first."""
    return tuple(_current().values_list("as_of", flat=True)[:limit])


def weeks_stored(viewer: Viewer, *, limit: int = 10) -> tuple[StoredWeek, ...]:
    """Return the last weeks that were run, the newest first."""
    return tuple(
        StoredWeek(row.as_of, row.ended_at, row.by, row.restates_id is not None) for row in _current()[:limit]
    )


def weeks(viewer: Viewer, *, offset: int = 0, limit: int = 100) -> tuple[RunInfo, ...]:
    """Return stored weeks, the newest first."""
    rows = _current().values_list("pk", "as_of", "policy_version", "ended_at")
    return tuple(RunInfo(*row) for row in rows[offset : offset + limit])


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"'{text[:20]}' is not a day such as 2026-03-09; the newest week is shown."


def _first(day: date | None) -> RunInfo | None:
    rows = _current()
    return _info((rows.filter(as_of__lte=day) if day else rows).first())


def _current() -> models.QuerySet[Run]:
    return Run.objects.filter(kind=Run.Kind.WEEK, is_current=True).order_by("-as_of").defer("summary")


def _info(row: Run | None) -> RunInfo | None:
    return RunInfo(row.pk, row.as_of, row.policy_version, row.ended_at) if row else None
