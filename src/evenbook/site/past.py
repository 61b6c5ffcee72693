"""The coverage of any past day, for the page that asks for it.

A day that was run is read as it was stored. Coverage of any other day rests on that day alone, not on
the weeks before as states do; so only its own rules are run, and what they say is stored in a
transaction that is then undone: the page reads it through the queries and the rules of access of a
stored week, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from evenbook.capacity.actions import store_listed
from evenbook.closures import actions as closures
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import Keeping, StoredRun, open_run
from evenbook.runs.queries import week_on_or_before
from evenbook.site.weekly import Computed, compute_only


@contextmanager
def coverage_of(viewer: Viewer, day: date, *, now: datetime, home: Path) -> Iterator[None]:
    """Let pages read the coverage of ``day`` inside; of a day that was not run nothing else is there."""
    stored = week_on_or_before(viewer, day)
    if stored is not None and stored.as_of == day:
        yield
        return
    computed = compute_only(closures.COVERAGE, day, home=home)
    with computed.session, transaction.atomic():
        keeping = _keeping(_opened(computed, now))
        store_listed(computed.session, keeping)
        closures.store_coverage(computed.session, keeping)
        yield
        transaction.set_rollback(True)


def _opened(computed: Computed, now: datetime) -> StoredRun:
    return open_run(
        computed.as_of,
        policy_version=computed.policy_version,
        fingerprint="",
        by="",
        started_at=now,
        ended_at=now,
        summary={},
        restate=True,
    )


def _keeping(run: StoredRun) -> Keeping:
    return Keeping(
        run=run.id,
        as_of=run.as_of,
        policy_version=run.policy_version,
        measures=(),
        days=(run.as_of,),
        changed_after=run.as_of,
        before=None,
    )
