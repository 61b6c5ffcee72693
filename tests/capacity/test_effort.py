"""The hours that an account takes: base hours times each factor, each with its cause."""

from __future__ import annotations

import json
from datetime import date
from math import prod
from typing import Any

import pytest
from tests.as_of import answers, hold, hold_accounts
from tests.tables import day, world

from evenbook.book.rules import STEPS as BOOK
from evenbook.capacity.rules import STEPS
from evenbook.frames.session import Session
from evenbook.frames.step import sql_step

DAY = "2025-03-10"
PRESENT = {step.writes: step for step in (*BOOK, *STEPS)}
EFFORT = (
    "role_as_of",
    "worker_as_of",
    "complexity_as_of",
    "expansion_as_of",
    "density_as_of",
    "effort_as_of",
    "role_effort_as_of",
    "effort_part_as_of",
    "effort_factors",
)
STATES = {"as_of": "DATE", "account": "BIGINT", "state": "VARCHAR", "since_on": "DATE"}
TIERS = {"as_of": "DATE", "account": "BIGINT", "tier": "BIGINT", "assumed": "BOOLEAN"}
STAKEHOLDERS = {"as_of": "DATE", "account": "BIGINT", "stakeholders": "BIGINT"}
SIGNALS = {
    "as_of": "DATE",
    "account": "BIGINT",
    "kind": "VARCHAR",
    "direction": "VARCHAR",
    "observed_at": "TIMESTAMP",
}
TALKS = {
    "account": "BIGINT",
    "row_id": "BIGINT",
    "contact": "VARCHAR",
    "action_items": "BIGINT",
    "is_meaningful": "BOOLEAN",
    "happened_at": "TIMESTAMP",
    "visible_at": "TIMESTAMP",
    "hidden_at": "TIMESTAMP",
}
PLAIN = {"account": 1, "tier": 2, "stage": "value", "products": 1}
"""Base 2.4 hours, stage 0.9, and 0.9 for nobody heard of."""


def efforts(
    *accounts: dict[str, Any],
    stakeholders: dict[int, int] | None = None,
    states: dict[int, str] | None = None,
    signals: list[dict[str, Any]] | None = None,
    talks: list[dict[str, Any]] | None = None,
    **tables: Any,
) -> Session:
    known = [{"account": each["account"], "visible_at": day("2020-01-01")} for each in accounts]
    session = world([DAY], account=known, **tables)
    on = {"as_of": date.fromisoformat(DAY)}
    hold_accounts(session, *accounts)
    hold(
        session,
        "tier_as_of",
        [{**on, "account": a["account"], "tier": a.get("tier", 2)} for a in accounts],
        TIERS,
    )
    hold(
        session,
        "stakeholder_as_of",
        [{**on, "account": n, "stakeholders": count} for n, count in (stakeholders or {}).items()],
        STAKEHOLDERS,
    )
    hold(
        session,
        "state_as_of",
        [
            {**on, "account": n, "state": state, "since_on": day("2025-02-03")}
            for n, state in (states or {}).items()
        ],
        STATES,
    )
    risen = [{**on, "direction": "risk", "observed_at": day("2025-03-01"), **row} for row in signals or ()]
    hold(session, "signal_as_of", risen, SIGNALS)
    said = [{"visible_at": row["happened_at"], "is_meaningful": True, **row} for row in talks or ()]
    hold(session, "recent_talk", said, TALKS)
    session.run_all([sql_step("evenbook.records", "follow_up_as_of"), *(PRESENT[name] for name in EFFORT)])
    return session


def hours(*accounts: dict[str, Any], **more: Any) -> float:
    with efforts(*accounts, **more) as session:
        return float(answers(session, "effort_as_of")[0]["hours"])


def factors(session: Session, account: int = 1) -> dict[str, dict[str, Any]]:
    rows = session.rows(f"select factors from effort_factors where account = {account}").to_pylist()
    return {each["factor"]: each for each in json.loads(rows[0]["factors"])}


def test_effort_is_base_hours_times_the_multiplier_of_each_factor():
    account = {**PLAIN, "stage": "adoption", "products": 3, "regulated": True, "complexity": 4}
    expected = 2.4 * 1.1 * 1.2 * 1.15 * 1.10 * 1.1 * 1.3
    assert hours(account, stakeholders={1: 7}, states={1: "declining"}) == pytest.approx(expected)


