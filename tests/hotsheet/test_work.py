"""Which rows people can work in the week, and by when; the work on an account from its sheet to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.as_of import hold
from tests.tables import day, world

from evenbook.frames.session import Session
from evenbook.hotsheet.rules import STEPS
from evenbook.hotsheet.rules.cases import (
    CLAIMED,
    FALSE_ALARM,
    LOST,
    NEW,
    SAVED,
    WORKING,
    Case,
    Fact,
    begins,
    moved,
)

RULES = {step.writes: step for step in STEPS}
FRIDAY = "2025-06-13"
RANK = {"as_of": "DATE", "account": "BIGINT", "place": "BIGINT"}
CARRIED = {
    "as_of": "DATE", "account": "BIGINT", "owner": "BIGINT", "pool": "BIGINT", "person": "BIGINT",
    "how": "VARCHAR", "why": "VARCHAR", "works": "BOOLEAN", "hours": "DOUBLE",
}  # fmt: skip
CAPACITY = {
    "as_of": "DATE", "person": "BIGINT", "monthly_hours": "DOUBLE", "working_share": "DOUBLE",
    "ramp": "DOUBLE", "adjustment_hours": "DOUBLE",
}  # fmt: skip
A_WEEK = 52 / 12


def held(
    *carried: dict[str, Any],
    ranked: tuple[int, ...] = (1, 2, 3),
    monthly: float = 10 * A_WEEK,
    **tables: Any,
) -> Session:
    """Return a session with the work of Friday's sheet; a person sustains ten hours a week."""
    on = date.fromisoformat(FRIDAY)
    people = [{"person": 7, "key": "amara", "name": "Amara", "is_person": True, "region": "EMEA"}]
    session = world([FRIDAY], person=people, **tables)
    hold(
        session,
        "hot_rank",
        [{"as_of": on, "account": each, "place": n} for n, each in enumerate(ranked, 1)],
        RANK,
    )
    hold(session, "carried_as_of", [{"as_of": on, "works": True, **row} for row in carried], CARRIED)
    sustained = {"as_of": on, "person": 7, "working_share": 1.0, "ramp": 1.0, "adjustment_hours": 0.0}
    hold(session, "capacity_as_of", [{**sustained, "monthly_hours": monthly}], CAPACITY)
    session.run_all(RULES[name] for name in ("hot_free", "hot_work"))
    return session


def own(account: int, hours: float = 4.0) -> dict[str, Any]:
    return {"account": account, "owner": 7, "person": 7, "how": "own", "hours": hours * A_WEEK}


def overflow(session: Session) -> dict[int, str]:
    rows = session.rows("select account, overflow from hot_work order by account").to_pylist()
    return {row["account"]: row["overflow"] for row in rows}


def free(session: Session) -> float:
    return float(session.rows("select free_hours from hot_free").to_pylist()[0]["free_hours"])


def test_free_hours_are_those_that_calm_accounts_leave():
    session = held(own(1), own(2), own(3), own(4, 7.0))

    assert free(session) == pytest.approx(3.0)
    assert overflow(session) == {1: "", 2: "", 3: "hours"}, "an hour and a half each: two of them fit"


def test_leave_and_holidays_of_the_week_ahead_take_their_hours():
    leave = [
        {
            "person": 7,
            "first_on": date(2025, 6, 16),
            "last_on": date(2025, 6, 17),
            "visible_at": day("2025-06-01"),
        },
        {
            "person": 7,
            "first_on": date(2025, 6, 17),
            "last_on": date(2025, 6, 18),
            "visible_at": day("2025-06-20"),
        },
    ]
    assert free(held(own(1), leave=leave)) == pytest.approx(6.0), "what is told later is not known yet"

    withdrawn = [{**leave[0], "hidden_at": day("2025-06-10")}]
    assert free(held(own(1), leave=withdrawn)) == pytest.approx(10.0)


def test_a_book_past_its_hours_leaves_none():
    session = held(own(1), own(4, 14.0))

    assert free(session) == 0.0
    assert overflow(session)[1] == "hours"


def test_nobody_there_is_said_and_a_pool_has_its_queue():
    rows = (
        {"account": 1, "owner": 7, "how": "uncovered", "why": "away", "hours": 1.0},
        {"account": 2, "how": "uncovered", "why": "nobody", "hours": 1.0},
        {"account": None, "pool": 1, "person": 7, "how": "pool", "hours": 1.0},
    )

    assert overflow(held(*rows)) == {1: "away", 2: "nobody", 3: ""}


def test_a_first_action_is_due_on_the_next_working_day():
    session = held(own(1))

    assert session.rows("select due_on from hot_work").to_pylist()[0]["due_on"] == date(2025, 6, 16)


def test_an_empty_sheet_has_no_work():
    assert overflow(held(ranked=())) == {}


