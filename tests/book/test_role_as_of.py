"""Who has which role on an account as of a day, besides its owner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.random_world import as_known, company
from tests.tables import day, world

from evenbook.book.rules import STEPS

ACCOUNT = {"account": 1, "key": "a", "name": "A", "visible_at": day("2025-01-01")}
RULE = next(step for step in STEPS if step.writes == "role_as_of")
MONDAY = date(2024, 1, 1)


def holds(days: list[str], **tables: Any) -> list[tuple[str, int, str, int | None, int | None]]:
    with world(days, **{"account": [ACCOUNT], **tables}) as session:
        session.run_all([RULE])
        rows = session.rows("select * from role_as_of order by as_of, account, role").to_pylist()
    return [
        (row["as_of"].isoformat(), row["account"], row["role"], row["person"], row["pool"]) for row in rows
    ]


def role(name: str, happened: str, known: str | None = None, **who: int) -> dict[str, Any]:
    seen = day(max(happened, known or happened))
    return {"account": 1, "role": name, "happened_at": day(happened), "visible_at": seen, **who}


def test_each_role_has_a_person_or_a_pool_of_its_own():
    given = [role("onboarding", "2025-02-01", person=5), role("expansion", "2025-02-01", pool=7)]

    assert holds(["2025-02-01"], ownership=given) == [
        ("2025-02-01", 1, "expansion", None, 7),
        ("2025-02-01", 1, "onboarding", 5, None),
    ]


def test_an_owner_is_no_other_role_and_nobody_is_not_there():
    given = [
        role("owner", "2025-01-01", person=4),
        role("adoption", "2025-01-05", person=5),
        role("adoption", "2025-02-01"),
    ]

    assert holds(["2025-01-31", "2025-02-01"], ownership=given) == [("2025-01-31", 1, "adoption", 5, None)]


def test_a_holder_counts_from_when_it_is_known_and_one_told_late_changes_nothing_after_a_newer_one():
    days = ["2025-01-20", "2025-02-10", "2025-03-10"]
    late = [role("renewal", "2025-01-10", known="2025-02-10", person=5)]
    overtaken = [
        role("renewal", "2025-02-01", person=6),
        role("renewal", "2025-01-10", known="2025-03-01", person=5),
    ]

    assert [row[0] for row in holds(days, ownership=late)] == days[1:]
    assert [row[3] for row in holds(days, ownership=overtaken)] == [6, 6]


def test_an_account_that_cannot_be_seen_yet_has_no_role():
    given = [role("onboarding", "2024-12-01", person=5)]

    assert [row[0] for row in holds(["2024-12-31", "2025-01-01"], ownership=given)] == ["2025-01-01"]


def expected(tables: dict[str, list[dict[str, Any]]], on: date) -> list[tuple[int, str, Any, Any]]:
    """Return who has which role at the end of a day, row by row."""
    ends = day(on.isoformat()) + timedelta(days=1)
    there = {row["account"] for row in tables["account"] if row["visible_at"] < ends}
    last: dict[tuple[int, str], tuple[Any, Any, Any]] = {}
    for row in sorted(tables["ownership"], key=lambda row: row["happened_at"]):
        if row["visible_at"] < ends and row["account"] in there and row["role"] != "owner":
            last[row["account"], row["role"]] = (row["happened_at"], row["person"], row["pool"])
    return sorted((*key, person, pool) for key, (_, person, pool) in last.items() if person or pool)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), cut=st.integers(5, 70))
def test_it_is_what_the_rows_say_one_by_one_and_later_facts_change_nothing(seed: int, cut: int):
    tables = company(seed)
    days = [MONDAY + timedelta(weeks=week) for week in range(3, cut + 9, 3)]
    known = as_known(tables, days[-4])
    for on, rows in ((days, tables), (days[:-3], known)):
        with world(
            [each.isoformat() for each in on], account=rows["account"], ownership=rows["ownership"]
        ) as s:
            s.run_all([RULE])
            found = s.rows("select * from role_as_of").to_pylist()
        for each in days[:-3]:
            told = [
                (row["account"], row["role"], row["person"], row["pool"])
                for row in found
                if row["as_of"] == each
            ]
            assert sorted(told, key=lambda row: row[:2]) == expected(tables, each)
