"""Work of a week against what a person can hold well, and how their calls fare."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.as_of import answers, hold, hold_accounts
from tests.tables import day, world

from evenbook.capacity.rules import STEPS as CAPACITY
from evenbook.frames.session import Session
from evenbook.throughput.rules import STEPS

DAY = "2025-03-09"
"""A Sunday: its week began on Monday, 3 March."""

RULES = {step.writes: step for step in (*CAPACITY, *STEPS)}
TIERS = {"as_of": "DATE", "account": "BIGINT", "tier": "BIGINT", "assumed": "BOOLEAN"}
EFFORT = {
    "as_of": "DATE",
    "account": "BIGINT",
    "person": "BIGINT",
    "pool": "BIGINT",
    "tier": "BIGINT",
    "works": "BOOLEAN",
    "hours": "DOUBLE",
}
CONDITIONS = {
    "as_of": "DATE", "account": "BIGINT", "sentiment_before": "DOUBLE", "sentiment_now": "DOUBLE",
}  # fmt: skip
AMARA, BEN = 7, 8


def person(number: int, key: str, **more: Any) -> dict[str, Any]:
    usual = {"role": "csm", "team": "North", "is_person": True, "working_share": 1.0, "region": ""}
    return {"person": number, "key": key, "name": key.title(), **usual, **more}


def call(text: str, person: int = AMARA, **more: Any) -> dict[str, Any]:
    usual = {"account": 1, "kind": "call", "status": "completed", "minutes": 30.0, "customer_present": True}
    return {**usual, "person": person, "happened_at": datetime.fromisoformat(text), **more}


def week(
    *calls: dict[str, Any],
    people: tuple[dict[str, Any], ...] = (person(AMARA, "amara"),),
    effort: tuple[dict[str, Any], ...] = ({"account": 1, "person": AMARA, "tier": 1, "hours": 8.0},),
    accounts: tuple[dict[str, Any], ...] = ({"account": 1, "person": AMARA, "segment": "large"},),
    numbers: dict[str, Any] | None = None,
    **tables: Any,
) -> Session:
    session = world([DAY], person=people, interaction=calls, numbers=numbers, **tables)
    as_of = {"as_of": date.fromisoformat(DAY)}
    hold_accounts(session, *accounts)
    hold(session, "tier_as_of", [{**as_of, "account": 1, "tier": 1}], TIERS)
    for table in ("effort_as_of", "effort_part_as_of"):
        hold(session, table, [{**as_of, "works": True, **row} for row in effort], EFFORT)
    hold(session, "condition_as_of", [], CONDITIONS)
    names = ("capacity_as_of", "carried_as_of", "held", "held_as_of", "ceiling_as_of")
    measures = ("strategic", "ceiling", "present", "energy", "sentiment", "follow_ups", "quality")
    session.run_all(RULES[name] for name in (*names, *measures))
    return session


def figure(session: Session, measure: str, subject: str = "amara") -> tuple[float | None, int] | None:
    rows = session.rows(f"select value, count from {measure} where subject = '{subject}'").to_pylist()
    return (rows[0]["value"], rows[0]["count"]) if rows else None


def test_what_is_held_in_the_week_counts_against_the_ceiling_of_the_tier_that_takes_most_hours():
    with week(call("2025-03-03T09:00:00"), call("2025-03-09T23:59:59")) as session:
        assert figure(session, "ceiling") == (12, 0)
        assert figure(session, "strategic") == (pytest.approx(2 / 12), 2)
        assert figure(session, "strategic", "North") == (pytest.approx(2 / 12), 2)


def test_a_call_before_the_seven_days_is_of_another_week():
    with week(call("2025-03-02T23:59:59"), call("2025-03-10T00:00:00")) as session:
        assert figure(session, "strategic") == (0, 0)


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"minutes": 15.0}, 1),
        ({"minutes": 14.0}, 0),
        ({"minutes": None}, 0),
        ({"customer_present": False}, 0),
        ({"status": "cancelled"}, 0),
        ({"status": "no_show"}, 0),
        ({"kind": "internal"}, 0),
        ({"kind": "mail"}, 0),
        ({"kind": "escalation"}, 1),
        ({"kind": "onboarding"}, 1),
        ({"kind": "unheard of"}, 0),
        ({"hidden_at": datetime(2025, 3, 9, 12)}, 0),
        ({"hidden_at": datetime(2025, 3, 10)}, 1),
        ({"visible_at": datetime(2025, 3, 9, 23)}, 1),
    ],
)
def test_only_what_was_held_with_the_customer_for_long_enough_is_strategic(more, counts):
    with week(call("2025-03-05T09:00:00", **more)) as session:
        assert figure(session, "strategic") == (pytest.approx(counts / 12), counts)


def test_the_figure_is_of_whoever_held_the_call_not_of_the_owner():
    team = (person(AMARA, "amara"), person(BEN, "ben"))
    effort = (
        {"account": 1, "person": AMARA, "tier": 1, "hours": 8.0},
        {"account": 2, "person": BEN, "tier": 2, "hours": 1.0},
    )
    with week(call("2025-03-05T09:00:00", BEN), people=team, effort=effort) as session:
        assert figure(session, "strategic", "ben") == (1 / 16, 1)
        assert figure(session, "strategic", "amara") == (0, 0)
        assert figure(session, "strategic", "all") == (pytest.approx(1 / 28), 1)


def test_a_role_that_is_listed_has_its_own_ceiling_in_ramp_and_by_working_share():
    half = person(AMARA, "amara", role="digital", working_share=0.6, started_on=date(2025, 2, 1))
    with week(people=(half,)) as session:
        assert figure(session, "ceiling") == (pytest.approx(25 * 0.5 * 0.6), 0)


@pytest.mark.parametrize(("first_on", "told", "ceiling"), [
    ("2025-03-09", "2025-03-01", 25), ("2025-03-10", "2025-03-01", 16), ("2025-03-01", "2025-03-10", 16),
])  # fmt: skip
def test_the_ceiling_is_that_of_the_role_on_the_day_as_it_was_known_then(first_on, told, ceiling):
    roles = [
        {
            "person": AMARA,
            "role": "mid_market",
            "first_on": date(1970, 1, 1),
            "visible_at": day("2024-01-01"),
        },
        {
            "person": AMARA,
            "role": "digital",
            "first_on": date.fromisoformat(first_on),
            "visible_at": day(told),
        },
    ]
    with week(people=(person(AMARA, "amara", role="digital"),), person_role=roles) as session:
        assert figure(session, "ceiling") == (ceiling, 0)


@pytest.mark.parametrize(
    ("more", "ceiling"),
    [
        ({}, 9),
        ({"last_on": date(2025, 3, 8)}, 12),
        ({"first_on": date(2025, 3, 10)}, 12),
        ({"visible_at": day("2025-03-10")}, 12),
        ({"hidden_at": day("2025-03-09")}, 12),
        ({"hidden_at": day("2025-03-10")}, 9),
    ],
)
def test_a_ceiling_of_their_own_holds_in_its_days_as_it_was_known(more, ceiling):
    own = {"person": AMARA, "first_on": date(2025, 3, 1), "a_week": 9.0, **more}
    with week(own_ceiling=[own]) as session:
        assert figure(session, "ceiling") == (ceiling, 0)


def test_of_two_ceilings_of_their_own_the_later_holds_and_ramp_and_share_do_not_cut_it():
    half = person(AMARA, "amara", working_share=0.5, started_on=date(2025, 3, 1))
    own = [
        {"person": AMARA, "first_on": date(2025, 3, 4), "a_week": 7.0},
        {"person": AMARA, "first_on": date(2025, 3, 1), "a_week": 9.0},
    ]
    with week(people=(half,), own_ceiling=own) as session:
        assert figure(session, "ceiling") == (7, 0)


def test_a_person_without_a_role_and_hours_has_no_ceiling_and_no_figure():
    with week(call("2025-03-05T09:00:00"), effort=()) as session:
        assert figure(session, "ceiling") is None
        assert figure(session, "strategic") is None
        assert figure(session, "strategic", "all") is None


def test_a_member_of_a_pool_has_the_ceiling_of_the_tier_that_takes_most_of_its_hours():
    pooled = (
        {"account": 1, "pool": 3, "tier": 4, "hours": 30.0},
        {"account": 2, "pool": 3, "tier": 3, "hours": 2.0},
    )
    member = [{"pool": 3, "person": AMARA, "since_on": date(2024, 1, 1)}]
    with week(effort=pooled, pool_member=member) as session:
        assert figure(session, "ceiling") == (25, 0)


def test_a_week_mostly_away_is_seen_as_one():
    away = [
        {
            "person": AMARA,
            "first_on": date(2025, 3, 3),
            "last_on": date(2025, 3, 6),
            "visible_at": day("2025-01-01"),
        }
    ]
    with week(leave=away) as session:
        assert figure(session, "present") == (pytest.approx(0.2), 0)
        assert figure(session, "ceiling") == (12, 0)


def test_energy_weighs_each_kind_of_work():
    calls = [
        call("2025-03-05T09:00:00"),
        call("2025-03-05T11:00:00", kind="escalation"),
        call("2025-03-05T13:00:00", kind="internal", customer_present=False),
        call("2025-03-06T13:00:00", kind="admin", customer_present=False, minutes=None),
        call("2025-03-06T15:00:00", kind="note"),
    ]
    with week(*calls) as session:
        assert figure(session, "energy") == (pytest.approx(1 + 1.5 + 0.5 + 0.3), 4)


def test_follow_ups_are_a_ratio_of_sums_over_four_weeks_not_a_mean_of_ratios():
    calls = [
        call("2025-03-05T09:00:00", action_items=4),
        call("2025-02-12T09:00:00"),
        call("2025-02-10T00:00:00", action_items=2),
        call("2025-02-09T23:59:59", action_items=90),
        call("2025-03-05T11:00:00", minutes=5.0, action_items=70),
    ]
    with week(*calls) as session:
        assert figure(session, "follow_ups") == (pytest.approx(6 / 3), 3)


def test_quality_is_the_mean_of_scored_calls_by_whoever_held_them():
    calls = [call("2025-03-05T09:00:00", quality=80.0), call("2025-02-20T09:00:00", BEN, quality=60.0)]
    with week(*calls, people=(person(AMARA, "amara"), person(BEN, "ben"))) as session:
        assert figure(session, "quality", "amara") == (80, 1)
        assert figure(session, "quality", "large") == (70, 2)


def test_sentiment_is_of_the_owner_s_accounts_whoever_called_and_of_this_week_alone():
    calls = [
        call("2025-03-05T09:00:00", BEN, sentiment=-0.5),
        call("2025-03-06T09:00:00", sentiment=0.1),
        call("2025-02-20T09:00:00", sentiment=1.0),
    ]
    with week(*calls, people=(person(AMARA, "amara"), person(BEN, "ben"))) as session:
        assert figure(session, "sentiment") == (pytest.approx(-0.2), 2)
        assert figure(session, "sentiment", "ben") is None


def test_falling_sentiment_needs_both_readings():
    with week() as session:
        as_of = {"as_of": date.fromisoformat(DAY)}
        hold_accounts(session, *({"account": n, "person": AMARA} for n in (1, 2, 3)))
        hold(session, "tier_as_of", [{**as_of, "account": n, "tier": 1} for n in (1, 2, 3)], TIERS)
        read = [
            {**as_of, "account": 1, "sentiment_before": 0.4, "sentiment_now": 0.1},
            {**as_of, "account": 2, "sentiment_before": 0.4, "sentiment_now": 0.39},
            {**as_of, "account": 3, "sentiment_now": -0.9},
        ]
        hold(session, "condition_as_of", read, CONDITIONS)
        session.run(RULES["sentiment_falling"])
        assert figure(session, "sentiment_falling") == (0.5, 2)


def test_work_of_an_account_that_nobody_may_see_yet_has_no_tier():
    with week(call("2025-03-05T09:00:00"), accounts=()) as session:
        rows = answers(session, "held_as_of")
    assert [(row["owner"], row["segment"]) for row in rows] == [(None, None)]
