"""Contact as of a day: the last meaningful one, and who took part."""

from __future__ import annotations

from typing import Any

from tests.random_world import company
from tests.tables import day, world

from evenbook.records.rules import STEPS

ACCOUNT = {"account": 1, "key": "a", "name": "A", "visible_at": day("2025-01-01")}


def call(on: str, *, minutes: float = 30, contact: str = "c1", **more: Any) -> dict[str, Any]:
    return {
        "account": 1,
        "person": 5,
        "contact": contact,
        "kind": "call",
        "status": "completed",
        "minutes": minutes,
        "customer_present": True,
        "carries_answer": False,
        "happened_at": day(on),
        **more,
    }


def last_touches(days: list[str], *interactions: dict[str, Any]) -> list[str | None]:
    with world(days, account=[ACCOUNT], interaction=interactions) as session:
        session.run_all(STEPS)
        rows = session.rows(
            "select last_meaningful_at from weeks left join touch_as_of using (as_of) order by as_of"
        ).to_pylist()
    return [row["last_meaningful_at"] and row["last_meaningful_at"].date().isoformat() for row in rows]


def test_fifteen_minutes_with_the_customer_count_and_fourteen_do_not():
    assert last_touches(["2025-02-10"], call("2025-02-01", minutes=15)) == ["2025-02-01"]
    assert last_touches(["2025-02-10"], call("2025-02-01", minutes=14)) == [None]


def test_a_call_without_the_customer_is_no_coverage():
    assert last_touches(["2025-02-10"], call("2025-02-01", customer_present=False)) == [None]


def test_booked_cancelled_and_missed_do_not_count():
    for status in ("booked", "cancelled", "no_show"):
        assert last_touches(["2025-02-10"], call("2025-02-01", status=status)) == [None]


def test_a_reply_counts_where_it_carries_an_answer():
    assert last_touches(["2025-02-10"], call("2025-02-01", kind="reply", carries_answer=True)) == [
        "2025-02-01"
    ]
    assert last_touches(["2025-02-10"], call("2025-02-01", kind="reply")) == [None]


def test_a_version_counts_only_while_it_held():
    first = call("2025-02-01", hidden_at=day("2025-03-01"))
    cancelled = call("2025-02-01", status="cancelled", visible_at=day("2025-03-01"))
    assert last_touches(["2025-02-10", "2025-03-10"], first, cancelled) == ["2025-02-01", None]


def test_a_call_logged_late_counts_from_the_day_it_was_logged():
    late = call("2025-02-01", visible_at=day("2025-02-20"))
    assert last_touches(["2025-02-10", "2025-02-25"], late) == [None, "2025-02-01"]


def test_stakeholders_are_counted_once_each_inside_the_window():
    calls = [call("2025-01-10"), call("2025-02-10"), call("2025-02-11", contact="c2")]
    with world(["2025-02-12", "2025-05-20"], account=[ACCOUNT], interaction=calls) as session:
        session.run_all(STEPS)
        rows = session.rows("select stakeholders from stakeholder_as_of order by as_of").to_pylist()
    assert [row["stakeholders"] for row in rows] == [2]


def test_somebody_who_was_only_written_to_is_no_active_contact():
    calls = [
        call("2025-02-10"),
        call("2025-02-11", contact="c2", kind="mail"),
        call("2025-02-11", contact="c3"),
    ]
    with world(["2025-02-12"], account=[ACCOUNT], interaction=calls) as session:
        session.run_all(STEPS)
        rows = session.table("stakeholder_as_of").to_pylist()
    assert [row["stakeholders"] for row in rows] == [2]


def test_what_is_meaningful_is_the_same_in_the_long_history_and_in_the_last_weeks():
    days = ["2025-05-05", "2025-05-12"]
    whole, recent = (
        "select account, max(meaningful_at) as last_at from heard where until_at is null group by all",
        "select account, max(happened_at) filter (is_meaningful) as last_at from recent_talk "
        "where hidden_at is null group by all",
    )
    for seed in (1, 2, 3):
        with world(days, **company(seed)) as session:
            session.run_all(STEPS)
            after = "where last_at >= timestamp '2025-02-10'"
            told = [
                session.rows(f"select * from ({query}) {after} order by all").to_pylist()
                for query in (whole, recent)
            ]
        assert told[0] == told[1] != []
