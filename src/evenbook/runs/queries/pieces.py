"""Durable work as people see it: what waits, what is under way, how it ended, who does it.

Only operations see single runs: a run names files, and people who loaded them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from evenbook.people.viewer import Viewer
from evenbook.runs import aside, presence
from evenbook.runs.models import Happening, Job, JobLine, JobStep, Worker
from evenbook.runs.queries.weeks import latest_week

OPEN = (Job.State.WAITING, Job.State.RUNNING)
STATES = tuple((str(value), str(label)) for value, label in Job.State.choices)


@dataclass(frozen=True)
class JobInfo:
    """One run of durable work; ``done`` of ``total`` says how far it is, None where nobody knows."""

    id: int
    work: str
    title: str
    about: str
    by: str
    state: str
    state_name: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempt: int
    restarts: int
    done: int
    total: int | None
    doing: str
    says: str
    fix: str
    stops: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    @property
    def may_be_cancelled(self) -> bool:
        """Whether asking it to stop means anything."""
        return self.is_open and not self.stops

    @property
    def may_be_retried(self) -> bool:
        """Whether it can be begun anew."""
        return self.state in {Job.State.FAILED, Job.State.CANCELLED}

    def as_json(self) -> dict[str, object]:
        """Return the run as it is printed for programs."""
        instants = {
            name: at.isoformat() if (at := getattr(self, name)) else None
            for name in ("asked_at", "started_at", "ended_at")
        }
        words = {
            name: getattr(self, name)
            for name in (
                "id",
                "work",
                "title",
                "about",
                "by",
                "state",
                "attempt",
                "restarts",
                "done",
                "total",
            )
        }
        return {**words, **instants, "doing": self.doing, "says": self.says, "fix": self.fix}


@dataclass(frozen=True)
class StepInfo:
    """One step of a run: when, and how often it was begun."""

    number: int
    title: str
    started_at: datetime
    ended_at: datetime | None
    times: int


@dataclass(frozen=True)
class LineInfo:
    """One line of a run's log."""

    at: datetime
    says: str
    is_trouble: bool


@dataclass(frozen=True)
class WorkerInfo:
    """A worker that is there."""

    host: str
    process: int
    started_at: datetime


@dataclass(frozen=True)
class Happened:
    """Kinds of what happened, and the accounts it touched; None where it may be any."""

    kinds: frozenset[str]
    accounts: frozenset[int] | None


@dataclass(frozen=True)
class Standing:
    """How durable work stands: counts, and since when the oldest of it waits.

    ``happenings`` is what pages do not show yet; before the first week there is no page to be behind.
    """

    waiting: int
    running: int
    failed: int
    oldest_at: datetime | None
    workers: int
    happenings: int


def jobs(
    viewer: Viewer, *, state: str = "", work: str = "", offset: int = 0, limit: int = 50
) -> tuple[int, tuple[JobInfo, ...]]:
    """Return how many runs there are, and a page of them: what is open first, then the newest."""
    if not viewer.is_operations:
        return 0, ()
    rows = Job.objects.all()
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(work=work) if work else rows
    ordered = rows.annotate(ends=Count("ended_at")).order_by("ends", "-asked_at", "-pk")
    return rows.count(), tuple(_info(row) for row in ordered[offset : offset + limit])


def job(viewer: Viewer, number: int) -> JobInfo | None:
    """Return one run, None where there is none or the viewer may not see it."""
    row = Job.objects.filter(pk=number).first() if viewer.is_operations else None
    return _info(row) if row else None


def job_called(viewer: Viewer, key: str) -> JobInfo | None:
    """Return the run of a key, None where nobody asked for it."""
    row = Job.objects.filter(key=key).first() if viewer.is_operations else None
    return _info(row) if row else None


