"""The weekly run on the sample company: as of a day, repeatable, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from conftest import PROOFS
from evenbook.book.models import AccountValue, RevenueMovement
from evenbook.frames.actions import note_write
from evenbook.hotsheet import actions as hotsheet
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact, Interaction, Ticket, UsageWeek
from evenbook.runs.models import Run
from evenbook.site import registry
from evenbook.site.copying.backup import back_up
from evenbook.site.copying.restore import restore
from evenbook.site.jobs import run_week
from evenbook.site.weekly import Computed, compute
from evenbook.sources.sample.actions import load
from evenbook.states.models import Standing

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
INPUTS = {"usage_taken", "working_day"}
"""What a run took in, which depends on where it went on from, and the days ahead of its last one."""

A_FEW = 7 if PROOFS else 10
"""Weeks of a history that are taken at once: fewer than those that pages chart."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=TODAY, now=NOW, accounts=60, csms=None, seed=5, users={})
    yield tmp_path


def answers(computed: Computed, day: date, *, dated: bool = False) -> dict[str, list[str]]:
    """Return the rows of a day, of every table; ``dated``: of those alone that say of which day a row is."""
    found = {}
    for step in registry.steps():
        for name in (step.writes, *step.also):
            columns = computed.session.columns(name)
            where = next((one for one in ("as_of", "happened_on") if one in columns), None)
            if dated and not where:
                continue
            only = f" where {where} = date '{day}'" if where else ""
            found[name] = sorted(map(repr, computed.session.rows(f"select * from {name}{only}").to_pylist()))
    return {name: rows for name, rows in found.items() if name not in INPUTS}


def differing(first: dict[str, list[str]], second: dict[str, list[str]]) -> list[str]:
    return [name for name in first if first[name] != second[name]]


@pytest.mark.proof
def test_a_history_taken_a_week_or_a_few_at_a_time_gives_the_answers_of_one_taken_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_week(TODAY - timedelta(weeks=1), by=SYSTEM, home=home, store=True)
    at_once = answers(compute(TODAY, home=home, fresh=True), TODAY, dated=True)
    monkeypatch.setattr("evenbook.site.weekly.SMALL_ROWS", 0)
    onward, whole = compute(TODAY, home=home), compute(TODAY, home=home, fresh=True)
    assert (onward.went_on, whole.went_on) == (True, False)
    right = answers(whole, TODAY)
    assert differing(answers(onward, TODAY), right) == []
    assert differing(at_once, answers(whole, TODAY, dated=True)) == [] and len(at_once) > 40
    monkeypatch.setattr("evenbook.site.weekly.part_rows", lambda: 60 * A_FEW)
    small = compute(TODAY, home=home, fresh=True)
    assert differing(answers(small, TODAY), right) == []


