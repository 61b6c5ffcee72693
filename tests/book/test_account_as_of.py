"""The book as of a day: what was in force, known and owned."""

from __future__ import annotations

from typing import Any

from tests.tables import day, world

from evenbook.book.rules import STEPS

ACCOUNT = {"account": 1, "key": "a", "name": "A", "visible_at": day("2025-01-01")}


def as_of(days: list[str], **tables: Any) -> list[dict[str, Any]]:
    with world(days, account=[ACCOUNT], **tables) as session:
        session.run_all(STEPS)
        return session.rows("select * from account_as_of order by as_of, account").to_pylist()


def value(name: str, text: str, happened: str, known: str | None = None, **more: Any) -> dict[str, Any]:
    seen = max(happened, known or happened)
    return {
        "account": 1,
        "name": name,
        "value": text,
        "happened_at": day(happened),
        "visible_at": day(seen),
        **more,
    }


def test_an_account_is_there_from_the_day_it_could_be_seen():
    assert [row["as_of"].isoformat() for row in as_of(["2024-12-31", "2025-01-01"])] == ["2025-01-01"]


def test_the_value_in_force_is_the_one_that_happened_last():
    days = ["2025-02-01", "2025-03-01", "2025-04-01"]
    values = [value("tier", "2", "2025-01-01"), value("tier", "1", "2025-03-01")]
    assert [row["tier"] for row in as_of(days, account_value=values)] == [2, 1, 1]


def test_a_late_report_of_an_older_value_changes_nothing_after_the_newer_one():
    values = [
        value("tier", "1", "2025-02-10"),
        value("tier", "3", "2025-02-01", known="2025-03-01"),
    ]
    days = ["2025-02-05", "2025-02-15", "2025-03-15"]
    assert [row["tier"] for row in as_of(days, account_value=values)] == [None, 1, 1]


def test_a_value_counts_from_when_it_became_known():
    values = [value("tier", "1", "2025-01-01", known="2025-03-01")]
    assert [row["tier"] for row in as_of(["2025-02-01", "2025-03-01"], account_value=values)] == [None, 1]


def test_the_last_owner_owns_and_nobody_may_own():
    owners = [
        {"account": 1, "person": 5, "happened_at": day("2025-01-01")},
        {"account": 1, "pool": 7, "happened_at": day("2025-02-01")},
        {"account": 1, "happened_at": day("2025-03-01")},
    ]
    rows = as_of(["2025-01-15", "2025-02-15", "2025-03-15"], ownership=owners)
    assert [(row["person"], row["pool"]) for row in rows] == [(5, None), (None, 7), (None, None)]


def test_revenue_is_the_sum_of_movements_and_unknown_without_any():
    moves = [
        {"account": 1, "kind": "new", "change_cents": 100, "happened_at": day("2025-02-01")},
        {"account": 1, "kind": "expansion", "change_cents": 50, "happened_at": day("2025-03-01")},
    ]
    rows = as_of(["2025-01-15", "2025-02-15", "2025-03-15"], movement=moves)
    assert [row["arr_cents"] for row in rows] == [None, 100, 150]


def test_an_account_whose_revenue_is_gone_has_churned_that_day():
    moves = [
        {"account": 1, "kind": "new", "change_cents": 100, "happened_at": day("2025-01-01")},
        {"account": 1, "kind": "churn", "change_cents": -100, "happened_at": day("2025-03-01")},
    ]
    before, after = as_of(["2025-02-28", "2025-03-01"], movement=moves)
    assert (before["active"], before["churned_at"]) == (True, None)
    assert (after["active"], after["churned_at"], after["arr_cents"]) == (False, day("2025-03-01"), 0)


def test_a_churned_account_that_buys_again_is_active_again():
    moves = [
        {"account": 1, "kind": "new", "change_cents": 100, "happened_at": day("2025-01-01")},
        {"account": 1, "kind": "new", "change_cents": 70, "happened_at": day("2025-04-01")},
    ]
    values = [value("status", "churned", "2025-03-01")]
    rows = as_of(["2025-02-01", "2025-03-15", "2025-04-15"], movement=moves, account_value=values)
    assert [row["active"] for row in rows] == [True, False, True]
    assert [row["arr_cents"] for row in rows] == [100, 0, 170]


def test_the_next_renewal_is_the_earliest_not_booked_and_late_ones_stay_a_month():
    contracts = [
        {
            "account": 1,
            "contract": "c",
            "product": "Core",
            "starts_on": day("2025-01-01").date(),
            "renews_on": day("2025-06-01").date(),
            "visible_at": day("2025-01-01"),
        }
    ]
    rows = as_of(["2025-05-01", "2025-06-20", "2025-07-20"], contract=contracts)
    assert [row["renews_on"] and row["renews_on"].isoformat() for row in rows] == [
        "2025-06-01",
        "2025-06-01",
        None,
    ]


def test_many_days_at_once_answer_as_each_day_alone():
    values = [
        value("tier", "2", "2025-01-05"),
        value("stage", "value", "2025-02-10"),
        value("tier", "1", "2025-02-20"),
    ]
    moves = [{"account": 1, "kind": "new", "change_cents": 100, "happened_at": day("2025-02-01")}]
    days = ["2025-01-10", "2025-02-15", "2025-03-01"]
    together = as_of(days, account_value=values, movement=moves)
    alone = [as_of([one], account_value=values, movement=moves)[0] for one in days]
    assert together == alone
