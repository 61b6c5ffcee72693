"""Retention by closed cohort: the worked example, and the answers that are wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.as_of import hold_accounts
from tests.tables import day, world

from evenbook.frames.session import Session
from evenbook.measures.rules import STEPS

DAY = "2025-03-10"
START = day("2025-03-11") - timedelta(weeks=52)
BEFORE, AFTER = START - timedelta(days=30), START + timedelta(days=60)


def moved(account: int, change: int, on: datetime, kind: str = "new", **more: Any) -> dict[str, Any]:
    return {"account": account, "kind": kind, "change_cents": change * 100, "happened_at": on, **more}


EXAMPLE = [
    moved(1, 100, BEFORE),
    moved(1, 30, AFTER, "expansion"),
    moved(2, 200, BEFORE),
    moved(2, -50, AFTER, "contraction"),
    moved(3, 50, BEFORE),
    moved(3, -50, AFTER, "churn"),
    moved(4, 50, AFTER),
    moved(4, 30, AFTER + timedelta(days=30), "expansion"),
    moved(5, 40, BEFORE - timedelta(days=200)),
    moved(5, -40, BEFORE - timedelta(days=100), "churn"),
    moved(5, 60, AFTER),
]
"""A 100 to 130, B 200 to 150, C 50 to 0, D 0 to 80 (new), E 0 to 60 (left and came back)."""

NOW = {1: 130, 2: 150, 3: 0, 4: 80, 5: 60}


def retention(
    movements: list[dict[str, Any]],
    now: dict[int, int],
    *,
    accounts: dict[int, dict[str, Any]] | None = None,
    books: dict[int, dict[str, Any]] | None = None,
    numbers: dict[str, Any] | None = None,
    **more: Any,
) -> Session:
    rows = [{"account": n, "key": f"a{n}", **(books or {}).get(n, {})} for n in now]
    session = world([DAY], numbers=numbers, movement=movements, account=rows, **more)
    hold_accounts(
        session,
        *(
            {"account": n, "arr_cents": amount * 100, "active": amount > 0, **(accounts or {}).get(n, {})}
            for n, amount in now.items()
        ),
    )
    session.run_all(STEPS)
    return session


def value(session: Session, measure: str, subject: str = "all") -> float | None:
    rows = session.rows(f"select value from {measure} where subject = '{subject}'").to_pylist()
    return rows[0]["value"] if rows else None


def test_the_worked_example_gives_80_71_and_67_percent():
    with retention(EXAMPLE, NOW) as session:
        assert value(session, "nrr") == pytest.approx(280 / 350)
        assert value(session, "grr") == pytest.approx(250 / 350)
        assert value(session, "logo") == pytest.approx(2 / 3)


def test_new_and_returned_customers_are_not_counted_as_growth():
    with retention(EXAMPLE, NOW) as session:
        assert value(session, "nrr") != pytest.approx(1.20)


def test_the_lazy_form_is_shown_as_what_it_is():
    with retention(EXAMPLE, NOW) as session:
        assert value(session, "nrr_lazy") == pytest.approx(310 / 350)
        assert value(session, "nrr") != value(session, "nrr_lazy")


def test_growth_of_one_customer_never_hides_the_loss_of_another():
    movements = [moved(1, 100, BEFORE), moved(2, 100, BEFORE), moved(1, 100, AFTER, "expansion")]
    with retention([*movements, moved(2, -60, AFTER, "contraction")], {1: 200, 2: 40}) as session:
        assert value(session, "grr") == pytest.approx(0.7)
        assert value(session, "nrr") == pytest.approx(1.2)


def test_less_than_52_weeks_of_history_gives_no_value():
    with retention([moved(1, 100, AFTER)], {1: 100}) as session:
        assert value(session, "nrr") is None
        assert value(session, "grr") is None
        assert value(session, "logo") is None


def test_revenue_on_the_very_first_instant_of_the_window_is_not_in_the_cohort():
    late = moved(1, 100, START)
    early = moved(1, 100, START - timedelta(microseconds=1))
    with retention([late], {1: 100}) as session:
        assert value(session, "nrr") is None
    with retention([early], {1: 100}) as session:
        assert value(session, "nrr") == 1


def test_a_late_report_of_old_revenue_counts_once_it_is_known():
    known = moved(1, 100, BEFORE, visible_at=day(DAY))
    unknown = moved(1, 100, BEFORE, visible_at=day("2025-03-11"))
    with retention([known], {1: 100}) as session:
        assert value(session, "nrr") == 1
    with retention([unknown], {1: 100}) as session:
        assert value(session, "nrr") is None


def test_a_customer_that_had_churned_before_the_window_is_not_in_the_cohort():
    left = {1: {"active": False, "churned_at": BEFORE, "arr_cents": 0}}
    with retention([moved(1, 100, BEFORE)], {1: 0}, accounts=left) as session:
        assert value(session, "logo") is None


def test_retention_is_given_by_owner_tier_and_segment_as_they_are_at_the_end():
    people = [{"person": 7, "key": "amara", "name": "Amara", "team": "North"}]
    accounts = {1: {"person": 7, "tier": 1, "segment": "Enterprise"}, 2: {"tier": 2}}
    with retention(EXAMPLE, NOW, accounts=accounts, person=people) as session:
        assert value(session, "nrr", "amara") == pytest.approx(1.3)
        assert value(session, "nrr", "North") == pytest.approx(1.3)
        assert value(session, "nrr", "1") == pytest.approx(1.3)
        assert value(session, "nrr", "2") == pytest.approx(0.75)
        assert value(session, "nrr", "Enterprise") == pytest.approx(1.3)


def test_subsidiaries_count_with_the_parent_that_pays_where_the_policy_says_so():
    books = {2: {"parent": 1}, 3: {"parent": 2}}
    moved_over = [moved(2, 100, BEFORE), moved(2, -100, AFTER, "churn"), moved(3, 100, AFTER)]
    numbers = {"measures_retention_parents": "parent"}
    with retention(moved_over, {1: 0, 2: 0, 3: 100}, books=books) as session:
        assert value(session, "nrr") == 0
    with retention(moved_over, {1: 0, 2: 0, 3: 100}, books=books, numbers=numbers) as session:
        assert value(session, "nrr") == 1
        assert value(session, "logo") == 1


def test_a_circle_of_parents_ends():
    books = {1: {"parent": 2}, 2: {"parent": 1}}
    numbers = {"measures_retention_parents": "parent"}
    with retention([moved(1, 100, BEFORE)], {1: 100, 2: 0}, books=books, numbers=numbers) as session:
        assert value(session, "nrr") == 1


def test_on_revenue_that_came_due_the_multi_year_customer_is_left_out():
    bought = [moved(1, 100, BEFORE), moved(2, 50, BEFORE), moved(3, 200, BEFORE)]
    movements = [*bought, moved(2, -50, AFTER, "churn")]
    contracts = [
        {"account": 1, "contract": "c1", "renews_on": AFTER.date(), "visible_at": BEFORE},
        {"account": 2, "contract": "c2", "renews_on": AFTER.date(), "visible_at": BEFORE},
        {"account": 3, "contract": "c3", "renews_on": day("2027-01-01").date(), "visible_at": BEFORE},
    ]
    now = {1: 100, 2: 0, 3: 200}
    with retention(movements, now, contract=contracts) as session:
        assert value(session, "grr") == pytest.approx(300 / 350)
    with retention(
        movements, now, contract=contracts, numbers={"measures_retention_basis": "due"}
    ) as session:
        assert value(session, "grr") == pytest.approx(100 / 150)
