"""The hours that a calibration reads: worked examples, and that later facts change none of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.as_of import answers, hold, hold_accounts
from tests.random_world import answer, as_known, company
from tests.site.test_as_of import rows_of, weeks
from tests.tables import world

from evenbook.capacity.rules import APART
from evenbook.frames.session import Session
from evenbook.site import registry
from evenbook.throughput.rules import APART as OF_WEEKS

DAY = "2026-03-09"
EFFORT = {
    "as_of": "DATE", "account": "BIGINT", "person": "BIGINT", "pool": "BIGINT", "tier": "BIGINT",
    "stage": "VARCHAR", "stakeholders": "BIGINT", "complexity": "BIGINT", "products": "BIGINT",
    "regulated": "BOOLEAN", "trajectory": "VARCHAR", "expansion": "VARCHAR", "dense_signals": "BOOLEAN",
    "falling_sentiment": "BOOLEAN", "dense_follow_ups": "BOOLEAN", "hours": "DOUBLE",
}  # fmt: skip
PEOPLE = (
    {"person": 7, "key": "ben", "is_person": True},
    {"person": 8, "key": "amara", "is_person": True},
    {"person": 9, "key": "crm", "is_person": False},
)


def did(text: str, **more: Any) -> dict[str, Any]:
    usual = {"account": 1, "person": 7, "kind": "call", "status": "completed", "minutes": 60.0}
    return {
        **usual,
        "customer_present": True,
        "contact": "c1",
        "happened_at": datetime.fromisoformat(text),
        **more,
    }


def logged(
    *done: dict[str, Any],
    started: str = "2020-01-01",
    timed: tuple[dict[str, Any], ...] = (),
    **numbers: Any,
) -> dict[str, Any]:
    with told(*done, started=started, numbers=numbers, timed=timed) as session:
        (row,) = answers(session, "logged_as_of")
    return row


def told(
    *done: dict[str, Any],
    started: str = "2020-01-01",
    numbers: dict[str, Any] | None = None,
    timed: tuple[dict[str, Any], ...] = (),
) -> Session:
    session = world([DAY], person=PEOPLE, interaction=done, time_entry=timed, numbers=numbers)
    hold_accounts(session, {"account": 1, "started_at": datetime.fromisoformat(started)})
    tags = {"tier": 2, "stage": "value", "stakeholders": 3, "person": 7, "hours": 2.4, "regulated": False}
    hold(session, "effort_as_of", [{"as_of": date.fromisoformat(DAY), "account": 1, **tags}], EFFORT)
    session.run_all(APART)
    return session


def test_an_hour_with_the_customer_brings_its_preparation_and_other_work_does_not():
    assert logged(did("2026-03-02T10:00:00"))["hours"] == pytest.approx(1.5)
    assert logged(did("2026-03-02T10:00:00", customer_present=False))["hours"] == pytest.approx(1.0)
    assert logged(did("2026-03-02T10:00:00"), calibration_preparation_share=0.0)["hours"] == pytest.approx(
        1.0
    )


@pytest.mark.parametrize(
    ("minutes", "hours"), [(100_000.0, 12.0), (480.0, 12.0), (0.0, None), (-30.0, None), (float("nan"), None)]
)
def test_absurd_minutes_count_as_a_day_and_minutes_that_are_none_log_nothing(minutes, hours):
    found = logged(did("2026-03-02T10:00:00", minutes=minutes))["hours"]
    assert found == (None if hours is None else pytest.approx(hours))


def entry(text: str, minutes: float = 60.0, **more: Any) -> dict[str, Any]:
    return {
        "account": 1,
        "person": 7,
        "minutes": minutes,
        "happened_at": datetime.fromisoformat(text),
        **more,
    }


def test_who_keeps_a_timesheet_is_read_from_it_alone_and_without_preparation():
    call, another = did("2026-03-02T10:00:00"), did("2026-03-03T10:00:00", person=8)
    assert logged(call, timed=(entry("2026-03-02"), entry("2026-03-04", 30.0)))["hours"] == pytest.approx(1.5)
    assert logged(call, timed=(entry("2026-03-02", person=8),))["hours"] == pytest.approx(2.5)
    assert logged(call, another, timed=(entry("2026-03-02", person=8),))["hours"] == pytest.approx(2.5)


def test_what_a_timesheet_leaves_out_is_unknown_where_there_was_contact_and_none_elsewhere():
    elsewhere = (entry("2026-03-02", account=2),)
    assert logged(did("2026-03-02T10:00:00"), timed=elsewhere)["hours"] is None
    assert logged(timed=elsewhere)["hours"] == 0


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(100_000.0, 8.0), (0.0, 1.5), (-30.0, 1.5), (float("nan"), 1.5), (float("inf"), 1.5)],
)
def test_absurd_entries_count_as_a_day_and_those_of_no_time_are_no_timesheet(minutes, hours):
    assert logged(did("2026-03-02T10:00:00"), timed=(entry("2026-03-02", minutes),))[
        "hours"
    ] == pytest.approx(hours)


@pytest.mark.parametrize(
    "left_out",
    [
        entry("2025-12-01"),
        entry("2026-03-10"),
        entry("2026-03-02", person=9),
        entry("2026-03-02", person=None),
        entry("2026-03-02", visible_at=datetime(2026, 3, 10)),
        entry("2026-03-02", hidden_at=datetime(2026, 3, 9)),
    ],
)
def test_entries_of_other_weeks_of_nobody_or_not_known_then_say_nothing(left_out: dict[str, Any]):
    assert logged(timed=(left_out,))["hours"] == 0


def test_contact_without_minutes_is_unknown_and_no_contact_is_none():
    assert logged(did("2026-03-02T10:00:00", minutes=None))["hours"] is None
    assert logged()["hours"] == 0


@pytest.mark.parametrize(
    "more",
    [
        {"status": "cancelled"},
        {"person": 9},
        {"person": None},
        {"happened_at": datetime(2026, 1, 12, 23, 59)},
        {"visible_at": datetime(2026, 3, 10)},
        {"hidden_at": datetime(2026, 3, 9, 12)},
    ],
)
def test_what_was_not_done_by_the_team_in_these_weeks_as_known_then_is_not_read(more):
    assert logged(did("2026-03-02T10:00:00", **more))["hours"] == 0


def test_an_account_that_started_within_the_weeks_has_fewer_of_them():
    assert logged(started="2020-01-01")["weeks"] == 8
    assert logged(started="2026-02-24")["weeks"] == pytest.approx(2)
    assert logged(started="2026-03-10")["weeks"] == 0


def test_what_calls_were_like_is_read_before_the_hours_and_never_within_them():
    before, within = "2026-01-05T10:00:00", "2026-03-02T10:00:00"
    found = logged(
        did(before, sentiment=0.2, action_items=3),
        did(before, sentiment=-0.4, action_items=1, contact="c2", minutes=30.0),
        did(within, sentiment=1.0, action_items=9, contact="c3"),
    )
    assert found["call_minutes"] == 90 and found["people"] == 2 and found["follow_ups"] == 2
    assert found["sentiment"] == pytest.approx(-0.1)
    assert logged(did(within))["call_minutes"] is None


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), cut=st.integers(20, 60))
def test_facts_that_come_later_never_change_what_a_calibration_reads(seed: int, cut: int):
    steps, tables = (*registry.steps(), *APART, *OF_WEEKS), company(seed)
    known = as_known(tables, weeks(cut, cut)[0])
    with (
        answer(known, weeks(4, cut), steps=steps) as early,
        answer(tables, weeks(4, cut + 9), steps=steps) as late,
    ):
        for table in ("logged_as_of", "fitted_week"):
            day = weeks(cut, cut)[0]
            assert rows_of(early, table, day, dated_by="as_of") == rows_of(late, table, day, dated_by="as_of")


def test_the_random_companies_reach_the_rules_of_a_calibration():
    steps = (*registry.steps(), *APART, *OF_WEEKS)
    seen = {"logged_as_of": 0, "fitted_week": 0}
    for seed in (1, 2, 5):
        with answer(company(seed), weeks(52, 70), steps=steps) as session:
            for table in seen:
                seen[table] += session.rows(f"select 1 from {table}").num_rows
    assert all(seen.values())
