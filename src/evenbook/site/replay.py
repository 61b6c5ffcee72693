"""The week of any day, through the queries that pages use.

A day that was run is read as it was stored. Any other day is worked out and stored in a transaction
that is then undone: so its answer comes through the same queries and the same rules of access as a
stored one, and nothing is kept. The rules are loaded only then: most questions are about a stored day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.actions import current_before, open_run
from evenbook.runs.queries import RunInfo, Week, latest_week, week_on_or_before

if TYPE_CHECKING:
    from evenbook.site.weekly import Computed


@dataclass(frozen=True)
class Replayed:
    """A week to read from. One that is not stored holds every change of state up to its day."""

    week: Week
    is_stored: bool


@contextmanager
def week_of(
    viewer: Viewer, asked: date | None, *, today: date, now: datetime, home: Path
) -> Iterator[Replayed]:
    """Give the week of the day asked for, else the newest stored one, else today's; read it inside.

    Args:
        viewer: who asks.
        asked: the day, or None.
        today: the day it is in the organization's zone.
        now: the present instant.
        home: the instance's folder.
    """
    day = day_of(viewer, asked, today=today)
    found = week_on_or_before(viewer, day)
    if found is not None and found.as_of == day:
        yield Replayed(Week(found, in_force(day).policy, asked), is_stored=True)
        return
    from evenbook.site.weekly import compute

    computed = compute(day, home=home, weeks=1)
    with computed.session, transaction.atomic():
        yield Replayed(_held(computed, now), is_stored=False)
        transaction.set_rollback(True)


def day_of(viewer: Viewer, asked: date | None, *, today: date) -> date:
    """Return the day asked for, else that of the newest stored week, else today."""
    newest = None if asked else latest_week(viewer)
    return asked or (newest.as_of if newest else today)


def _held(computed: Computed, now: datetime) -> Week:
    """Store what was worked out, in the open transaction, and return it as a week."""
    from evenbook.site import stores

    as_of, version = computed.as_of, computed.policy_version
    earlier = current_before(as_of)
    opened = open_run(
        as_of,
        policy_version=version,
        fingerprint="",
        by="",
        started_at=now,
        ended_at=now,
        summary={},
        restate=True,
    )
    stores.store(computed.session, opened, days=(as_of,), earlier=earlier, every_change=True)
    return Week(RunInfo(opened.id, as_of, version, now), computed.policy, as_of)
