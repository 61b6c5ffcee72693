"""Pieces of work: asked for, handed to the engine, begun, told of, ended, cancelled, begun anew.

A row is written in the transaction of what asks for it, and handed over by a worker after it: work
that was asked for is never lost, and what was undone is never begun.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from evenbook.kit.errors import EvenbookError
from evenbook.messages.actions import try_again
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.runs import aside
from evenbook.runs.declared import Work
from evenbook.runs.models import Job, JobLine, JobStep

State = Job.State
OPEN = (State.WAITING, State.RUNNING)


class JobGone(EvenbookError):
    """There is no such run."""

    kind = "run-gone"
    status = 404


class JobRefused(EvenbookError):
    """A run can't be cancelled or begun anew."""

    kind = "run-refused"
    status = 409


def begin(
    work: Work, *, key: str, by: str, now: datetime, about: str = "", given: dict[str, Any] | None = None
) -> int:
    """Ask for a piece of work and return the number of its run; the same key again returns the same.

    Args:
        work: its kind.
        key: what it is about.
        by: who asks, by name.
        now: when.
        about: what it is about, for people.
        given: the arguments of ``work.does``, plain values.
    """
    row, is_new = Job.objects.get_or_create(
        key=key,
        defaults={
            "work": work.name,
            "title": work.title,
            "queue": work.queue.name,
            "about": about[:200],
            "given": given or {},
            "by": by[:120],
            "asked_at": now,
        },
    )
    if is_new:
        add_line(row.pk, f"Asked for by {by}.", now=now)
    return int(row.pk)


def ask_for_week(work: Work, *, by: Viewer, now: datetime) -> int:
    """Ask for the week as of today, as a person does; while one is open, return that one.

    Raises:
        JobRefused: the viewer is not operations.
    """
    _require_operations(by)
    with transaction.atomic():
        under_way = Job.objects.filter(work=work.name, state__in=OPEN).order_by("pk").first()
        if under_way is not None:
            return int(under_way.pk)
        job = begin_week(work, key=f"week:asked:{now.isoformat(timespec='seconds')}", by=by.name, now=now)
        audit.record(by, "run.asked", audit.Thing("run", str(job), work.title), at=now)
    return job


def ask_for(work: Work, *, by: Viewer, now: datetime, about: str = "") -> int:
    """Ask for a piece of work that takes no arguments, as a person does; while one is open, return that one.

    Raises:
        JobRefused: the viewer is not operations.
    """
    _require_operations(by)
    with transaction.atomic():
        under_way = Job.objects.filter(work=work.name, state__in=OPEN).order_by("pk").first()
        if under_way is not None:
            return int(under_way.pk)
        key = f"{work.name}:asked:{now.isoformat(timespec='seconds')}"
        job = begin(work, key=key, by=by.name, about=about, now=now)
        audit.record(by, "run.asked", audit.Thing("run", str(job), work.title), at=now)
    return job


def begin_week(work: Work, *, key: str, by: str, now: datetime) -> int:
    """Ask for the week as of the day that it is where the organization works."""
    zone = latest().policy.of(OrganizationNumbers).time_zone
    day = now.astimezone(ZoneInfo(zone)).date().isoformat()
    return begin(work, key=key, by=by, now=now, about=f"as of {day}", given={"as_of": day})


def begun(job: int, attempt: int, *, now: datetime) -> Job | None:
    """Return a run that a worker now does, or None where it ended or was begun anew meanwhile."""
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job, attempt=attempt, state__in=OPEN).first()
        if row is None:
            return None
        if row.state == State.RUNNING:
            row.restarts += 1
            add_line(job, "Taken up again: the worker ended in its midst.", now=now, is_trouble=True)
        row.state, row.started_at = State.RUNNING, row.started_at or now
        row.save(update_fields=["state", "started_at", "restarts"])
    return row


def record_step(job: int, attempt: int, number: int, title: str, *, now: datetime, ended: bool) -> None:
    """Write down that a step begins, or that it ended."""
    mine = JobStep.objects.filter(job_id=job, attempt=attempt, number=number)
    if ended:
        mine.update(ended_at=now)
        return
    made = {"title": title[:120], "started_at": now}
    row, is_new = JobStep.objects.get_or_create(job_id=job, attempt=attempt, number=number, defaults=made)
    if not is_new:
        JobStep.objects.filter(pk=row.pk).update(times=F("times") + 1, started_at=now, ended_at=None)


