"""Every step of the weekly run, held to the first invariant: an answer reads nothing that comes after it.

A run over many weeks is compared with a run that ends earlier, and with a run of one week that goes
on from the carry of the week before. Rows of the same day must be the same, to the last digit.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.random_world import answer, as_known, company, went_on

from evenbook.frames.session import Session
from evenbook.site import registry

MONDAY = date(2024, 1, 1)
WORDS = {"effort_factors", "standing_terms", "cohort_as_of"}
"""Steps that answer for the last of the days alone."""


def weeks(first: int, last: int) -> list[date]:
    return [MONDAY + timedelta(weeks=number) for number in range(first, last + 1)]


def rows_of(session: Session, table: str, day: date, *, dated_by: str) -> list[str]:
    found = session.rows(f"select * from {table} where {dated_by} = date '{day}'").to_pylist()
    return sorted(map(repr, found))


def dated(session: Session) -> dict[str, str]:
    """Return the tables that answer for days, each with its column of the day.

    The others keep facts with their own instants, or settings of the run.
    """
    found = {}
    for step in registry.steps():
        columns = session.rows(f"select * from {step.writes} limit 0").column_names
        for name in {"as_of", "happened_on"} & set(columns):
            found[step.writes] = name
    return found


def differences(
    one: Session, other: Session, day: date, *, without: set[str] = frozenset()
) -> dict[str, Any]:  # type: ignore[assignment]
    found = {}
    for table, column in dated(one).items():
        if table in without:
            continue
        left, right = (rows_of(session, table, day, dated_by=column) for session in (one, other))
        if left != right:
            found[table] = (sorted(set(left) - set(right))[:2], sorted(set(right) - set(left))[:2])
    return found


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), cut=st.integers(20, 60))
@example(seed=198, cut=49)
def test_facts_that_come_later_never_change_an_answer(seed: int, cut: int):
    tables = company(seed)
    known = as_known(tables, weeks(cut, cut)[0])
    with answer(known, weeks(4, cut)) as early, answer(tables, weeks(4, cut + 9)) as late:
        for day in weeks(cut - 1, cut):
            assert differences(early, late, day, without=WORDS) == {}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), cut=st.integers(20, 60))
def test_a_run_of_one_week_gives_the_rows_of_a_run_over_all_weeks(seed: int, cut: int):
    tables = company(seed, usage_is_late=False)
    days = weeks(4, cut)
    with answer(tables, days) as whole, answer(tables, days[:-1]) as before:
        with went_on(tables, days[-1], before, from_day=days[-2]) as one:
            assert differences(whole, one, days[-1]) == {}


def test_the_random_companies_reach_every_step():
    seen: set[str] = set()
    for seed in (1, 2, 5, 8):
        with answer(company(seed), weeks(52, 70)) as session:
            asked = dated(session)
            seen |= {name for name in asked if session.rows(f"select 1 from {name} limit 1").num_rows}
    assert len(asked) > 40
    assert set(asked) - seen == set()
