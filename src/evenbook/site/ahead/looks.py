"""What is measured of an instance, and the limit that each figure will meet.

A figure that grows *with accounts* is there once for each of them. One that grows *with people* is of the
team, whose books stay as large as they are: so many times more accounts are so many times more people.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncDate

from evenbook.book.directory import register
from evenbook.book.rules.matching import LONGEST_BLOCK
from evenbook.briefings.web.handoffs import MOST_CHOICES
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.desk.web.trail import MOST as MOST_ENTRIES
from evenbook.messages.actions import MOST_A_ROUND
from evenbook.policy.queries import latest
from evenbook.runs.declared import IMPORTS, WEEKS, Queue
from evenbook.runs.jobs import MAILS_EVERY_SECONDS
from evenbook.runs.numbers import RunsNumbers
from evenbook.site.weekly import ROW_BYTES, history_megabytes
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.workbook import MOST_ROWS
from evenbook.sources.sample.shape import MOST_ACCOUNTS

ACCOUNTS, PEOPLE = "with accounts", "with people"
DAY_BEGINS = 9
"""The hour at which the first person looks: a week that is not stored by then is missed."""

STORE_SECONDS = 92e-6
"""What storing a week takes of each account, on SQLite: 9.2 s at 100,000, as the benchmarks have it."""

LAST_RUNS, LAST_DAYS = 5, 28
LAST_IMPORTS = timedelta(days=90)


@dataclass(frozen=True)
class Measured:
    """A figure of today and the limit that it may not pass, both in one unit; ``more`` is said beside it."""

    now: float
    limit: float
    more: str = ""


@dataclass(frozen=True)
class Look:
    """One look ahead.

    Args:
        id: for ever.
        figure: what is measured, as a sentence begins.
        unit: of the figure and the limit.
        grows: with what.
        limit: what the limit is.
        fix: what to do before it breaks.
        measure: returns the figure, or None where nothing was measured or the limit does not hold here.
    """

    id: str
    figure: str
    unit: str
    grows: str
    limit: str
    fix: str
    measure: Callable[[datetime, float], Measured | None]


def _rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


def accounts() -> int:
    """Return how many accounts there are, those merged into others left out."""
    return int(_rows("book", "Account").filter(merged_into=None).count())


def week_memory(now: datetime, factor: float) -> Measured | None:
    """Return what the rules hold of one week of all accounts, beside the engine's ceiling."""
    return Measured(accounts() * ROW_BYTES / 1e6, history_megabytes()) if accounts() else None


def week_minutes(now: datetime, factor: float) -> Measured | None:
    """Return how long the last weeks took, beside the time until the first person looks."""
    runs = _rows("runs", "Run").filter(kind="week").order_by("-pk")[:LAST_RUNS]
    took = [(run.ended_at - run.started_at).total_seconds() / 60 for run in runs]
    hours = DAY_BEGINS - latest().policy.of(RunsNumbers).weekly_hour
    return Measured(median(took), 60.0 * (hours if hours > 0 else hours + 24)) if took else None


def _busy(queue: Queue) -> Callable[[datetime, float], Measured | None]:
    def share(now: datetime, factor: float) -> Measured | None:
        since = now - timedelta(days=LAST_DAYS)
        jobs = _rows("runs", "Job").filter(queue=queue.name, started_at__gte=since, ended_at__isnull=False)
        times = list(jobs.values_list("started_at", "ended_at"))
        if not times:
            return None
        begun = min(started for started, _ in times)
        span = max((now - begun).total_seconds(), timedelta(days=1).total_seconds())
        took = sum((ended - started).total_seconds() for started, ended in times)
        return Measured(100 * took / span, 100.0 * queue.at_once)

    return share


def import_lock(now: datetime, factor: float) -> Measured | None:
    """Return how long the longest import held the one writer of SQLite, beside how long others wait."""
    longest = _longest_import(now)
    return Measured(longest, _waits()) if longest and connection.vendor == "sqlite" else None


def week_lock(now: datetime, factor: float) -> Measured | None:
    """Return how long storing a week holds the one writer of SQLite, beside how long others wait."""
    if connection.vendor != "sqlite" or not accounts():
        return None
    return Measured(accounts() * STORE_SECONDS, _waits())


