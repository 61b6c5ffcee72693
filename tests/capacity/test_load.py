"""What a person can sustain, who carries what, and the load that follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.as_of import answers, hold
from tests.tables import day, world

from evenbook.capacity.rules import STEPS
from evenbook.frames.session import Session

DAY = "2025-03-09"
"""A Sunday; the four weeks before it hold 20 working days."""

RULES = {step.writes: step for step in STEPS}
LOAD = ("capacity_as_of", "carried_as_of", "load_as_of", "uncovered_as_of", "effort_load")
PARTS = {
    "as_of": "DATE", "account": "BIGINT", "person": "BIGINT", "pool": "BIGINT", "works": "BOOLEAN",
    "hours": "DOUBLE",
}  # fmt: skip
HOLIDAY = {"region": "VARCHAR", "day": "DATE", "name": "VARCHAR"}


def on(text: str) -> date:
    return day(text).date()


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "person": number,
        "key": f"p{number}",
        "name": f"Person {number}",
        "role": "csm",
        "team": "North",
        "is_person": True,
        "working_share": 1.0,
        "region": "DE",
        **more,
    }


def away(number: int, first: str, last: str, cover: int | None = None, **more: Any) -> dict[str, Any]:
    return {"person": number, "first_on": on(first), "last_on": on(last), "cover": cover, **more}


def loads(
    *people: dict[str, Any],
    effort: list[tuple[int, int | None, int | None, float]] = (),  # type: ignore[assignment]
    holidays: list[str] = (),  # type: ignore[assignment]
    as_of: str = DAY,
    **tables: Any,
) -> Session:
    session = world([as_of], person=list(people), **tables)
    rows = [
        {"as_of": on(as_of), "account": account, "person": owner, "pool": pool, "works": True, "hours": hours}
        for account, owner, pool, hours in effort
    ]
    hold(session, "effort_part_as_of", rows, PARTS)
    hold(
        session, "holiday", [{"region": "DE", "day": on(text), "name": "A day"} for text in holidays], HOLIDAY
    )
    session.run_all(RULES[name] for name in LOAD)
    return session


def capacity(*people: dict[str, Any], **more: Any) -> list[float]:
    with loads(*people, **more) as session:
        return [row["capacity_hours"] for row in answers(session, "capacity_as_of", order="person")]


def load(session: Session, number: int) -> dict[str, Any]:
    return next(row for row in answers(session, "load_as_of", order="person") if row["person"] == number)


def test_a_full_time_person_sustains_120_hours_a_month():
    assert capacity(person(1)) == [120]


def test_own_hours_and_working_share_come_first():
    assert capacity(person(1, monthly_hours=100.0, working_share=0.6)) == [60]


@pytest.mark.parametrize(
    ("days", "share"), [(0, 0.25), (30, 0.25), (31, 0.5), (60, 0.5), (61, 0.75), (90, 0.75), (91, 1)]
)
def test_a_new_person_ramps_over_their_first_three_months(days: int, share: float):
    assert capacity(person(1, started_on=on(DAY) - timedelta(days=days))) == [pytest.approx(120 * share)]


def test_leave_takes_its_working_days_of_the_four_weeks():
    assert capacity(person(1), leave=[away(1, "2025-02-10", "2025-02-16")]) == [pytest.approx(90)]
    assert capacity(person(1), leave=[away(1, "2025-02-03", "2025-02-09")]) == [120]


def test_leave_that_is_not_known_yet_takes_nothing():
    late = away(1, "2025-03-03", "2025-03-07", visible_at=day("2025-03-10"))
    assert capacity(person(1), leave=[late]) == [120]


def test_leaves_that_overlap_take_each_day_once():
    twice = [
        away(1, "2025-03-03", "2025-03-07"),
        away(1, "2025-03-05", "2025-03-11"),
        away(1, "2025-03-03", "2025-03-07"),
    ]
    assert capacity(person(1), leave=twice) == [pytest.approx(90)]


@pytest.mark.parametrize(("until", "hours"), [("2025-03-09", 120), ("2025-03-10", 90), ("2025-03-11", 90)])
def test_a_leave_that_was_withdrawn_takes_nothing_from_then_on_and_took_its_days_before(
    until: str, hours: float
):
    gone = away(1, "2025-03-03", "2025-03-07", hidden_at=day(until))
    assert capacity(person(1), leave=[gone]) == [pytest.approx(hours)]


def test_of_leaves_that_overlap_the_one_that_stands_still_counts():
    gone = away(1, "2025-03-03", "2025-03-07", hidden_at=day("2025-03-08"))
    assert capacity(person(1), leave=[gone, away(1, "2025-03-03", "2025-03-04")]) == [pytest.approx(108)]


def test_a_withdrawn_leave_leaves_the_book_with_its_owner():
    gone = away(1, "2025-03-03", "2025-03-14", cover=2, hidden_at=day("2025-03-09"))
    with loads(person(1), person(2), effort=[(10, 1, None, 60.0)], leave=[gone]) as session:
        assert (load(session, 1)["own_hours"], load(session, 2)["cover_hours"]) == (60, 0)


def test_a_public_holiday_counts_in_its_region_and_once_if_it_falls_in_leave():
    assert capacity(person(1), person(2, region="FR"), holidays=["2025-03-03"]) == [pytest.approx(114), 120]
    assert capacity(
        person(1), holidays=["2025-03-03", "2025-03-08"], leave=[away(1, "2025-03-03", "2025-03-03")]
    ) == [pytest.approx(114)]


def test_days_before_the_start_do_not_count_as_days_off():
    newcomer = person(1, started_on=on("2025-02-24"))
    assert capacity(newcomer, leave=[away(1, "2025-03-03", "2025-03-07")]) == [
        pytest.approx(120 * 0.25 * 0.5)
    ]


def test_an_adjustment_adds_its_hours_while_it_holds_and_never_below_zero():
    given = [{"person": 1, "first_on": on("2025-03-01"), "last_on": None, "hours": -30.0}]
    over = [{"person": 1, "first_on": on("2025-01-01"), "last_on": on("2025-02-01"), "hours": -30.0}]
    assert capacity(person(1), adjustment=given) == [90]
    assert capacity(person(1), adjustment=over) == [120]
    assert capacity(person(1), adjustment=[{**given[0], "hours": -500.0}]) == [0]
    assert capacity(person(1), adjustment=[{**given[0], "hidden_at": day("2025-03-09")}]) == [120]


def test_who_has_left_not_started_or_is_no_person_has_no_capacity():
    assert capacity(
        person(1, left_on=on("2025-03-01")),
        person(2, started_on=on("2025-04-01")),
        person(3, is_person=False),
        person(4, left_on=on(DAY)),
    ) == [120]


def test_load_is_effort_over_capacity():
    with loads(person(1), effort=[(10, 1, None, 50.0), (11, 1, None, 70.0)]) as session:
        row = load(session, 1)
        assert (row["accounts"], row["effort_hours"], row["capacity_hours"], row["load"]) == (2, 120, 120, 1)
        figure = session.rows("select value, count from effort_load where subject = 'p1'").to_pylist()
        assert figure == [{"value": 1.0, "count": 2}]


def test_who_carries_nothing_has_a_load_of_zero():
    with loads(person(1)) as session:
        assert load(session, 1)["load"] == 0
        figure = session.rows("select value, count from effort_load where subject = 'p1'").to_pylist()
        assert figure == [{"value": 0.0, "count": 0}]


def test_without_capacity_there_is_no_load_and_nothing_is_divided_by_zero():
    gone = [away(1, "2025-01-01", "2025-04-30", cover=2)]
    with loads(person(1), person(2), effort=[(10, 1, None, 60.0)], leave=gone) as session:
        row = load(session, 1)
        assert (row["capacity_hours"], row["load"], row["effort_hours"], row["book_hours"]) == (
            0,
            None,
            0,
            60,
        )


def test_the_book_of_an_absent_person_counts_for_the_named_cover():
    week = [away(1, "2025-03-03", "2025-03-14", cover=2)]
    with loads(
        person(1), person(2), effort=[(10, 1, None, 60.0), (11, 2, None, 30.0)], leave=week
    ) as session:
        assert load(session, 2)["cover_hours"] == 60
        assert load(session, 2)["effort_hours"] == 90
        assert load(session, 1)["effort_hours"] == 0
        assert answers(session, "uncovered_as_of", order="owner") == []


def test_before_and_after_the_leave_the_book_is_the_owners():
    week = [away(1, "2025-03-03", "2025-03-08", cover=2)]
    with loads(person(1), person(2), effort=[(10, 1, None, 60.0)], leave=week) as session:
        assert load(session, 1)["own_hours"] == 60
        assert load(session, 2)["effort_hours"] == 0


@pytest.mark.parametrize("cover", [None, 2])
def test_a_book_is_uncovered_only_where_there_is_no_cover_or_it_is_away_too(cover: int | None):
    weeks = [away(1, "2025-03-03", "2025-03-14", cover=cover), away(2, "2025-03-03", "2025-03-14")]
    with loads(person(1), person(2), effort=[(10, 1, None, 60.0)], leave=weeks) as session:
        (row,) = answers(session, "uncovered_as_of", order="owner")
    assert (row["owner"], row["why"], row["accounts"], row["hours"]) == (1, "away", 1, 60)


def test_accounts_of_nobody_of_a_leaver_and_of_an_empty_pool_are_uncovered_each_with_its_reason():
    effort = [(10, None, None, 1.0), (11, 2, None, 2.0), (12, None, 5, 4.0)]
    with loads(person(1), person(2, left_on=on("2025-01-01")), effort=effort) as session:
        rows = answers(session, "uncovered_as_of", order="hours")
    assert [(row["why"], row["hours"]) for row in rows] == [
        ("nobody", 1),
        ("not there", 2),
        ("pool is empty", 4),
    ]


def test_a_pool_is_shared_by_the_members_present_as_they_can_sustain():
    members = [
        {"pool": 5, "person": 1, "since_on": on("2024-01-01")},
        {"pool": 5, "person": 2, "since_on": on("2024-01-01")},
        {"pool": 5, "person": 3, "since_on": on("2024-01-01")},
        {"pool": 5, "person": 4, "since_on": on("2024-01-01"), "until_on": on("2025-03-01")},
    ]
    people = (person(1), person(2, working_share=0.5), person(3), person(4))
    with loads(
        *people,
        effort=[(10, None, 5, 60.0), (11, None, 5, 30.0)],
        pool_member=members,
        leave=[away(3, "2025-03-03", "2025-03-14")],
    ) as session:
        assert [load(session, n)["pool_hours"] for n in (1, 2, 3, 4)] == [60, 30, 0, 0]
        assert answers(session, "uncovered_as_of", order="owner") == []


def test_every_hour_of_effort_is_carried_once_or_uncovered():
    effort = [(10, 1, None, 7.3), (11, None, None, 1.1), (12, None, 5, 4.7), (13, 3, None, 2.9)]
    members = [{"pool": 5, "person": n, "since_on": on("2024-01-01")} for n in (1, 2)]
    with loads(
        person(1), person(2), person(3, left_on=on("2025-01-01")), effort=effort, pool_member=members
    ) as session:
        carried = sum(row["effort_hours"] for row in answers(session, "load_as_of", order="person"))
        lost = sum(row["hours"] for row in answers(session, "uncovered_as_of", order="why"))
    assert carried + lost == pytest.approx(7.3 + 1.1 + 4.7 + 2.9)


def test_a_person_who_is_no_csm_and_carries_nothing_has_no_row():
    with loads(person(1, role="leader"), person(2)) as session:
        assert [row["person"] for row in answers(session, "load_as_of", order="person")] == [2]