def last_asked(viewer: Viewer, work: str) -> JobInfo | None:
    """Return the last run of a kind that the viewer asked for themselves, if its key says whose it is."""
    if viewer.user_id is None:
        return None
    row = Job.objects.filter(work=work, key__startswith=f"{work}:{viewer.user_id}:").order_by("-pk").first()
    return _info(row) if row else None


def kinds(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return the kinds of work there are runs of: name and title."""
    if not viewer.is_operations:
        return ()
    return tuple(Job.objects.order_by("title").values_list("work", "title").distinct())


def steps_of(viewer: Viewer, found: JobInfo) -> tuple[StepInfo, ...]:
    """Return the steps of a run's last attempt."""
    rows = JobStep.objects.filter(job_id=found.id, attempt=found.attempt).order_by("number")
    return tuple(StepInfo(row.number, row.title, row.started_at, row.ended_at, row.times) for row in rows)


def lines_of(viewer: Viewer, found: JobInfo, *, limit: int = 200) -> tuple[LineInfo, ...]:
    """Return the last lines of a run's log, the oldest first."""
    rows = JobLine.objects.filter(job_id=found.id).order_by("-pk")[:limit]
    return tuple(LineInfo(row.at, row.says, row.is_trouble) for row in reversed(rows))


def workers(viewer: Viewer, *, now: datetime) -> tuple[WorkerInfo, ...]:
    """Return the workers that are there."""
    rows = [row for row in Worker.objects.filter(ended_at=None) if not presence.is_lost(row, now)]
    return tuple(WorkerInfo(row.host, row.process, row.started_at) for row in rows)


def worker_is_here(viewer: Viewer, *, now: datetime) -> bool:
    """Return whether anybody would take up work that is asked for now."""
    return bool(workers(viewer, now=now))


def standing(viewer: Viewer, *, now: datetime) -> Standing:
    """Return how durable work stands; ``failed`` counts the last seven days."""
    lately = Q(state=Job.State.FAILED, ended_at__gt=now - timedelta(days=7))
    found = Job.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.WAITING)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        failed=Count("pk", filter=lately),
        oldest_at=Min("asked_at", filter=Q(state=Job.State.WAITING)),
    )
    return Standing(
        **found,
        workers=len(workers(viewer, now=now)),
        happenings=happenings_waiting(viewer) if latest_week(viewer) else 0,
    )


def happened_up_to(viewer: Viewer, newest: int) -> Happened:
    """Return what happened, up to the happening ``newest``, that nothing was refreshed on yet."""
    rows = list(Happening.objects.filter(settled_at=None, pk__lte=newest).values_list("kind", "accounts"))
    named = [accounts for _, accounts in rows]
    touched = None if None in named else frozenset(each for accounts in named for each in accounts or ())
    return Happened(frozenset(kind for kind, _ in rows), touched)


def happenings_waiting(viewer: Viewer) -> int:
    """Return how much has happened that nothing was refreshed on yet."""
    return Happening.objects.filter(settled_at=None).count()


def has_happened(viewer: Viewer, kind: str, *, since: datetime) -> bool:
    """Return whether something of a kind was written down at an instant or later."""
    return Happening.objects.filter(kind=kind, at__gte=since).exists()


def oldest_happening_at(viewer: Viewer) -> datetime | None:
    """Return since when something has waited to be refreshed on, None where nothing does."""
    first: datetime | None = Happening.objects.filter(settled_at=None).aggregate(first=Min("at"))["first"]
    return first


def _info(row: Job) -> JobInfo:
    told = (
        aside.told(row) if row.state == Job.State.RUNNING else aside.Progress(row.done, row.total, row.doing)
    )
    return JobInfo(
        id=row.pk,
        work=row.work,
        title=row.title,
        about=row.about,
        by=row.by,
        state=row.state,
        state_name=row.get_state_display(),
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        attempt=row.attempt,
        restarts=row.restarts,
        done=told.done,
        total=told.total,
        doing=told.words,
        says=row.says,
        fix=row.fix,
        stops=bool(row.stop_asked_by),
    )
