"""The coverage of any past day, worked out for the page and let go again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Requirement
from evenbook.closures.queries.matrix import Matrix, matrix
from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run
from evenbook.runs.queries import week
from evenbook.site.jobs import run_week
from evenbook.site.past import coverage_of
from evenbook.site.replay import week_of
from evenbook.sources.sample.actions import load

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(settings: Any) -> datetime:
    """Make a sample company with a stored week of today, and return the present."""
    present = datetime.now(UTC)
    ensure_first(present - timedelta(days=900))
    load(as_of=present.date(), now=present, accounts=40, csms=None, seed=5, users={})
    run_week(present.date(), by=SYSTEM, home=settings.EVENBOOK_HOME, store=True)
    return present


def covered(day: date) -> Matrix:
    """Return the whole matrix of a day through the queries of the page."""
    shown = week(SYSTEM, day.isoformat())
    assert shown is not None and shown.run.as_of == day
    return matrix(SYSTEM, shown, asked={}, sort="gaps", descending=True)


def said(found: Matrix) -> list[tuple[Any, ...]]:
    """Return what the page shows of a matrix, row by row."""
    return [
        (each.row.key, each.row.owner_name, each.row.tier, each.row.region, each.row.arr_cents,
         each.row.renews_on, [(need.kind, need.status, need.on) for need in each.needs if need])
        for each in found.rows
    ]  # fmt: skip


def test_coverage_answers_for_a_day_that_was_never_run_as_its_whole_week_would_have(now, settings) -> None:
    leader = add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=now)
    client = Client()
    client.force_login(leader)
    past = now.date() - timedelta(days=100)
    kept = AccountWeek.objects.count(), Requirement.objects.count()
    page = client.get("/coverage", {"as_of": past.isoformat()})

    assert page.status_code == 200 and page.context["week"].run.as_of == past
    assert Run.objects.count() == 1
    assert (AccountWeek.objects.count(), Requirement.objects.count()) == kept
    assert client.get("/coverage", {"as_of": "not a day"}).context["week"].run.as_of == now.date()
    home = Path(settings.EVENBOOK_HOME)
    for back in (5, 300):
        day = now.date() - timedelta(days=back)
        with coverage_of(SYSTEM, day, now=now, home=home):
            alone = covered(day)
        with week_of(SYSTEM, day, today=now.date(), now=now, home=home):
            whole = covered(day)

        assert said(alone) == said(whole) and alone.share == whole.share and alone.counts == whole.counts
        assert alone.rows, "an empty matrix would prove nothing"

    Requirement.objects.update(status="missing")
    today = client.get("/coverage", {"as_of": now.date().isoformat()})
    assert today.context["matrix"].share.covered == 0, "a stored day is read as it was stored"