def record_end(job: int, attempt: int, state: str, *, says: str, fix: str = "", now: datetime) -> None:
    """Write down how a run ended; a run that ended already stays as it is."""
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job, attempt=attempt, state__in=OPEN).first()
        if row is None:
            return
        told = aside.told(row)
        row.state, row.ended_at, row.says, row.fix = state, now, says[:500], fix[:500]
        row.done, row.total, row.doing = told.done, told.total, ""
        row.save(update_fields=["state", "ended_at", "says", "fix", "done", "total", "doing"])
        add_line(job, says, now=now, is_trouble=state == State.FAILED)
    aside.clear(job)


def add_line(job: int, says: str, *, now: datetime, is_trouble: bool = False) -> None:
    """Write a line into the log of a run."""
    JobLine.objects.create(job_id=job, at=now, says=says[:500], is_trouble=is_trouble)


def cancel(job: int, *, by: Viewer, now: datetime) -> None:
    """Cancel a run: at once while it waits, at its next halt while it runs. Once is enough.

    Raises:
        JobGone: there is none of this number.
        JobRefused: it ended, or the viewer is not operations.
    """
    _require_operations(by)
    aside.ask_to_stop(job)
    with transaction.atomic():
        row = _locked(job)
        if row.state == State.CANCELLED or (row.state == State.RUNNING and row.stop_asked_by):
            return
        if row.state not in OPEN:
            aside.clear(job)
            raise JobRefused("This run has ended already.", fix="Nothing is left to cancel.")
        row.stop_asked_by = by.name
        add_line(job, f"{by.name} asked that it stop.", now=now)
        row.save(update_fields=["stop_asked_by"])
        audit.record(by, "run.cancelled", _thing(row), at=now)
        if row.state == State.WAITING:
            record_end(job, row.attempt, State.CANCELLED, says=f"Cancelled by {by.name}.", now=now)


def retry(job: int, *, by: Viewer, now: datetime) -> None:
    """Begin a run anew that failed or was cancelled; one that waits or runs is left as it is.

    Raises:
        JobGone: there is none of this number.
        JobRefused: it is done, or the viewer is not operations.
    """
    _require_operations(by)
    with transaction.atomic():
        row = _locked(job)
        if row.state in OPEN:
            return
        if row.state == State.DONE:
            raise JobRefused("This run is done.", fix="Ask for a new one instead.")
        aside.clear(job)
        row.state, row.attempt, row.handed = State.WAITING, row.attempt + 1, False
        row.started_at = row.ended_at = row.total = None
        row.restarts, row.done, row.stop_asked_by, row.says, row.fix = 0, 0, "", "", ""
        row.save()
        add_line(job, f"Begun anew by {by.name}.", now=now)
        audit.record(by, "run.retried", _thing(row), at=now)


def retry_mails(*, by: Viewer, now: datetime) -> int:
    """Try the mails again that were given up; return how many that are.

    Raises:
        JobRefused: the viewer is not operations.
    """
    _require_operations(by)
    with transaction.atomic():
        again = try_again(now)
        if again:
            audit.record(by, "mail.retried", audit.Thing("mail", "all"), at=now, rows=again)
    return again


def hand_over(most: int = 100) -> list[Job]:
    """Return the runs that no engine knows of yet, the oldest first."""
    return list(Job.objects.filter(state=State.WAITING, handed=False).order_by("asked_at", "pk")[:most])


def hand_over_again(known: set[str], *, all_ids: dict[int, str]) -> int:
    """Hand over anew the open runs that the engine does not know; return how many that are.

    So it is when a backup was restored, or when the engine's own store was lost.
    """
    lost = [job for job, mark in all_ids.items() if mark not in known]
    return Job.objects.filter(pk__in=lost, state__in=OPEN, handed=True).update(
        handed=False, state=State.WAITING
    )


def forget(before: datetime) -> int:
    """Take away the runs that ended before an instant; return how many."""
    ended = Job.objects.filter(~Q(state__in=OPEN), ended_at__lt=before)
    return ended.delete()[1].get("runs.Job", 0)


def said(job: int) -> str:
    """Return the sentence that a run ended with."""
    row = Job.objects.get(pk=job)
    return f"{row.says} {row.fix}".strip()


def open_jobs() -> Iterable[Job]:
    """Return the runs that were handed over and have not ended."""
    return Job.objects.filter(state__in=OPEN, handed=True)


def _locked(job: int) -> Job:
    row = Job.objects.select_for_update().filter(pk=job).first()
    if row is None:
        raise JobGone(f"There is no run {job}.", fix="See `evenbook runs list`.")
    return row


def _thing(row: Job) -> audit.Thing:
    return audit.Thing("run", str(row.pk), str(row))


def _require_operations(by: Viewer) -> None:
    if not by.is_operations:
        raise JobRefused(
            "Only operations may cancel runs and begin them anew.", fix="Ask somebody in operations."
        )