def _waits() -> float:
    return float(connection.settings_dict["OPTIONS"].get("timeout", 5))


def _longest_import(now: datetime) -> float:
    loads = _rows("sources", "Load").filter(started_at__gte=now - LAST_IMPORTS)
    times = loads.values_list("started_at", "ended_at")
    return max(((ended - started).total_seconds() for started, ended in times), default=0.0)


def disk(now: datetime, factor: float) -> Measured | None:
    """Return the database twice, as an import or a backup may need it, beside the disk that it may fill."""
    if connection.vendor != "sqlite":
        return None
    home = Path(settings.EVENBOOK_HOME)
    size = sum(file.stat().st_size for file in home.glob("evenbook.sqlite3*"))
    return Measured(2 * size / 1e6, (shutil.disk_usage(home).free + size) / 1e6) if size else None


def _file_rows(now: datetime, **only: Any) -> float:
    files = _rows("sources", "FileLoad").filter(load__started_at__gte=now - LAST_IMPORTS, **only)
    return float(files.aggregate(most=Max("rows"))["most"] or 0)


def import_rows(now: datetime, factor: float) -> Measured | None:
    """Return the rows of the longest file that was imported lately, beside how many are read."""
    most = _file_rows(now)
    return Measured(most, Limits().rows) if most else None


def workbook_rows(now: datetime, factor: float) -> Measured | None:
    """Return the rows of the longest sheet of a workbook, beside how many a workbook can hold."""
    most = _file_rows(now, file__icontains=".xlsx")
    return Measured(most, MOST_ROWS) if most else None


def mails(now: datetime, factor: float) -> Measured | None:
    """Return the most mails of one of the last days, beside how many rounds can send in a day."""
    since = now - timedelta(days=LAST_DAYS)
    days = _rows("mails", "Mail").filter(created_at__gte=since).annotate(day=TruncDate("created_at"))
    most = days.values("day").annotate(mails=Count("pk")).aggregate(most=Max("mails"))["most"]
    return Measured(most, MOST_A_ROUND * 86_400 / MAILS_EVERY_SECONDS) if most else None


def choices(now: datetime, factor: float) -> Measured | None:
    """Return the people of the team, beside how many a handoff lets one choose among."""
    people = _rows("book", "Person").filter(is_person=True, left_on=None).count()
    return Measured(people, MOST_CHOICES) if people else None


def names(now: datetime, factor: float) -> Measured | None:
    """Return how many accounts share the beginning of a name, beside how many are compared with a new one."""
    most = max(map(len, register().blocks.values()), default=0)
    return Measured(most, LONGEST_BLOCK) if most else None


def entries(now: datetime, factor: float) -> Measured | None:
    """Return the entries of the audit trail of four weeks, beside how many one file takes."""
    count = _rows("people", "AuditEntry").filter(at__gte=now - timedelta(days=LAST_DAYS)).count()
    return Measured(count, MOST_ENTRIES) if count else None


def hours(now: datetime, factor: float) -> Measured | None:
    """Return the hours that the policy's tiers ask for, beside those that the people of today have.

    It says which tier breaks it: served from the first tier down, the hours end there.
    """
    weeks = _rows("capacity", "AccountWeek").filter(run__kind="week", run__is_current=True)
    newest = weeks.aggregate(day=Max("run__as_of"))["day"]
    of_run = weeks.filter(run__as_of=newest)
    tiers = list(of_run.values_list("tier").annotate(hours=Sum("effort_hours")).order_by("tier"))
    people = _rows("book", "Person").filter(pk__in=of_run.values("person"), is_person=True)
    usual = latest().policy.of(CapacityNumbers).monthly_hours
    theirs = people.values_list("monthly_hours", "working_share")
    have = sum((given or usual) * share for given, share in theirs)
    if not tiers or not have:
        return None
    return Measured(sum(asked for _, asked in tiers), have, _where_they_end(tiers, have, factor))


