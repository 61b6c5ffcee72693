"""Coverage as of each of 104 weeks is what an independent reference works out, artifact by artifact."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.closures.read_world import world_from_database
from tests.closures.reference_coverage import Standing, coverage_as_of
from tests.closures.test_replay import NOW, TODAY, days, leave_unused, looked_at

from evenbook.policy.actions import ensure_first
from evenbook.site.weekly import compute
from evenbook.sources.sample.actions import load

ASSUMED = "select as_of, account, tier from tier_as_of where assumed"
STANDS = """
select r.as_of, a.key, r.kind, r.status, r.falls_on
from requirement_as_of r
join account a on a.account = r.account
"""
Found = dict[date, dict[tuple[str, str], Standing]]


def found(home: Path) -> tuple[Found, dict[tuple[int, date], int]]:
    """Return what the product's rules say of each week, and the tiers that they had to assume."""
    with compute(TODAY, home=home, fresh=True, weeks=len(days()), whole=True).session as session:
        rows, assumed = session.rows(STANDS).to_pylist(), session.rows(ASSUMED).to_pylist()
    stands: Found = {day: {} for day in days()}
    for row in rows:
        if row["as_of"] in stands:
            stands[row["as_of"]][row["key"], row["kind"]] = Standing(row["status"], row["falls_on"])
    return stands, {(row["account"], row["as_of"]): row["tier"] for row in assumed}


def differences(told: Found, world: Any, *, whole: bool) -> list[tuple[Any, ...]]:
    wrong = []
    for day in looked_at(whole=whole):
        expected = coverage_as_of(world, day)
        for name in sorted({*told[day], *expected}):
            if told[day].get(name) != expected.get(name):
                wrong.append((day, *name, told[day].get(name), expected.get(name)))
    return wrong


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("zone", "accounts"), [("UTC", 60), ("America/Los_Angeles", 40), ("Pacific/Auckland", 40)]
)
def test_coverage_of_104_weeks_equals_the_reference(
    tmp_path: Path, zone: str, accounts: int, whole: bool
) -> None:
    ensure_first(NOW - timedelta(days=900), but={"organization": {"time_zone": zone}})
    load(as_of=TODAY, now=NOW, accounts=accounts, csms=None, seed=5, users={})
    leave_unused()
    told, assumed = found(tmp_path)
    world = world_from_database(run_days=days(), assumed_tiers=assumed)

    statuses = Counter((kind, each.status) for week in told.values() for (_, kind), each in week.items())
    assert {status for _, status in statuses} == {"current", "expired", "missing", "not_yet_due"}
    assert {status for kind, status in statuses if kind == "silence_record"} >= {"current", "expired"}
    assert differences(told, world, whole=whole) == []