def test_an_account_of_which_nothing_is_known_is_taken_as_usual():
    assert hours({"account": 1, "tier": 2, "started_at": None}) == pytest.approx(2.4 * 0.9 * 0.9)


def test_the_factors_listed_multiply_to_the_product_and_say_their_causes():
    account = {**PLAIN, "stage": None, "started_at": day("2025-01-20"), "regulated": True}
    with efforts(account, stakeholders={1: 3}, states={1: "at_risk"}) as session:
        row, listed = answers(session, "effort_as_of")[0], factors(session)
    assert prod(each["multiplier"] for each in listed.values()) == pytest.approx(row["product"])
    assert len(listed) == 10
    assert listed["stage"]["cause"] == "started on 20 Jan 2025"
    assert listed["stage"]["level"] == "onboarding"
    assert listed["stakeholders"] == {
        "factor": "stakeholders",
        "level": "2-4",
        "multiplier": 1.0,
        "cause": "3 active contacts in 90 days",
    }
    assert listed["trajectory"]["cause"] == "at risk since 3 Feb 2025"


def test_the_product_is_capped_at_three_times_the_base():
    worst = {**PLAIN, "stage": "onboarding", "products": 9, "regulated": True, "complexity": 5}
    with efforts(worst, stakeholders={1: 40}, states={1: "at_risk"}) as session:
        row = answers(session, "effort_as_of")[0]
    assert row["product"] > 3
    assert row["multiplier"] == 3
    assert row["hours"] == pytest.approx(7.2)


def test_where_policy_centers_a_tier_keeps_its_base_hours_on_average():
    accounts = [{**PLAIN, "account": n, "products": n} for n in (1, 2, 3, 4)]
    with efforts(*accounts, numbers={"capacity_centered": True}) as session:
        rows = answers(session, "effort_as_of")
    assert sum(row["hours"] for row in rows) / 4 == pytest.approx(2.4)
    assert rows[3]["hours"] > rows[0]["hours"]


@pytest.mark.parametrize(
    ("started", "stage"),
    [
        ("2024-12-11", "onboarding"),
        ("2024-12-10", "adoption"),
        ("2024-06-14", "adoption"),
        ("2024-06-13", "value"),
    ],
)
def test_a_stage_that_is_not_set_follows_the_days_since_the_start(started: str, stage: str):
    with efforts({**PLAIN, "stage": None, "started_at": day(started)}) as session:
        assert answers(session, "worker_as_of")[0]["stage"] == stage


@pytest.mark.parametrize(
    ("renews", "stage"),
    [("2025-06-08", "renewal"), ("2025-06-09", "value"), ("2025-02-20", "renewal"), ("2024-11-01", "value")],
)
def test_inside_the_renewal_window_the_stage_is_renewal(renews: str, stage: str):
    with efforts({**PLAIN, "renews_on": day(renews).date()}) as session:
        assert answers(session, "worker_as_of")[0]["stage"] == stage


def test_an_onboarding_account_stays_in_onboarding_however_near_the_renewal():
    with efforts({**PLAIN, "stage": "onboarding", "renews_on": day("2025-04-01").date()}) as session:
        assert answers(session, "worker_as_of")[0]["stage"] == "onboarding"


def test_the_owner_of_the_role_of_the_stage_works_the_account():
    given = [
        {"account": 1, "role": "onboarding", "person": 8, "happened_at": day("2025-01-01")},
        {"account": 1, "role": "adoption", "person": 9, "happened_at": day("2025-01-01")},
    ]
    for stage, person in (("onboarding", 8), ("adoption", 9), ("renewal", 7)):
        with efforts({**PLAIN, "person": 7, "stage": stage}, ownership=given) as session:
            assert answers(session, "effort_as_of")[0]["person"] == person


def test_a_role_given_back_to_nobody_returns_to_the_owner():
    given = [
        {"account": 1, "role": "adoption", "person": 9, "happened_at": day("2025-01-01")},
        {"account": 1, "role": "adoption", "person": None, "happened_at": day("2025-02-01")},
    ]
    with efforts({**PLAIN, "person": 7}, ownership=given) as session:
        assert answers(session, "effort_as_of")[0]["person"] == 7


