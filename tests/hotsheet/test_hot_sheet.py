"""The hot sheet: how long, in which order, and every point with its reason."""

from __future__ import annotations

import json
from typing import Any

from tests.tables import day, world

from evenbook.book.rules import STEPS as BOOK
from evenbook.capacity.rules import STEPS as CAPACITY
from evenbook.hotsheet.rules import STEPS as HOTSHEET
from evenbook.records.rules import STEPS as RECORDS
from evenbook.signals.rules import STEPS as SIGNALS
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, stored
from evenbook.states.rules import NO_STANDINGS
from evenbook.states.rules import STEPS as STATES
from evenbook.tiers.rules import STEPS as TIERS

START = day("2024-01-01")


def account(number: int) -> dict[str, Any]:
    return {
        "account": number,
        "key": f"a{number}",
        "name": f"A{number}",
        "started_at": START,
        "visible_at": START,
    }


def paying(number: int, amount: int) -> dict[str, Any]:
    return {"account": number, "kind": "new", "change_cents": amount * 100, "happened_at": START}


def renewing(number: int, on: str) -> dict[str, Any]:
    common = {"account": number, "contract": f"k{number}", "product": "Core", "visible_at": START}
    return {**common, "renews_on": day(on).date()}


def sheet(as_of: str = "2025-06-10", **tables: Any) -> list[dict[str, Any]]:
    tables.setdefault("account", [account(number) for number in range(1, 26)])
    with world([as_of], **tables) as session:
        session.hold("usage_carry", stored([]))
        session.tell(**NOTHING_SEEN)
        session.hold("state_carry", NO_STANDINGS)
        session.run_all((*BOOK, *RECORDS, *SIGNALS, *STATES, *TIERS, *CAPACITY, *HOTSHEET))
        return session.rows("select * from hot_sheet order by place").to_pylist()


def test_the_sheet_holds_the_policys_share_of_the_base():
    assert len(sheet()) == 3
    assert len(sheet(account=[account(1)])) == 1
    assert sheet(account=[]) == []


def test_rows_are_ranked_by_revenue_expected_at_risk():
    moves = [paying(1, 1000), paying(2, 5000), paying(3, 9000)]
    contracts = [renewing(1, "2025-06-20"), renewing(2, "2025-06-20"), renewing(3, "2025-10-05")]
    rows = sheet(movement=moves, contract=contracts)
    assert [(row["key"], row["points"], row["expected_cents"]) for row in rows] == [
        ("a2", 15.0, 75_000),
        ("a1", 15.0, 15_000),
        ("a3", 0.5, 4_500),
    ]


def test_unknown_revenue_stands_after_known_by_points():
    rows = sheet(contract=[renewing(7, "2025-06-20")], movement=[paying(2, 10)])
    assert [row["key"] for row in rows][:2] == ["a2", "a7"]


def test_every_point_has_a_reason_and_they_add_up():
    contracts = [renewing(1, "2025-06-20")]
    escalated = {
        "account": 1,
        "ticket": "t",
        "happened_at": day("2025-06-01"),
        "escalated_at": day("2025-06-02"),
    }
    rows = sheet(movement=[paying(1, 100)], contract=contracts, ticket=[escalated])
    reasons = json.loads(rows[0]["reasons"])
    assert [reason["signal"] for reason in reasons] == ["renewal", "support"]
    assert sum(reason["points"] for reason in reasons) == rows[0]["points"]
    assert reasons[0]["text"] == "renews on 20 Jun 2025, in 10 days"
    assert reasons[1]["text"] == "one escalation open; 1 ticket in the last 4 weeks"
    assert rows[0]["play"].startswith("Write the renewal brief")


def test_a_row_is_theirs_who_work_the_account_in_its_stage():
    moves, contracts = (
        [paying(1, 1000), paying(2, 5000)],
        [renewing(1, "2025-10-05"), renewing(2, "2025-06-20")],
    )
    given = [{"account": number, "role": role, "person": who, "happened_at": START}
             for number in (1, 2) for role, who in (("owner", 7), ("adoption", 8))]  # fmt: skip
    rows = sheet(movement=moves, contract=contracts, ownership=given)
    assert {row["key"]: row["person"] for row in rows if row["key"] in ("a1", "a2")} == {"a1": 8, "a2": 7}


def test_churned_accounts_are_not_on_the_sheet():
    gone = {"account": 1, "name": "status", "value": "churned", "happened_at": day("2025-05-01")}
    rows = sheet(account=[account(1), account(2)], account_value=[gone], movement=[paying(1, 10**6)])
    assert [row["key"] for row in rows] == ["a2"]
