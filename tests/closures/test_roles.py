"""Who owes what at an account follows the roles on it: whoever works its stage, else its owner."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tables import day, world

from evenbook.frames.session import Session
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, stored
from evenbook.site.registry import steps_for

AMARA, BEN, CHIDI, POOL = 1, 2, 3, 5
ACCOUNT = {"account": 1, "key": "acme", "name": "Acme", "started_at": day("2024-01-01"), "visible_at": day("2024-01-01")}  # fmt: skip
PEOPLE = [{"person": number, "key": name, "name": name, "is_person": True, "working_share": 1.0, "team": "North"}
          for number, name in ((AMARA, "amara"), (BEN, "ben"), (CHIDI, "chidi"))]  # fmt: skip
OWNED = {"account": 1, "person": AMARA, "happened_at": day("2024-01-01")}
ASKED = ("loop", "loop_open", "coverage_as_of", "covered")


def said(name: str, value: str, since: str = "2024-01-01") -> dict[str, Any]:
    return {"account": 1, "name": name, "value": value, "happened_at": day(since)}


def role(name: str, since: str = "2024-01-01", *, known: str = "", **who: int) -> dict[str, Any]:
    seen = day(max(since, known or since))
    return {"account": 1, "role": name, "happened_at": day(since), "visible_at": seen, **who}


def call(on: str) -> dict[str, Any]:
    return {
        "account": 1, "kind": "strategic", "status": "completed", "minutes": 45.0, "customer_present": True,
        "person": AMARA, "happened_at": day(on), "visible_at": day(on), "event": f"call:{on}",
    }  # fmt: skip


def told(days: list[str], *given: dict[str, Any], stages: tuple[dict[str, Any], ...], **more: Any) -> Session:
    values = [said("tier", "1"), *stages]
    tables = {"ownership": [OWNED, *given], "account_value": values, **more}
    session = world(days, account=[ACCOUNT], person=PEOPLE, **tables)
    session.hold("usage_carry", stored([]))
    session.tell(**NOTHING_SEEN)
    session.run_all(steps_for(*ASKED))
    return session


def who(session: Session, table: str) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in session.rows(f"select person, pool from {table}").to_pylist()}


@pytest.mark.parametrize(
    ("stage", "holder"),
    [("onboarding", (BEN, None)), ("adoption", (None, POOL)), ("value", (None, POOL)), ("renewal", (AMARA, None))],
)  # fmt: skip
def test_a_loop_and_coverage_are_theirs_who_work_the_stage(stage: str, holder: tuple[int | None, int | None]):
    given = [role("onboarding", person=BEN), role("adoption", pool=POOL), role("expansion", person=CHIDI)]
    with told(["2025-03-10"], *given, stages=(said("stage", stage),), interaction=[call("2025-03-05")]) as s:
        assert who(s, "loop_open") == {holder} and who(s, "loop") == {holder}
        assert who(s, "coverage_as_of") == {holder}


def test_without_roles_they_are_the_owners():
    with told(["2025-03-10"], stages=(said("stage", "onboarding"),), interaction=[call("2025-03-05")]) as s:
        assert who(s, "loop_open") == who(s, "coverage_as_of") == {(AMARA, None)}


def test_what_is_open_goes_on_with_the_stage():
    stages = (said("stage", "onboarding"), said("stage", "value", "2025-03-12"))
    for last, holder in (("2025-03-10", BEN), ("2025-03-17", AMARA)):
        days = ["2025-03-10", "2025-03-17"][: 1 + (last > "2025-03-10")]
        with told(days, role("onboarding", person=BEN), stages=stages, interaction=[call("2025-03-05")]) as s:
            assert who(s, "loop_open") == {(holder, None)}


def test_the_cover_of_whoever_works_it_owes_it_while_they_are_away():
    first, last = day("2025-03-03").date(), day("2025-03-28").date()
    away = {
        "person": BEN,
        "first_on": first,
        "last_on": last,
        "cover": CHIDI,
        "visible_at": day("2025-02-01"),
    }
    stages = (said("stage", "onboarding"),)
    given = role("onboarding", person=BEN)
    with told(["2025-03-10"], given, stages=stages, interaction=[call("2025-03-05")], leave=[away]) as s:
        assert who(s, "loop_open") == {(CHIDI, None)} and who(s, "coverage_as_of") == {(BEN, None)}


def test_an_account_that_nobody_owns_is_theirs_who_have_its_role():
    nobody = {"account": 1, "happened_at": day("2024-06-01")}
    given = role("onboarding", person=BEN)
    stages = (said("stage", "onboarding"),)
    with told(["2025-03-10"], nobody, given, stages=stages, interaction=[call("2025-03-05")]) as s:
        assert who(s, "loop_open") == who(s, "coverage_as_of") == {(BEN, None)}


def test_a_role_that_is_told_later_changes_no_week_before():
    late = role("onboarding", "2025-03-01", known="2025-03-12", person=BEN)
    stages = (said("stage", "onboarding"),)
    with told(["2025-03-10", "2025-03-17"], late, stages=stages, interaction=[call("2025-03-05")]) as s:
        rows = s.rows("select person from coverage_as_of order by as_of").to_pylist()
    assert [row["person"] for row in rows] == [AMARA, BEN]


def test_the_figure_of_coverage_is_by_whoever_works_the_account():
    with told(["2025-03-10"], role("onboarding", person=BEN), stages=(said("stage", "onboarding"),)) as s:
        rows = s.rows("select subject from covered where subject_kind = 'csm'").to_pylist()
    assert [row["subject"] for row in rows] == ["ben"]
