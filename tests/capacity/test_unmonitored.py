"""The share of accounts that nobody has spoken to, with its exact edges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.as_of import answers, hold, hold_accounts
from tests.tables import day, world

from evenbook.capacity.rules import STEPS
from evenbook.frames.session import Session

DAY = "2025-03-09"
RULES = {step.writes: step for step in STEPS}
TIERS = {"as_of": "DATE", "account": "BIGINT", "tier": "BIGINT", "assumed": "BOOLEAN"}
ROLES = {"as_of": "DATE", "account": "BIGINT", "role": "VARCHAR", "person": "BIGINT", "pool": "BIGINT"}
CONDITIONS = {
    "as_of": "DATE",
    "account": "BIGINT",
    "last_meaningful_at": "TIMESTAMP",
    "weeks_seen": "BIGINT",
    "zero_weeks": "BIGINT",
}


def monitored(*accounts: dict[str, Any], roles: tuple[tuple[int, dict[str, Any]], ...] = ()) -> Session:
    people = [
        {"person": number, "key": name.lower(), "name": name, "is_person": True}
        for number, name in ((7, "Amara"), (8, "Ben"))
    ]
    session = world([DAY], person=people)
    as_of = {"as_of": date.fromisoformat(DAY)}
    rows = [{"account": n, "tier": 1, **row} for n, row in enumerate(accounts, 1)]
    hold_accounts(session, *({name: row[name] for name in row if name != "last"} for row in rows))
    hold(
        session,
        "tier_as_of",
        [{**as_of, "account": row["account"], "tier": row["tier"]} for row in rows],
        TIERS,
    )
    told = [
        {**as_of, "account": row["account"], "last_meaningful_at": row.get("last"), **row} for row in rows
    ]
    hold(session, "condition_as_of", told, CONDITIONS)
    hold(session, "role_as_of", [{**as_of, "account": n, **role} for n, role in roles], ROLES)
    session.run_all(RULES[name] for name in ("worker_as_of", "monitoring_as_of", "unmonitored", "past_limit"))
    return session


def figure(session: Session, measure: str, subject: str = "all") -> tuple[float | None, int] | None:
    rows = session.rows(f"select value, count from {measure} where subject = '{subject}'").to_pylist()
    return (rows[0]["value"], rows[0]["count"]) if rows else None


def last(text: str, **more: Any) -> dict[str, Any]:
    return {"last": datetime.fromisoformat(text), **more}


def test_contact_exactly_30_days_before_the_end_of_the_day_still_counts():
    with monitored(last("2025-02-08T00:00:00"), last("2025-02-07T23:59:59")) as session:
        assert [row["is_unmonitored"] for row in answers(session, "monitoring_as_of")] == [False, True]
        assert figure(session, "unmonitored") == (0.5, 2)


def test_an_account_without_any_contact_is_unmonitored():
    with monitored({}) as session:
        assert figure(session, "unmonitored") == (1, 1)


def test_an_account_younger_than_30_days_does_not_count():
    young, old = {"started_at": day("2025-02-09")}, {"started_at": day("2025-02-08")}
    with monitored(young, old) as session:
        assert [row["is_unmonitored"] for row in answers(session, "monitoring_as_of")] == [None, True]
        assert figure(session, "unmonitored") == (1, 1)


def test_without_an_eligible_account_there_is_no_value_not_zero():
    with monitored({"started_at": day("2025-03-01")}) as session:
        assert figure(session, "unmonitored") is None


def test_digital_accounts_are_left_to_usage():
    used = {"tier": 4, "weeks_seen": 100, "zero_weeks": 7}
    unused = {"tier": 4, "weeks_seen": 100, "zero_weeks": 8}
    with monitored(used, unused, {"tier": 4}) as session:
        assert figure(session, "unmonitored") is None
        assert [row["is_past_limit"] for row in answers(session, "monitoring_as_of")] == [False, True, None]
        assert figure(session, "past_limit") == (0.5, 2)


def test_tier_3_is_judged_against_its_own_cadence():
    with monitored(last("2024-12-08", tier=3), last("2024-12-07", tier=3)) as session:
        assert figure(session, "unmonitored") == (1, 2)
        assert figure(session, "past_limit") == (0.5, 2)


def test_it_is_given_by_owner_whoever_acted():
    with monitored(last("2025-03-01", person=7), {"person": 7}, {}) as session:
        assert figure(session, "unmonitored", "amara") == (0.5, 2)
        assert figure(session, "unmonitored") == (2 / 3, 3)
        assert figure(session, "unmonitored", "1") == (2 / 3, 3)


def test_it_counts_for_whoever_works_the_account_in_its_stage():
    seen = datetime.fromisoformat("2025-03-01T00:00:00")
    two = ({"person": 7, "stage": "value", "last": seen}, {"person": 7, "stage": "renewal"})
    bens = tuple((n, {"role": "adoption", "person": 8}) for n in (1, 2))
    with monitored(*two, roles=bens) as session:
        assert figure(session, "unmonitored", "ben") == (0.0, 1), "the stage of value is the adoption's"
        assert figure(session, "unmonitored", "amara") == (1.0, 1), "the renewal is the owner's"
        assert figure(session, "past_limit", "ben") == (0.0, 1)
    with monitored(*two) as session:
        assert figure(session, "unmonitored", "amara") == (0.5, 2)
        assert figure(session, "unmonitored", "ben") is None
