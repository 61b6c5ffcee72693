"""Usage read as each day could see it: parity, late weeks, broken feeds, carries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.tables import world

from evenbook.frames.session import Session
from evenbook.signals.rules import STEPS as RULES
from evenbook.signals.rules.usage import StaleCarry
from evenbook.signals.rules.usage_carry import AFTER, NOTHING_SEEN, restored, stored

MONDAY = date(2025, 1, 6)
STEPS = tuple(step for step in RULES if step.writes.startswith("usage_"))


def monday(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def row(
    account: int, week: int, value: float, *, late_days: float = 0.5, source: str = "app"
) -> dict[str, Any]:
    seen = datetime.combine(monday(week + 1), datetime.min.time()) + timedelta(days=late_days)
    common = {"source": source, "measure": "active_users", "week_on": monday(week), "visible_at": seen}
    return {"account": account, "value": value, **common}


def feed(week: int, *, share: float = 1.0, late_days: float = 0.5, source: str = "app") -> dict[str, Any]:
    given = row(0, week, share, late_days=late_days, source=source)
    return {"share": share, **{name: given[name] for name in ("source", "measure", "week_on", "visible_at")}}


def fleet(weeks: int, accounts: int = 12, *, seed: int = 3) -> list[dict[str, Any]]:
    chance = np.random.default_rng(seed)
    sizes = chance.integers(5, 60, accounts)
    return [
        row(a, w, float(chance.poisson(sizes[a - 1]))) for a in range(1, accounts + 1) for w in range(weeks)
    ]


def readings(days: list[date], usage: list[Any], feeds: list[Any], carry: Any = None, mark: Any = None):
    session: Session = world([day.isoformat() for day in days], usage=usage, feed=feeds)
    with session:
        session.hold("usage_carry", carry["states"] if carry else stored([]))
        if carry:
            session.hold("usage_source_carry", carry["sources"])
        session.tell(**(mark or NOTHING_SEEN))
        session.run_all(STEPS)
        rows = session.rows("select * from usage_reading order by as_of, account")
        return rows.to_pylist(), {"states": session.rows(AFTER), "sources": session.table("usage_source")}


def same(first: list[Any], second: list[Any]) -> bool:
    return pa.Table.from_pylist(first).equals(pa.Table.from_pylist(second))


def test_many_days_at_once_read_as_each_day_alone():
    usage, feeds = fleet(30), [feed(week) for week in range(30)]
    days = [monday(number) for number in range(16, 31)]
    together, _ = readings(days, usage, feeds)
    alone = [one for day in days for one in readings([day], usage, feeds)[0]]
    assert len(together) == 12 * len(days)
    assert same(together, alone)


def test_going_on_from_a_carry_reads_as_the_whole_history():
    usage, feeds = fleet(30), [feed(week) for week in range(30)]
    whole, _ = readings([monday(30)], usage, feeds)
    _, carry = readings([monday(29)], usage, feeds)
    mark = {
        "carried_week_on": monday(26),
        "carried_until": datetime.combine(monday(29), datetime.min.time()) + timedelta(days=1),
    }
    onward, _ = readings([monday(30)], usage, feeds, carry=carry, mark=mark)
    assert same(whole, onward)


def test_a_week_that_arrives_late_counts_from_the_day_it_arrived():
    usage = [one for one in fleet(30) if one["week_on"] != monday(20)]
    late = [
        one | {"visible_at": one["visible_at"] + timedelta(days=16)}
        for one in fleet(30)
        if one["week_on"] == monday(20)
    ]
    feeds = [feed(week, late_days=16.5 if week == 20 else 0.5) for week in range(30)]
    days = [monday(number) for number in range(20, 28)]
    together, _ = readings(days, usage + late, feeds)
    alone = [one for day in days for one in readings([day], usage + late, feeds)[0]]
    assert same(together, alone)


def test_a_carry_older_than_a_late_week_is_refused():
    usage, feeds = fleet(30), [feed(week) for week in range(30)]
    _, carry = readings([monday(29)], usage, feeds)
    seen = datetime.combine(monday(29), datetime.min.time()) + timedelta(days=1)
    usage.append(row(1, 5, 99.0) | {"visible_at": seen + timedelta(hours=1)})
    with pytest.raises(StaleCarry):
        readings(
            [monday(30)],
            usage,
            feeds,
            carry=carry,
            mark={"carried_week_on": monday(26), "carried_until": seen},
        )


def test_a_feed_that_stopped_says_nothing_of_its_accounts():
    usage = [one for one in fleet(30) if one["week_on"] < monday(24)]
    feeds = [feed(week) for week in range(24)]
    found, _ = readings([monday(number) for number in range(25, 30)], usage, feeds)
    assert not any(one["seen"] or one["fell"] for one in found if one["as_of"] > monday(25))


def test_a_delivered_week_without_a_row_is_zero():
    usage = [one for one in fleet(30) if one["account"] != 1 or one["week_on"] < monday(24)]
    found, _ = readings([monday(30)], usage, [feed(week) for week in range(30)])
    assert next(one for one in found if one["account"] == 1)["zero_weeks"] == 6


def test_a_carry_comes_back_as_it_was_put_away():
    _, carry = readings([monday(29)], fleet(30), [feed(week) for week in range(30)])
    assert len(restored(carry["states"])) == 3
    assert stored(restored(carry["states"]).values()).equals(carry["states"])
    assert restored(stored([])) == {}


def test_without_usage_there_is_nothing_to_read():
    assert readings([monday(5)], [], [])[0] == []


def test_a_week_late_by_less_than_the_carry_is_read_again_from_it():
    usage = [one | ({"visible_at": one["visible_at"] + timedelta(days=4)}) for one in fleet(30)]
    feeds = [feed(week, late_days=4.5) for week in range(30)]
    whole, _ = readings([monday(29), monday(30)], usage, feeds)
    _, carry = readings([monday(29)], usage, feeds)
    seen = datetime.combine(monday(29), datetime.min.time()) + timedelta(days=1)
    mark = {"carried_week_on": monday(26), "carried_until": seen}
    onward, _ = readings([monday(30)], usage, feeds, carry=carry, mark=mark)
    assert same([one for one in whole if one["as_of"] == monday(30)], onward)


def test_a_merged_account_adds_its_usage_and_each_is_corrected_by_itself():
    usage = [one for one in fleet(30) if one["account"] != 12]
    small = [{**one, "merged": 12, "account": 1} for one in fleet(30) if one["account"] == 12]
    late = datetime.combine(monday(28), datetime.min.time()) + timedelta(days=1)
    corrected = [
        {**small[-3], "value": 0.0, "visible_at": late},
        {**usage[27], "value": 99.0, "visible_at": late},
    ]
    feeds = [feed(week) for week in range(30)]
    days = [monday(number) for number in range(24, 31)]
    apart, _ = readings(days, usage + small + corrected, feeds)
    summed = [
        {**one, "value": one["value"] + other["value"]}
        for one, other in zip([row for row in usage if row["account"] == 1], small, strict=True)
    ]
    whole = [one for one in usage if one["account"] != 1] + summed
    fixed = {**summed[27], "value": 99.0 + 0.0, "visible_at": late}
    together, _ = readings(days, [*whole, fixed], feeds)
    assert same(apart, together)
    assert small[-3]["week_on"] == usage[27]["week_on"]


def test_going_on_from_a_carry_takes_merged_usage_in():
    usage = [one for one in fleet(30) if one["account"] != 12]
    usage += [{**one, "merged": 12, "account": 1} for one in fleet(30) if one["account"] == 12]
    feeds = [feed(week) for week in range(30)]
    whole, _ = readings([monday(30)], usage, feeds)
    _, carry = readings([monday(29)], usage, feeds)
    seen = datetime.combine(monday(29), datetime.min.time()) + timedelta(days=1)
    onward, _ = readings(
        [monday(30)], usage, feeds, carry=carry, mark={"carried_week_on": monday(26), "carried_until": seen}
    )
    assert same(whole, onward)


def test_without_the_policys_measure_the_one_that_counts_people_is_watched():
    def told(measure: str) -> list[str]:
        usage = [one | {"measure": measure} for one in fleet(4)]
        usage += [one | {"measure": "error_count"} for one in fleet(4)]
        feeds = [feed(0) | {"measure": each} for each in (measure, "error_count")]
        with world([monday(6).isoformat()], usage=usage, feed=feeds) as session:
            session.run(STEPS[0])
            return session.table("usage_measure")["measure"].to_pylist()

    assert [told(name) for name in ("active_users", "weekly_users", "logins", "usage_count")] == [
        ["active_users"],
        ["weekly_users"],
        ["logins"],
        ["usage_count"],
    ]
