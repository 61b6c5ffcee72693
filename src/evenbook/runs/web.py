"""The page of runs: everybody sees which weeks there are, operations also the work and its log.

A run names files and people, so single runs are for operations; for all others they are not there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenbook.messages.queries import outbox
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.runs import actions, queries, sentences
from evenbook.runs.declared import declared
from evenbook.runs.jobs.doing import numbers_in
from evenbook.runs.queries.pieces import STATES
from evenbook.runs.rules import next_due
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing

WHILE_OPEN_SECONDS = "3"
TONES = {"waiting": "quiet", "running": "warn", "done": "good", "failed": "bad", "cancelled": "quiet"}
COLUMNS = (
    Column("what", "Run", sorts=False),
    Column("state", "State", sorts=False),
    Column("progress", "Progress", sorts=False),
    Column("by", "By", sorts=False, is_aside=True),
    Column("asked", "Asked for", sorts=False, starts_down=True),
    Column("took", "Took", is_number=True, sorts=False),
)


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Show which weeks are stored, and to operations the work that waits, runs and ended."""
    viewer, now = asking(request), timezone.now()
    due, newest = due_at(now), queries.latest_week(viewer)
    context: dict[str, Any] = {"weeks": queries.weeks_stored(viewer), "due": due}
    if not viewer.is_operations:
        context["sentence"] = sentences.of_weeks(newest, due=due)
        return render(request, "runs/runs.html", context)
    standing = queries.standing(viewer, now=now)
    filters = (
        Filter("state", "State", tuple(Choice(*each) for each in STATES)),
        Filter("work", "Kind", tuple(Choice(*each) for each in queries.kinds(viewer))),
    )
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="-asked")
    page = {"offset": (ask.page - 1) * PAGE_SIZE, "limit": PAGE_SIZE}
    total, found = queries.jobs(viewer, state=ask.get("state"), work=ask.get("work"), **page)
    context |= {
        "sentence": sentences.of_runs(standing, newest, due=due),
        "standing": standing,
        "workers": queries.workers(viewer, now=now),
        "mails": outbox(),
        "listing": Listing(
            "runs", "Runs, what is open first", COLUMNS, ask, total, filters, exports=False, noun="run"
        ),
        "found": [(each, TONES[each.state], took(each, now)) for each in found],
    }
    answer = render(request, "runs/runs.html", context)
    if standing.running or standing.waiting:
        answer["Refresh"] = WHILE_OPEN_SECONDS
    return answer


@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Show one run: how far it is, its steps, its log."""
    viewer, found = _keeper(request), _found(request, number)
    context = {
        "run": found,
        "tone": TONES[found.state],
        "sentence": sentences.of_run(found),
        "percent": 100 * found.done / found.total if found.total else None,
        "steps": queries.steps_of(viewer, found),
        "lines": queries.lines_of(viewer, found),
        "took": took(found, timezone.now()),
        "has_worker": queries.worker_is_here(viewer, now=timezone.now()),
    }
    answer = render(request, "runs/run.html", context)
    if found.is_open:
        answer["Refresh"] = WHILE_OPEN_SECONDS
    return answer


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel a run."""
    viewer = _keeper(request)
    return _changed(request, number, lambda: actions.cancel(number, by=viewer, now=timezone.now()))


@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a run anew."""
    viewer = _keeper(request)
    return _changed(request, number, lambda: actions.retry(number, by=viewer, now=timezone.now()))


@require_POST
def week(request: HttpRequest) -> HttpResponse:
    """Ask for the week as of today; while one is asked for, show that one."""
    viewer, now, work = _keeper(request), timezone.now(), declared().work("week")
    if work is None:
        raise Http404
    number = actions.ask_for_week(work, by=viewer, now=now)
    return redirect("run", number)


@require_POST
def mails(request: HttpRequest) -> HttpResponse:
    """Try the mails again that were given up."""
    actions.retry_mails(by=_keeper(request), now=timezone.now())
    messages.success(request, "They are tried again.")
    return redirect("runs")


def due_at(now: datetime) -> datetime | None:
    """Return when the week is run next by itself, None where it is not."""
    policy = latest().policy
    numbers = numbers_in(policy)
    if not numbers.weekly or settings.EVENBOOK_DEMO:
        return None
    zone = policy.of(OrganizationNumbers).time_zone
    return next_due(now, day=numbers.weekly_day, hour=numbers.weekly_hour, zone=zone)


def took(found: queries.JobInfo, now: datetime) -> str:
    """Return how long a run took, or has gone on; "" before it began."""
    if found.started_at is None:
        return ""
    seconds = int(((found.ended_at or now) - found.started_at).total_seconds())
    if seconds < 60:
        return f"{max(0, seconds)} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def _keeper(request: HttpRequest) -> Viewer:
    viewer = asking(request)
    if not viewer.is_operations:
        raise Http404
    return viewer


def _found(request: HttpRequest, number: int) -> queries.JobInfo:
    found = queries.job(asking(request), number)
    if found is None:
        raise Http404
    return found


def _changed(request: HttpRequest, number: int, change: Any) -> HttpResponse:
    _found(request, number)
    try:
        change()
    except actions.JobRefused as error:
        messages.error(request, f"{error.what} {error.fix}")
    return redirect("run", number)
