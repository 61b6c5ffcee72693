"""The expansion list: most room and proven value first, what is not known counts for nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.random_world import answer, company, date

from evenbook.frames.session import Session

DAY = date(2024, 6, 3)


def world(**tables: Any) -> Session:
    made = {name: [] for name in company(1)}
    seen = datetime(2024, 1, 1)
    made["account"] = [
        {
            "account": number,
            "key": f"a{number}",
            "name": f"Account {number}",
            "started_at": seen,
            "visible_at": seen,
        }
        for number in (1, 2, 3)
    ]
    made["movement"] = [
        {
            "account": number,
            "kind": "new",
            "change_cents": 100_000 * number,
            "happened_at": seen,
            "visible_at": seen,
        }
        for number in (1, 2, 3)
    ]
    made.update(tables)
    return answer(made, [DAY])


def contract(account: int, product: str) -> dict[str, Any]:
    return {
        "account": account,
        "contract": f"k{account}{product}",
        "product": product,
        "starts_on": date(2024, 1, 1),
        "arr_cents": 100_000,
        "visible_at": datetime(2024, 1, 1),
    }


def rows(session: Session, table: str = "expansion_list") -> list[dict[str, Any]]:
    return session.rows(f"select * from {table}").to_pylist()


def test_who_has_all_that_we_sell_is_not_on_the_list():
    held = [contract(1, "Core"), contract(1, "Plus"), contract(2, "Core"), contract(3, "Plus")]

    with world(contract=held) as session:
        found = {each["account"]: each for each in rows(session, "expansion_point")}
        listed = rows(session)

    assert (found[1]["whitespace"], found[2]["whitespace"]) == (0, 1)
    assert [each["account"] for each in listed] == [3]


def test_what_is_not_known_has_no_points_and_the_reasons_add_up():
    with world(contract=[contract(1, "Core"), contract(2, "Core"), contract(2, "Plus")]) as session:
        point = {each["account"]: each for each in rows(session, "expansion_point")}
        (row,) = rows(session)

    assert point[1]["of_seats"] == 0 and point[1]["of_growth"] == 0
    reasons = json.loads(row["reasons"])
    assert [each["text"] for each in reasons] == ["has 1 of our 2 products"]
    assert row["points"] == sum(each["points"] for each in reasons) == 17.5


def test_a_hand_under_way_counts_and_one_that_ended_does_not():
    def event(account: int, opening: int, kind: str) -> dict[str, Any]:
        at = datetime(2024, 5, 1)
        return {
            "account": account, "opening": opening, "kind": kind, "product": "", "happened_at": at, "visible_at": at
        }  # fmt: skip

    told = [event(1, 1, "opened"), event(2, 2, "opened"), event(2, 2, "won")]

    with world(opening_event=told) as session:
        found = {each["account"]: each["hands"] for each in rows(session, "expansion_point")}

    assert found == {1: 1, 2: 0, 3: 0}


def test_an_account_without_a_meeting_says_that_it_is_not_reached():
    with world() as session:
        (row,) = rows(session)

    assert row["reached_on"] is None
    assert any("Not reached" in flag for flag in json.loads(row["flags"]))
