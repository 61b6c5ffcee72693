"""Retention by closed cohort: the worked example, and the answers that are wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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


BRIDGE = ("expansion", "contraction", "churned", "new_logos", "returned")


def test_the_bridge_of_the_worked_example_leads_from_the_start_to_the_end():
    with retention(EXAMPLE, NOW) as session:
        steps = {name: value(session, name) for name in BRIDGE}

    expected = {"expansion": 30, "contraction": 50, "churned": 50, "new_logos": 80, "returned": 60}
    assert steps == {name: pytest.approx(cents / 350) for name, cents in expected.items()}
    assert 1 + (30 - 50 - 50) / 350 == pytest.approx(280 / 350)


def test_a_new_customer_of_yesterday_is_in_the_bridge():
    yesterday = moved(2, 70, day(DAY) - timedelta(days=1))
    with retention([moved(1, 100, BEFORE), yesterday], {1: 100, 2: 70}) as session:
        assert value(session, "new_logos") == pytest.approx(0.7)
        assert value(session, "nrr") == 1
        assert value(session, "revenue_per_customer") == 8500


def test_who_leaves_and_comes_back_within_the_window_is_neither_churn_nor_new():
    there = [moved(1, 100, BEFORE), moved(1, -100, AFTER, "churn"), moved(1, 90, AFTER + timedelta(days=30))]
    with retention(there, {1: 90}) as session:
        assert value(session, "contraction") == pytest.approx(0.1)
        assert [value(session, name) for name in ("churned", "new_logos", "returned")] == [0, 0, 0]


def test_what_one_product_loses_and_another_wins_is_one_figure_of_the_customer():
    products = [moved(1, 100, BEFORE), moved(1, -40, AFTER, "contraction"), moved(1, 50, AFTER, "expansion")]
    with retention(products, {1: 110}) as session:
        assert value(session, "expansion") == pytest.approx(0.1)
        assert value(session, "contraction") == 0
        assert value(session, "grr") == 1


def test_a_merger_with_the_parent_is_neither_churn_nor_new_where_the_policy_says_so():
    books = {2: {"parent": 1}}
    merged = [
        moved(1, 50, BEFORE),
        moved(2, 100, BEFORE),
        moved(2, -100, AFTER, "churn"),
        moved(1, 100, AFTER),
    ]
    numbers = {"measures_retention_parents": "parent"}
    with retention(merged, {1: 150, 2: 0}, books=books, numbers=numbers) as session:
        assert [value(session, name) for name in BRIDGE] == [0, 0, 0, 0, 0]
    with retention(merged, {1: 150, 2: 0}, books=books) as session:
        assert value(session, "churned") == pytest.approx(2 / 3)
        assert value(session, "expansion") == pytest.approx(2 / 3)


def due(account: int, on: datetime) -> dict[str, Any]:
    return {"account": account, "contract": f"c{account}", "renews_on": on.date(), "visible_at": BEFORE}


def test_the_renewal_rate_leaves_out_the_multi_year_contract_that_grr_counts_as_renewed():
    movements = [
        moved(1, 100, BEFORE),
        moved(2, 50, BEFORE),
        moved(3, 200, BEFORE),
        moved(2, -50, AFTER, "churn"),
    ]
    contracts = [due(1, AFTER), due(2, AFTER), due(3, day("2027-01-01"))]
    for basis, grr in (("all", 300 / 350), ("due", 100 / 150)):
        numbers = {"measures_retention_basis": basis}
        with retention(movements, {1: 100, 2: 0, 3: 200}, contract=contracts, numbers=numbers) as session:
            assert value(session, "renewal_rate") == pytest.approx(100 / 150)
            assert value(session, "grr") == pytest.approx(grr)
            assert value(session, "new_logos") == 0


def test_without_a_contract_on_record_there_is_no_renewal_rate():
    with retention(EXAMPLE, NOW) as session:
        assert value(session, "renewal_rate") is None


def test_the_loss_of_four_weeks_counts_only_those_four_weeks():
    end = day("2025-03-11")
    movements = [
        moved(1, 100, BEFORE),
        moved(1, -10, end - timedelta(days=29), "contraction"),
        moved(1, -9, end - timedelta(days=27), "contraction"),
        moved(1, 40, end - timedelta(days=20), "expansion"),
    ]
    with retention(movements, {1: 121}) as session:
        assert value(session, "month_loss") == pytest.approx(0.1)


def test_the_bridge_is_given_by_owner():
    people = [{"person": 7, "key": "amara", "name": "Amara", "team": "North"}]
    with retention(EXAMPLE, NOW, accounts={4: {"person": 7}, 2: {"person": 7}}, person=people) as session:
        assert value(session, "contraction", "amara") == pytest.approx(50 / 200)
        assert value(session, "new_logos", "amara") == pytest.approx(80 / 200)


# ------------------------------------------------------------------------ cohorts


def cohorts(session: Session, day_shown: str = DAY) -> dict[tuple[str, int], tuple[int, int, int, bool]]:
    rows = session.rows("select * from cohort_as_of order by quarter_on, age, account").to_pylist()
    assert {row["as_of"].isoformat() for row in rows} <= {day_shown}
    return {
        (f"a{row['account']} {row['quarter_on']}", row["age"]): (
            row["start_cents"] // 100, row["end_cents"] // 100, row["kept_cents"] // 100, row["stayed"],
        )
        for row in rows
    }  # fmt: skip


def test_a_cohort_is_followed_from_what_was_bought_first_by_ended_quarters():
    first = day("2024-05-10")
    movements = [
        moved(1, 100, first),
        moved(1, 50, day("2024-06-01"), "expansion"),
        moved(1, -90, day("2024-11-01"), "contraction"),
        moved(2, 80, first),
        moved(2, -80, day("2024-06-20"), "churn"),
        moved(3, 10, day("2025-02-01")),
    ]
    with retention(movements, {1: 60, 2: 0, 3: 10}) as session:
        assert cohorts(session) == {
            ("a1 2024-04-01", 0): (100, 150, 100, True),
            ("a1 2024-04-01", 1): (100, 150, 100, True),
            ("a1 2024-04-01", 2): (100, 60, 60, True),
            ("a2 2024-04-01", 0): (80, 0, 0, False),
            ("a2 2024-04-01", 1): (80, 0, 0, False),
            ("a2 2024-04-01", 2): (80, 0, 0, False),
        }


def test_a_customer_that_is_said_to_have_churned_pays_nothing_from_then_on():
    left = {1: {"active": False, "churned_at": day("2024-08-01"), "arr_cents": 0}}
    with retention([moved(1, 100, day("2024-05-10"))], {1: 0}, accounts=left) as session:
        assert [row[1] for row in cohorts(session).values()] == [100, 0, 0]


def test_cohorts_older_than_the_policy_keeps_are_left_out():
    numbers = {"measures_cohort_quarters": 2}
    movements = [moved(1, 100, day("2024-02-10")), moved(2, 100, day("2024-08-10"))]
    with retention(movements, {1: 100, 2: 100}, numbers=numbers) as session:
        assert list(cohorts(session)) == [("a2 2024-07-01", 0), ("a2 2024-07-01", 1)]


later = st.lists(
    st.tuples(st.integers(1, 4), st.integers(-80, 120), st.integers(-600, 30), st.integers(1, 30)), max_size=6
)


@settings(max_examples=25, deadline=None)
@given(
    known=st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 120), st.integers(5, 700)), min_size=1, max_size=8
    ),
    late=later,
)
def test_facts_that_become_known_later_change_no_cohort_and_no_step(known, late):  # type: ignore[no-untyped-def]
    end = day("2025-03-11")
    facts = [moved(account, change, end - timedelta(days=ago)) for account, change, ago in known]
    added = [
        moved(account, change, end + timedelta(days=on), "expansion", visible_at=end + timedelta(days=at))
        for account, change, on, at in late
    ]
    now = dict.fromkeys(range(1, 5), 0)
    for account, change, _ in known:
        now[account] += change
    with retention(facts, now) as before, retention([*facts, *added], now) as after:
        for table in ("cohort_as_of", *BRIDGE, "renewal_rate", "month_loss"):
            asked = f"select * from {table} order by all"
            assert before.rows(asked).to_pylist() == after.rows(asked).to_pylist()
