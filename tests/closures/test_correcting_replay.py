"""What coverage and loops were as of earlier weeks stays so when an artifact is corrected later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evenbook.book.models import Account
from evenbook.policy.actions import ensure_first
from evenbook.records.actions import correct_artifact, write_artifact
from evenbook.site.weekly import compute
from evenbook.sources.sample.actions import load


@pytest.mark.django_db(transaction=True)
def test_coverage_and_loops_as_of_earlier_weeks_stay_as_they_were(tmp_path: Path) -> None:
    today, now = date(2026, 3, 9), datetime(2026, 3, 9, 8, tzinfo=UTC)
    ensure_first(now - timedelta(days=900))
    load(as_of=today, now=now, accounts=40, csms=None, seed=5, users={})
    account, written_at = Account.objects.order_by("pk")[0], now - timedelta(weeks=6)
    values = {
        "account_id": account.pk,
        "kind": "health_review_log",
        "summary": "a",
        "fields": {"band": "red"},
    }
    first = write_artifact(values, external_id="loop-1", fingerprint="1", now=written_at)
    before, corrected_at = _read(today, tmp_path / "a"), now - timedelta(weeks=2)
    correct_artifact(
        first, summary="b", fields={"band": "green"}, author_id=None, fingerprint="2", now=corrected_at
    )
    after = _read(today, tmp_path / "b")

    assert before[1] == after[1]
    changed = {key for key in before[0].keys() | after[0].keys() if before[0].get(key) != after[0].get(key)}
    assert all(day >= corrected_at.date() and who == account.pk for day, who, _ in changed)
    assert all(before[0][key][:2] == after[0][key][:2] for key in changed)


def _read(today: date, home: Path) -> tuple[dict[Any, Any], list[Any]]:
    """Return each requirement as of each week, and every loop."""
    home.mkdir()
    with compute(today, home=home, fresh=True).session as session:
        needs = session.rows("select as_of, account, kind, status, falls_on, artifact from requirement_as_of")
        loops = session.rows("select key, as_of, closed_at, closed_by, due_on from loop order by key, as_of")
        return {
            (row["as_of"], row["account"], row["kind"]): (row["status"], row["falls_on"], row["artifact"])
            for row in needs.to_pylist()
        }, loops.to_pylist()