def test_usage_that_is_told_months_late_is_let_in_whatever_the_parts(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = UsageWeek.objects.filter(week_on=TODAY - timedelta(weeks=11)).first()
    late = UsageWeek(
        account_id=told.account_id, week_on=told.week_on, measure=told.measure, source=told.source
    )
    late.value, late.known_at = told.value + 400, NOW - timedelta(days=2)
    late.save()
    note_write("records_usageweek", 1, earliest_at=late.known_at, now=NOW)

    monkeypatch.setattr("evenbook.site.weekly.SMALL_ROWS", 0)
    parts, whole = (compute(TODAY, home=home, fresh=True, whole=whole) for whole in (False, True))
    assert differing(answers(parts, TODAY), answers(whole, TODAY)) == []


def later_facts(account: Any, when: datetime) -> list[Any]:
    common = {"source": "later", "known_at": when, "happened_at": when, "account": account}
    versioned = {**common, "external_id": "x", "fingerprint": "x"}
    return [
        AccountValue(**common, name="tier", value="4"),
        AccountValue(**common, name="status", value="churned"),
        RevenueMovement(**common, kind="churn", change_cents=-(10**9), currency="USD"),
        Interaction(**versioned, kind="call", status="completed", minutes=60, customer_present=True),
        Ticket(**versioned, escalated_at=when),
        Artifact(**versioned, kind="check_in_note"),
    ]


def test_a_past_day_has_the_same_answers_only_looked_at_and_whatever_came_later(home: Path) -> None:
    day = TODAY - timedelta(days=60)
    looked_at, whole = compute(day, home=home, weeks=1), compute(day, home=home)
    assert (len(looked_at.days), len(whole.days)) == (1, 13)
    before = answers(whole, day)
    assert differing(answers(looked_at, day), before) == []
    account = Standing._meta.get_field("account").related_model.objects.order_by("pk").first()
    after = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    known_late = after + timedelta(days=3)
    for fact in later_facts(account, after):
        fact.save()
    for fact in later_facts(account, after - timedelta(days=30)):
        fact.known_at = known_late
        fact.save()
    for week in (4, 5):
        UsageWeek.objects.create(
            account=account,
            week_on=day - timedelta(days=day.weekday(), weeks=week),
            measure="active_users",
            value=9999,
            known_at=known_late,
            source="product",
        )
    for table in {fact._meta.db_table for fact in later_facts(account, after)} | {"records_usageweek"}:
        note_write(table, 1, earliest_at=after, now=NOW)
    assert differing(before, answers(compute(day, home=home), day)) == []


def stored(run: int) -> dict[str, list[Any]]:
    found = {}
    for related in Run._meta.related_objects:
        rows = related.related_model.objects.filter(**{related.field.name: run})
        names = [
            field.attname
            for field in related.related_model._meta.fields
            if field.attname not in {"id", "run_id"}
        ]
        found[related.related_model._meta.db_table] = sorted(map(repr, rows.values_list(*names)))
    found.pop("runs_run", None)
    return found


def test_a_repeated_run_gives_identical_rows_and_a_restated_one_stands_beside(home: Path) -> None:
    first = run_week(TODAY, by=SYSTEM, home=home, store=True)
    again = run_week(TODAY, by=SYSTEM, home=home, store=True, fresh=True)
    assert again.run == first.run
    assert Run.objects.count() == 1
    beside = run_week(TODAY, by=SYSTEM, home=home, store=True, restate=True)
    assert first.run is not None and beside.run is not None
    assert stored(first.run) == stored(beside.run)
    assert list(Run.objects.order_by("pk").values_list("is_current", "restates")) == [
        (False, None),
        (True, first.run),
    ]


def test_a_day_that_is_only_looked_at_stores_nothing(home: Path) -> None:
    outcome = run_week(TODAY - timedelta(days=90), by=SYSTEM, home=home, store=False)
    assert outcome.run is None
    assert outcome.document["csms"]
    assert not Run.objects.exists()


def test_a_run_that_fails_half_way_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_week(TODAY - timedelta(weeks=1), by=SYSTEM, home=home, store=True)
    kept = stored(int(first.run or 0))

    def fail(*_: Any, **__: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(hotsheet, "store", fail)
    with pytest.raises(OSError, match="disk full"):
        run_week(TODAY, by=SYSTEM, home=home, store=True)
    assert list(Run.objects.values_list("pk", flat=True)) == [first.run]
    assert stored(int(first.run or 0)) == kept


def test_an_empty_instance_has_an_empty_week(tmp_path: Path) -> None:
    ensure_first(NOW)
    document = run_week(TODAY, by=SYSTEM, home=tmp_path, store=True).document
    assert document["csms"] == document["hotsheet"] == []
    assert document["retention"] == {"nrr": None, "grr": None, "logo": None}
    assert document["coverage"] == {"accounts": 0, "covered": 0, "by_tier": {}}


def test_a_backup_restored_into_an_empty_instance_has_the_same_week(home: Path) -> None:
    first = run_week(TODAY, by=SYSTEM, home=home, store=True)
    kept, there = stored(first.run or 0), home / "there"
    settings = connection.settings_dict
    back_up(home / "it.zip", database=settings, home=home, organization="", now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    there.mkdir()
    restore(home / "it.zip", connection=connection, home=there)

    again = run_week(TODAY, by=SYSTEM, home=there, store=True, fresh=True)
    assert (
        again.says == "Nothing has changed since the day was last run." and again.document == first.document
    )
    beside = run_week(TODAY, by=SYSTEM, home=there, store=True, restate=True)
    assert stored(beside.run or 0) == kept
