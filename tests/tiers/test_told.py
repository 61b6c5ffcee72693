"""What is said of a move, of what hinders it, and of what is done with the customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from evenbook.tiers.numbers.moves import MovesNumbers, PlanStep
from evenbook.tiers.rules.plan import Moving, planned
from evenbook.tiers.rules.told import Found, Hindrance, Words, figures, hindered, reasons, waits_for

WORDS = Words("EUR", {1: "Strategic", 2: "Growth", 3: "Scale", 4: "Digital"}, 0.1, 12)
UP = Found("up", 3, 2, ("arr",), 4_000_000, 3_000_000, date(2025, 5, 5), 0, 0, None, None)
DOWN = Found("down", 2, 3, ("arr",), 1_000_000, 3_000_000, date(2025, 3, 3), 0, 0, 2, None)
TODAY = date(2025, 6, 2)
MOVING = Moving("Ivy {day} Ltd", "down", "tier 2 Growth", "tier 3 Scale", date(2025, 6, 16), {"owner": "Ana"})


def test_a_rise_is_told_with_its_border_and_since_when():
    assert reasons(UP, WORDS) == (
        "ARR of 40,000 EUR has been above the border of tier 2 Growth (30,000 EUR now) by 10% or more "
        "since 5 May 2025.",
    )


def test_a_fall_is_told_with_how_quiet_and_simple_the_account_is():
    assert reasons(DOWN, WORDS) == (
        "ARR of 10,000 EUR has been below the border of tier 2 Growth (30,000 EUR now) by more than 10% "
        "since 3 Mar 2025.",
        "Neither red nor yellow in the last 12 weeks; complexity 2 of 5.",
    )
    told = reasons(replace(DOWN, unsettled_on=date(2025, 5, 1), complexity=None), WORDS)
    assert told[1] == "Last red or yellow on 1 May 2025; no complexity set."


def test_a_mark_and_an_expansion_are_told():
    found = replace(UP, grounds=("strategic", "expansion"), expansions=2, expansion_cents=500_000)
    assert reasons(found, WORDS) == (
        "It is marked as strategic, and that counts as tier 1.",
        "With 2 open expansions of 5,000 EUR its ARR would be 45,000 EUR, past the border of tier 2 Growth.",
    )
    assert [each["name"] for each in figures(found)] == ["ARR", "Border", "Open expansions"]


def test_a_move_waits_until_the_last_of_its_hindrances_ends():
    given = [
        Hindrance("unsettled", date(2025, 5, 1), date(2025, 7, 24)),
        Hindrance("contraction", date(2025, 5, 20), date(2025, 8, 18)),
    ]
    ordered, until = hindered(given)
    assert until == date(2025, 8, 18)
    assert waits_for([each.said for each in ordered], until) == (
        "Its revenue was cut on 20 May 2025: until 18 Aug 2025; it was red or yellow on 1 May 2025: "
        "until 24 Jul 2025. It may move from 18 Aug 2025."
    )


def test_a_hindrance_without_an_end_leaves_the_day_open():
    ordered, until = hindered([Hindrance("escalation_open", TODAY, None), Hindrance("young", TODAY, TODAY)])
    assert until is None
    assert waits_for([each.said for each in ordered], until).startswith(
        "An escalation is open since 2 Jun 2025;"
    )


def test_the_plan_names_account_tiers_and_day_and_is_never_due_before_today():
    steps = planned(MOVING, MovesNumbers(), today=TODAY)
    assert [each.due_on for each in steps] == [
        date(2025, 6, 6),
        date(2025, 6, 9),
        date(2025, 6, 16),
        date(2025, 7, 16),
    ]
    assert steps[1].says.startswith("Tell Ivy {day} Ltd what stays the same from 16 June 2025 on")
    assert [each.owner for each in steps] == ["Ana", "Ana", "", ""]
    late = planned(replace(MOVING, effective_on=TODAY), MovesNumbers(), today=TODAY)
    assert {each.due_on for each in late[:3]} == {TODAY}


def test_a_step_that_names_something_else_is_refused():
    step = PlanStep(direction="up", step=1, says="Tell {customer}", owner="owner", days=0)
    with pytest.raises(ValidationError):
        MovesNumbers(plan=(step,))
