"""Whose an account's hours are: roles take their part, who works it has the rest, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.as_of import answers, hold
from tests.capacity.test_effort import PLAIN, efforts
from tests.random_world import answer, as_known, company
from tests.tables import day

from evenbook.book.numbers import BookNumbers, RoleShare
from evenbook.capacity.rules import STEPS
from evenbook.frames.session import Session
from evenbook.site.bench.notebook import capacity as notebook
from evenbook.site.bench.notebook.accounts import Day

AMARA, BEN, CHIDI, POOL = 7, 8, 9, 3
MONDAY = date(2024, 1, 1)
SHARES = {"stage": "VARCHAR", "role": "VARCHAR", "share": "DOUBLE"}
PARTS = [step for step in STEPS if step.writes in {"role_effort_as_of", "effort_part_as_of"}]


def role(name: str, account: int = 1, **who: int) -> dict[str, Any]:
    return {"account": account, "role": name, "happened_at": day("2025-01-01"), **who}


def parts(session: Session, account: int = 1) -> dict[tuple[int | None, int | None], tuple[float, bool]]:
    return {
        (row["person"], row["pool"]): (row["hours"], row["works"])
        for row in answers(session, "effort_part_as_of", order="account, person, pool")
        if row["account"] == account
    }


@pytest.mark.parametrize(
    ("stage", "share"), [("onboarding", 0), ("adoption", 0.15), ("value", 0.15), ("renewal", 0.15)]
)
def test_an_expansion_owner_has_their_part_after_the_onboarding(stage: str, share: float):
    with efforts({**PLAIN, "person": AMARA, "stage": stage}, ownership=[role("expansion", person=BEN)]) as s:
        whole = answers(s, "effort_as_of")[0]["hours"]
        found = parts(s)
    assert found[AMARA, None] == (pytest.approx(whole * (1 - share), abs=1e-6), True)
    assert found.get((BEN, None), (0, False)) == (pytest.approx(whole * share, abs=1e-6), False)


def test_the_rest_is_theirs_who_works_the_account_in_its_stage():
    given = [role("adoption", person=CHIDI), role("expansion", pool=POOL)]
    with efforts({**PLAIN, "person": AMARA, "stage": "adoption"}, ownership=given) as s:
        whole, found = answers(s, "effort_as_of")[0]["hours"], parts(s)
    assert set(found) == {(CHIDI, None), (None, POOL)} and found[CHIDI, None][1]
    assert found[None, POOL] == (pytest.approx(whole * 0.15, abs=1e-6), False)


def test_somebody_with_two_roles_has_one_row():
    given = [role("expansion", person=AMARA), role("renewal", person=BEN)]
    with efforts({**PLAIN, "person": AMARA}, ownership=given) as s:
        whole, found = answers(s, "effort_as_of")[0]["hours"], parts(s)
    assert found == {
        (AMARA, None): (pytest.approx(whole * 0.85, abs=1e-6), True),
        (BEN, None): (pytest.approx(whole * 0.15, abs=1e-6), False),
    }


def test_what_nobody_works_stays_nobodys():
    with efforts(dict(PLAIN), ownership=[role("expansion", person=BEN)]) as s:
        whole, found = answers(s, "effort_as_of")[0]["hours"], parts(s)
    assert found[None, None] == (pytest.approx(whole * 0.85, abs=1e-6), True)


def test_each_role_is_there_with_what_it_takes_in_the_stage():
    given = [role("onboarding", person=BEN), role("expansion", person=CHIDI), role("renewal", pool=POOL)]
    for stage, worked, taken in (("onboarding", "onboarding", 0.0), ("value", None, 0.15)):
        with efforts({**PLAIN, "person": AMARA, "stage": stage}, ownership=given) as s:
            whole = answers(s, "effort_as_of")[0]["hours"]
            found = {row["role"]: row for row in answers(s, "role_effort_as_of", order="role")}
        assert {name for name, row in found.items() if row["works"]} == ({worked} if worked else set())
        assert found["expansion"]["hours"] == pytest.approx(whole * taken, abs=1e-6)
        assert found["onboarding"]["hours"] == pytest.approx(whole if worked else 0, abs=1e-6)


def test_without_roles_there_is_one_row_an_account():
    accounts = [{**PLAIN, "account": number, "person": AMARA} for number in (1, 2)]
    with efforts(*accounts, ownership=[role("expansion", account=2, person=BEN)]) as s:
        assert parts(s, 1) == {(AMARA, None): (answers(s, "effort_as_of")[0]["hours"], True)}
        assert len(parts(s, 2)) == 2


def test_roles_may_take_everything_and_leave_nobody_an_empty_row():
    with efforts(dict(PLAIN), ownership=[role("expansion", person=BEN)]) as s:
        hold(s, "policy_book_role_shares", [{"stage": "value", "role": "expansion", "share": 1.0}], SHARES)
        s.run_all(PARTS)
        assert parts(s) == {(BEN, None): (answers(s, "effort_as_of")[0]["hours"], False)}


def test_the_roles_of_a_stage_take_no_more_than_all_of_it():
    shares = [{"stage": "value", "role": name, "share": 0.6} for name in ("expansion", "renewal")]
    with pytest.raises(ValueError, match="more than all hours in the stage 'value'"):
        BookNumbers(role_shares=tuple(RoleShare(**each) for each in shares))


def weeks(first: int, last: int) -> list[date]:
    return [MONDAY + timedelta(weeks=number) for number in range(first, last + 1, 6)]


def millionths(hours: float) -> Decimal:
    return Decimal(repr(hours)).quantize(Decimal("0.000001"))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_the_parts_of_an_account_are_its_hours_to_the_millionth(seed: int):
    with answer(company(seed), weeks(30, 70)) as s:
        whole = {(row["as_of"], row["account"]): row["hours"] for row in answers(s, "effort_as_of")}
        rows = answers(s, "effort_part_as_of")
    assert len({(row["as_of"], row["account"], row["person"], row["pool"]) for row in rows}) == len(rows)
    assert min((row["hours"] for row in rows), default=0) >= 0
    for key, hours in whole.items():
        mine = [millionths(row["hours"]) for row in rows if (row["as_of"], row["account"]) == key]
        assert sum(mine, Decimal(0)) == millionths(hours)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_a_role_that_is_given_later_changes_no_earlier_part(seed: int):
    tables = company(seed)
    known = as_known(tables, weeks(30, 42)[-1])
    with answer(known, weeks(30, 42)) as early, answer(tables, weeks(30, 60)) as late:
        told = answers(early, "effort_part_as_of", order="all")
        assert told == [
            row
            for row in answers(late, "effort_part_as_of", order="all")
            if row["as_of"] <= weeks(30, 42)[-1]
        ]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_the_notebook_finds_the_same_parts(seed: int):
    as_of = weeks(50, 50)[0]
    with answer(company(seed), [as_of]) as s:
        frames = {
            name: s.table(name).to_pandas()
            for name in ("ownership", "policy_book_role_shares", "policy_book_stage_roles")
        }
        work = s.table("effort_as_of").to_pandas()[["account", "person", "pool", "tier", "stage", "hours"]]
        ruled = s.table("effort_part_as_of").to_pandas()
    ends_at = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    noted = notebook.parts(Day(as_of, ends_at, as_of, frames, {}, {"efforts": work.set_index("account")}))

    def told(rows: Any) -> list[tuple[Any, ...]]:
        columns = rows[["account", "person", "pool", "hours"]].fillna(-1).astype("float64")
        return sorted(tuple(row) for row in columns.round(6).to_numpy())

    assert told(noted) == told(ruled)
