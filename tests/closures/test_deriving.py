"""What a run stores of loops: those that the records do not open any more are withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evenbook.closures.actions import deriving
from evenbook.closures.models import Loop
from evenbook.frames.actions import note_write
from evenbook.frames.session import Session
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact
from evenbook.site.jobs import run_week
from evenbook.site.weekly import compute
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.axis import Axis

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_review_that_was_known_before_its_loop_opened_takes_the_loop_away_also_in_a_long_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenbook.site.weekly.SMALL_ROWS", 0)
    first_on = Axis(TODAY).first_on
    ensure_first(NOW - timedelta(days=900), but={"closures": {"start_on": first_on.isoformat()}})
    load(as_of=TODAY, now=NOW, accounts=60, csms=None, seed=5, users={})
    run_week(TODAY, by=SYSTEM, home=tmp_path, store=True)
    owed = Loop.objects.filter(closed_at=None, withdrawn_at=None)
    before = set(owed.values_list("key", flat=True))
    loop = owed.filter(kind="health_review").order_by("opened_at").last()
    assert loop is not None

    at = loop.opened_at - timedelta(hours=1)
    Artifact.objects.create(
        account=loop.account, kind=loop.artifact_kind, happened_at=at, known_at=at, source="late",
        external_id="1", fingerprint="1",
    )  # fmt: skip
    note_write("records_artifact", 1, earliest_at=at, now=NOW)
    run_week(TODAY, by=SYSTEM, home=tmp_path, store=True)

    loop.refresh_from_db()
    assert loop.withdrawn_at is not None and loop.closed_at is None
    assert before - {loop.key} <= set(owed.values_list("key", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_first_load_keeps_the_same_loops_as_one_by_one(tmp_path: Path) -> None:
    first_on = Axis(TODAY).first_on
    ensure_first(NOW - timedelta(days=900), but={"closures": {"start_on": first_on.isoformat()}})
    load(as_of=TODAY, now=NOW, accounts=60, csms=None, seed=5, users={})

    def kept(keep: Callable[[Session], int]) -> list[tuple[Any, ...]]:
        Loop.objects.all().delete()
        with compute(TODAY, home=tmp_path, fresh=True).session as session:
            count = keep(session)
        columns = [field.attname for field in Loop._meta.concrete_fields if field.name != "id"]
        rows = list(Loop.objects.order_by("key").values_list(*columns))
        assert len(rows) == count > 1000
        return rows

    assert kept(deriving._keep_first) == kept(deriving._keep_changed)
