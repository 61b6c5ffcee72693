"""What is said of retention: worked examples of the bridge, the wrong figures, a customer's worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evenbook.measures.rules.retention import (
    Bridge,
    CohortCell,
    Given,
    Pair,
    lifetime,
    mean_ratio,
    pairs,
    quarter_name,
    triangle,
)

EXAMPLE = Bridge(
    start=350, expansion=30, contraction=50, churned=50, new=80, returned=60, total=420, customers=3, stayed=2,
    paying=4,
)  # fmt: skip
"""A 100 to 130, B 200 to 150, C 50 to 0, D new with 80, E back with 60."""

GIVEN = Given(
    mean_ratio=(1.3 + 0.75 + 0) / 3, flow=310 / 350, month_loss=0.05, renewal_rate=100 / 150, basis="all"
)


def by_key(bridge: Bridge = EXAMPLE, given: Given = GIVEN) -> dict[str, Pair]:
    return {each.key: each for each in pairs(bridge, given)}


def test_the_bridge_ends_where_the_cohort_ends_and_gives_both_figures():
    assert EXAMPLE.end == 280 and EXAMPLE.elsewhere == 0
    assert EXAMPLE.nrr == pytest.approx(0.8) and EXAMPLE.grr == pytest.approx(250 / 350)


def test_each_wrong_figure_stands_beside_the_right_one():
    found = {key: (each.lazy, each.right, each.measure) for key, each in by_key().items()}

    assert found == {
        "with_new": (pytest.approx(420 / 350), pytest.approx(0.8), "nrr"),
        "flow": (pytest.approx(310 / 350), pytest.approx(0.8), "nrr"),
        "mean_ratio": (pytest.approx(2.05 / 3), pytest.approx(0.8), "nrr"),
        "cap_on_total": (pytest.approx(0.8), pytest.approx(250 / 350), "grr"),
        "month_times_13": (pytest.approx(0.35), pytest.approx(250 / 350), "grr"),
        "multi_year": (pytest.approx(250 / 350), pytest.approx(100 / 150), "renewal_rate"),
        "ending_base": (pytest.approx(0.75), pytest.approx(2 / 3), "logo"),
    }
    assert all(each.why.endswith(".") for each in by_key().values())


def test_a_wrong_way_that_gives_the_same_is_not_listed():
    level = Bridge(100, 0, 0, 0, 0, 0, 100, 2, 2, 2)
    assert pairs(level, Given(1.0, 1.0, 0.0, 1.0, "all")) == ()


def test_on_revenue_that_came_due_grr_is_the_renewal_rate_already():
    assert "multi_year" not in by_key(given=replace(GIVEN, basis="due"))


def test_what_is_not_known_is_not_compared():
    assert set(by_key(given=Given(None, None, None, None, "all"))) == {
        "with_new",
        "cap_on_total",
        "ending_base",
    }


def test_nothing_at_the_start_gives_no_value_and_no_comparison():
    empty = Bridge(0, 0, 0, 0, 80, 0, 80, 0, 0, 1)
    assert empty.nrr is None and empty.grr is None and pairs(empty, GIVEN) == ()


def test_a_customer_is_worth_its_margin_over_the_years_it_stays():
    found = lifetime(10_000, 0.8, margin=0.75, most_years=50)
    assert found is not None and found.value == pytest.approx(37_500)
    assert found.years == pytest.approx(5) and not found.is_capped


def test_where_nobody_leaves_the_years_are_those_of_policy_and_said_to_be():
    for logo in (1.0, 0.9):
        found = lifetime(10_000, logo, margin=0.5, most_years=5)
        assert found is not None and (found.years, found.is_capped, found.value) == (5, True, 25_000)


def test_a_worth_needs_both_revenue_and_churn():
    assert lifetime(None, 0.9, margin=0.5, most_years=5) is None
    assert lifetime(10_000, None, margin=0.5, most_years=5) is None


def test_the_mean_of_ratios_counts_only_who_paid_at_the_start():
    assert mean_ratio([130, 150, 0, 80], [100, 200, 50, 0]) == pytest.approx(2.05 / 3)
    assert mean_ratio([], []) is None


def cell(quarter: date, age: int, *, start: float = 100, customers: int = 4) -> CohortCell:
    return CohortCell(quarter, age, date(2025, 3, 31), customers, 3, start, 80, 120)


def test_cohorts_stand_by_quarter_and_age():
    old, new = date(2024, 1, 1), date(2024, 4, 1)
    found = triangle([cell(new, 0), cell(old, 1), cell(old, 0)])

    assert [[(each.quarter_on, each.age) for each in row] for row in found] == [
        [(old, 0), (old, 1)],
        [(new, 0)],
    ]
    assert cell(old, 0).shares == {"revenue": 0.8, "net": 1.2, "customers": 0.75}
    assert cell(old, 0, start=0, customers=0).shares == {"revenue": None, "net": None, "customers": None}
    assert quarter_name(old) == "2024 Q1" and quarter_name(date(2025, 12, 31)) == "2025 Q4"