def opportunity(stage: str, **more: Any) -> dict[str, Any]:
    return {"account": 1, "opportunity": "o", "stage": stage, "happened_at": day("2025-02-01"), **more}


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ([], "none"),
        ([opportunity("Qualification")], "qualified"),
        ([opportunity("Proposal/Price Quote")], "active"),
        ([opportunity("Negotiation", won_at=day("2025-03-01"))], "none"),
        ([opportunity("Negotiation", won_at=day("2025-03-20"))], "active"),
        ([opportunity("Negotiation", kind="Renewal")], "none"),
        ([opportunity("Negotiation", hidden_at=day("2025-03-01"))], "none"),
    ],
)
def test_expansion_follows_the_open_opportunities(given: list[dict[str, Any]], level: str):
    with efforts(PLAIN, opportunity=given) as session:
        assert answers(session, "effort_as_of")[0]["expansion"] == level


def test_expansion_is_emerging_where_more_than_half_of_the_products_are_not_owned():
    contracts = [
        {"account": 2, "contract": name, "product": name, "visible_at": day("2024-01-01")} for name in "abc"
    ]
    with efforts(PLAIN, {**PLAIN, "account": 2, "products": 2}, contract=contracts) as session:
        assert [row["expansion"] for row in answers(session, "effort_as_of")] == ["emerging", "none"]


def test_a_feature_asked_for_three_times_in_sixty_days_is_emerging():
    asks = [
        {"account": 1, "ticket": on, "kind": "Feature request", "happened_at": day(on)}
        for on in ("2025-01-20", "2025-02-20", "2025-03-01")
    ]
    assert hours(PLAIN, ticket=asks) == pytest.approx(2.4 * 0.9 * 0.9 * 1.05)
    assert hours(PLAIN, ticket=asks[:2]) == pytest.approx(2.4 * 0.9 * 0.9)


def test_complexity_is_counted_from_integrations_use_cases_and_contacts():
    given = [
        {"account": 1, "name": "integrations", "value": "4", "happened_at": day("2025-01-01")},
        {"account": 1, "name": "use_cases", "value": "2", "happened_at": day("2025-01-01")},
    ]
    with efforts(PLAIN, stakeholders={1: 5}, account_value=given) as session:
        assert answers(session, "complexity_as_of")[0] == {
            "as_of": date.fromisoformat(DAY),
            "account": 1,
            "complexity": 4,
            "points": 4,
        }


def test_the_top_quarter_of_a_tier_by_signals_is_dense_and_equals_stand_together():
    accounts = [{**PLAIN, "account": n} for n in range(1, 9)]
    kinds = ("contact_gap", "detractor")
    two = [{"account": n, "kind": kind} for n in (1, 2) for kind in kinds]
    one = [{"account": n, "kind": "contact_gap"} for n in (3, 4)]
    with efforts(*accounts, signals=[*two, *one]) as session:
        assert [row["dense_signals"] for row in answers(session, "effort_as_of")] == [True] * 2 + [False] * 6
    with efforts(*accounts, signals=one) as session:
        assert sum(row["dense_signals"] for row in answers(session, "effort_as_of")) == 2
    with efforts(*accounts, signals=[{"account": n, "kind": "contact_gap"} for n in range(1, 9)]) as session:
        assert not any(row["dense_signals"] for row in answers(session, "effort_as_of"))


def test_follow_ups_are_dense_by_their_number_an_interaction():
    accounts = [{**PLAIN, "account": n} for n in range(1, 5)]
    talks = [{"account": n, "action_items": n, "happened_at": day("2025-02-20")} for n in range(1, 5)]
    with efforts(*accounts, talks=talks) as session:
        assert [row["dense_follow_ups"] for row in answers(session, "effort_as_of")] == [False] * 3 + [True]


def test_falling_or_negative_sentiment_takes_more_effort():
    others = [{**PLAIN, "account": n} for n in range(2, 9)]
    with efforts(PLAIN, *others, signals=[{"account": 1, "kind": "sentiment_negative"}]) as session:
        listed, row = factors(session), answers(session, "effort_as_of")[0]
    assert (listed["sentiment"]["level"], listed["sentiment"]["multiplier"]) == ("falling", 1.15)
    assert row["hours"] == pytest.approx(2.4 * 0.9 * 0.9 * 1.15 * 1.1)