def _where_they_end(tiers: Iterable[tuple[int, float]], have: float, factor: float) -> str:
    sums = accumulate(tiers, lambda sofar, each: (each[0], sofar[1] + each[1]))
    ends = next((tier for tier, asked in sums if asked * factor > have), None)
    return f"Served from tier 1 down, they end within tier {ends}." if ends else ""


def measured_size(now: datetime, factor: float) -> Measured | None:
    """Return the accounts, beside how many the weekly run and the pages were ever measured with."""
    return Measured(accounts(), MOST_ACCOUNTS) if accounts() else None


MOVE = "Move to PostgreSQL, where writers do not wait for each other: evenbook move-database --to URL"
LOOKS = (
    Look(
        "at-hours",
        "The policy's tiers ask for",
        "hours a month",
        ACCOUNTS,
        "what the people who own accounts today have",
        "Hire, or change what the tier that breaks it asks for: evenbook policy show capacity",
        hours,
    ),
    Look(
        "at-week-time",
        "A weekly run takes",
        "minutes",
        ACCOUNTS,
        "the time until the first person looks",
        "Let it begin sooner: evenbook policy set runs.weekly_hour HOUR; or take a faster machine.",
        week_minutes,
    ),
    Look(
        "at-week-memory",
        "The rules hold of one week",
        "MB",
        ACCOUNTS,
        "the engine's ceiling, a third of the memory and 3 GB at the most",
        "Give the machine more memory; past it a week is worked out on disk, far more slowly.",
        week_memory,
    ),
    Look(
        "at-queue-weeks",
        "Runs and refreshes keep their queue busy for",
        "% of the time",
        ACCOUNTS,
        "one at a time",
        "Refresh less often: evenbook policy set runs.refresh_after_minutes MINUTES",
        _busy(WEEKS),
    ),
    Look(
        "at-queue-imports",
        "Imports keep their queue busy for",
        "% of the time",
        ACCOUNTS,
        "one at a time",
        "Import what changed instead of everything.",
        _busy(IMPORTS),
    ),
    Look(
        "at-lock-import",
        "While it loads, an import keeps others from writing for up to",
        "seconds",
        ACCOUNTS,
        "how long a page waits before it says that nothing was stored",
        MOVE,
        import_lock,
    ),
    Look(
        "at-lock-week",
        "Storing a week keeps others from writing for about",
        "seconds",
        ACCOUNTS,
        "how long a page waits before it says that nothing was stored",
        MOVE,
        week_lock,
    ),
    Look(
        "at-disk",
        "The database and a copy of it take",
        "MB",
        ACCOUNTS,
        "the room of its disk",
        "Make room, or move the instance to a larger disk: EVENBOOK_HOME names its folder.",
        disk,
    ),
    Look(
        "at-import-rows",
        "The longest file imported lately has",
        "rows",
        ACCOUNTS,
        "how many rows are read",
        "Split it, or import what changed.",
        import_rows,
    ),
    Look(
        "at-workbook",
        "The longest workbook imported lately has",
        "rows",
        ACCOUNTS,
        "what a workbook can hold",
        "Export it as CSV.",
        workbook_rows,
    ),
    Look(
        "at-names",
        "Among accounts whose names begin alike there are up to",
        "names",
        ACCOUNTS,
        "how many a new name is compared with",
        "Import accounts with ids or domains: of names alone, some alike are not asked about.",
        names,
    ),
    Look(
        "at-mails",
        "On the busiest day there were",
        "mails",
        PEOPLE,
        "what goes out in a day",
        "Switch off mails that nobody reads: evenbook policy show closures",
        mails,
    ),
    Look(
        "at-choices",
        "In the team are",
        "people",
        PEOPLE,
        "among how many a handoff lets one choose",
        "Name receivers by their keys, on the command line or by a program.",
        choices,
    ),
    Look(
        "at-trail",
        "In four weeks the audit trail grows by",
        "entries",
        PEOPLE,
        "what one file takes",
        "Download it more often, by days.",
        entries,
    ),
    Look(
        "at-measured",
        "There are",
        "accounts",
        ACCOUNTS,
        "the most that runs and pages were measured with",
        "Try it first: evenbook bench week --accounts NUMBER",
        measured_size,
    ),
)