# ------------------------------------------------------------------ the work on an account

BEGAN = date(2025, 1, 6)
CASE = Case(1, BEGAN, renews_on=date(2025, 5, 1))
NOTHING = Fact(None, "", None, False, True, True, date(2025, 5, 1))
QUIET = replace(NOTHING, is_bad=False, is_listed=False)


def after(case: Case, fact: Fact, weeks: int = 1) -> Case:
    return moved(case, fact, day=BEGAN + timedelta(weeks=weeks), calm_weeks=8)


def weekly(facts: list[Fact], case: Case = CASE) -> Case:
    for week, fact in enumerate(facts, 1):
        if case.ended_on is None:
            case = after(case, fact, week)
    return case


def test_the_first_action_makes_it_work_and_stays_the_first():
    acted = after(CASE, replace(NOTHING, acted_on=date(2025, 1, 7), act="call"))
    again = after(acted, replace(NOTHING, acted_on=date(2025, 1, 20), act="meeting"), 2)

    assert (acted.acted_on, acted.act) == (again.acted_on, again.act) == (date(2025, 1, 7), "call")
    assert CASE.state_on(BEGAN) == NEW
    assert acted.state_on(date(2025, 1, 12)) == NEW, "it was not known yet"
    assert acted.state_on(date(2025, 1, 13)) == WORKING


def test_a_loss_ends_it_on_its_day_whatever_was_claimed():
    claimed = replace(CASE, claimed_on=date(2025, 1, 8))
    lost = after(claimed, replace(NOTHING, lost_on=date(2025, 1, 10), is_churn=True))

    assert (lost.ending, lost.ended_on, lost.why) == (
        LOST,
        date(2025, 1, 10),
        "the customer left on 10 January 2025",
    )
    assert claimed.state_on(date(2025, 1, 9)) == CLAIMED
    assert (
        after(CASE, replace(NOTHING, lost_on=date(2025, 1, 10))).why == "revenue was cut on 10 January 2025"
    )


def test_a_renewal_that_moved_on_saves_it_and_one_that_came_nearer_does_not():
    saved = after(CASE, replace(NOTHING, renews_on=date(2026, 5, 1)))

    assert (saved.ending, saved.why) == (SAVED, "renewed to 1 May 2026")
    assert after(CASE, replace(NOTHING, renews_on=date(2025, 3, 1))).ended_on is None
    assert after(replace(CASE, renews_on=None), replace(NOTHING, renews_on=date(2026, 5, 1))).ended_on is None


def test_eight_weeks_of_calm_save_it_where_something_was_done():
    acted = replace(CASE, acted_on=date(2025, 1, 7))
    found = weekly([QUIET] * 9, acted)

    assert (found.ending, found.ended_on) == (SAVED, BEGAN + timedelta(weeks=9))
    assert weekly([QUIET] * 8, acted).ended_on is None
    assert weekly([*[QUIET] * 5, NOTHING, *[QUIET] * 8], acted).ended_on is None, "a bad week begins it anew"


def test_what_came_back_by_itself_was_a_false_alarm():
    found = weekly([QUIET] * 9)

    assert found.ending == FALSE_ALARM and "nobody had done anything" in found.why


def test_work_begins_again_only_after_a_rest_or_a_sheet_without_it():
    def again(ended: date | None, earlier: bool, weeks: int = 1) -> bool:
        before = {} if ended is None else {1: ended}
        on_it = frozenset({1}) if earlier else frozenset[int]()
        return begins(1, before, on_it, day=BEGAN + timedelta(weeks=weeks), rest_weeks=8)

    assert again(None, earlier=True)
    assert not again(BEGAN, earlier=True)
    assert again(BEGAN, earlier=False)
    assert again(BEGAN, earlier=True, weeks=8)
    assert not again(BEGAN + timedelta(weeks=1), earlier=False), "not on the day on which it ended"


facts = st.builds(
    Fact,
    acted_on=st.none() | st.just(date(2025, 1, 8)),
    act=st.just("call"),
    lost_on=st.none() | st.just(date(2025, 2, 1)),
    is_churn=st.booleans(),
    is_bad=st.booleans(),
    is_listed=st.booleans(),
    renews_on=st.sampled_from([None, date(2025, 5, 1), date(2026, 5, 1)]),
)


@given(st.lists(facts, max_size=12), st.integers(0, 12))
def test_where_it_stood_on_a_day_never_changes_by_what_is_known_later(known, weeks):
    at = BEGAN + timedelta(weeks=weeks)
    seen = [each for week, each in enumerate(known, 1) if week <= weeks]
    then, later = weekly(seen), weekly(known)

    for fact in (then, later):
        assert (fact.ended_on is None) == (not fact.ending)
    assert then.state_on(at) == later.state_on(at)
