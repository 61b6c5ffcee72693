"""The weeks that a ceiling is fitted from, and the ceilings that they show or do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.as_of import answers, hold
from tests.tables import day, world
from tests.throughput.test_work import AMARA, BEN, call, person, week

from evenbook.frames.session import Session
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.rules import APART
from evenbook.throughput.rules.fitted import ON_TIME, SCORE, ceilings

DAY = "2025-03-09"
CEILINGS = {"as_of": "DATE", "person": "BIGINT", "role": "VARCHAR", "ceiling": "DOUBLE"}
NUMBERS = ThroughputNumbers()


def told(
    *calls: dict[str, Any], people: tuple[dict[str, Any], ...] = (person(AMARA, "amara"),), **tables: Any
) -> Session:
    session = world([DAY], person=people, interaction=calls, **tables)
    hold(
        session,
        "ceiling_as_of",
        [{"as_of": date.fromisoformat(DAY), "person": AMARA, "role": "enterprise"}],
        CEILINGS,
    )
    session.run_all(APART)
    return session


def weeks_of(*calls: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    with told(*calls, **more) as session:
        rows = answers(session, "fitted_week", order="week_on, person")
    return [(each["week_on"].isoformat(), each["role"], each["volume"], each["score"]) for each in rows]


def test_a_week_is_what_was_held_in_seven_days_with_the_mean_score_of_its_calls():
    found = weeks_of(
        call("2025-03-03T09:00:00", quality=70.0),
        call("2025-03-09T23:59:59", quality=80.0),
        call("2025-03-02T23:59:59", quality=None),
    )
    assert found == [("2025-03-02", "enterprise", 1.0, None), ("2025-03-09", "enterprise", 2.0, 75.0)]


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, 1), ({"minutes": 15.0}, 1), ({"minutes": 14.0}, 0), ({"customer_present": False}, 0),
        ({"kind": "internal"}, 0), ({"kind": "escalation"}, 1), ({"kind": "onboarding"}, 1), ({"kind": "mail"}, 0),
    ],
)  # fmt: skip
def test_what_is_strategic_is_the_rule_of_the_week(more, counts):
    with week(call("2025-03-05T09:00:00", **more)) as session:
        (held,) = session.rows("select count(*) filter (is_strategic) as n from held").to_pylist()
    assert weeks_of(call("2025-03-05T09:00:00", **more))[0][2] == held["n"] == counts


def test_volume_is_that_of_a_full_time_person_and_weeks_in_ramp_are_left_out():
    half = person(AMARA, "amara", working_share=0.5, started_on=date(2024, 11, 17))
    calls = (call("2025-03-05T09:00:00"), call("2025-02-20T09:00:00"), call("2025-02-12T09:00:00"))
    assert weeks_of(*calls, people=(half,)) == [
        ("2025-02-23", "enterprise", 2.0, None),
        ("2025-03-09", "enterprise", 2.0, None),
    ]
    none = person(AMARA, "amara", working_share=0.0)
    assert weeks_of(*calls, people=(none,)) == []


def test_a_week_counts_for_the_role_that_the_person_had_in_it_as_known_on_the_day():
    roles = [
        {"person": AMARA, "role": "digital", "first_on": date(1970, 1, 1), "visible_at": day("2024-01-01")},
        {"person": AMARA, "role": "scale", "first_on": date(2025, 3, 5), "visible_at": day("2025-03-05")},
        {
            "person": AMARA,
            "role": "mid_market",
            "first_on": date(2025, 1, 1),
            "visible_at": day("2025-03-10"),
        },
    ]
    calls = (call("2025-03-05T09:00:00"), call("2025-02-26T09:00:00"))
    assert [each[1] for each in weeks_of(*calls, person_role=roles)] == ["digital", "scale"]


def test_what_is_not_known_on_the_day_and_who_has_no_ceiling_are_not_there():
    late = call("2025-03-05T09:00:00", visible_at=datetime(2025, 3, 10))
    gone = call("2025-03-05T09:00:00", hidden_at=datetime(2025, 3, 9, 12))
    other = call("2025-03-05T09:00:00", BEN)
    team = (person(AMARA, "amara"), person(BEN, "ben"))
    assert weeks_of(late, gone, other, people=team) == []


def made(
    *, ceiling: float | None, people: int = 20, weeks: int = 52, slope: float = -4.0, seed: int = 1
) -> dict[str, list[Any]]:
    """Return weeks of enterprise people whose scores fall past a ceiling, or never."""
    rng, last = np.random.default_rng(seed), date(2025, 3, 9)
    rows: dict[str, list[Any]] = {name: [] for name in ("person", "role", "week_on", "volume", "score")}
    for who in range(people):
        own = 75 + 5 * rng.standard_normal()
        for back in range(weeks):
            volume = float(max(1, rng.poisson(9)))
            past = max(0.0, volume - ceiling) if ceiling is not None else 0.0
            rows["person"].append(who)
            rows["role"].append("enterprise")
            rows["week_on"].append(last - timedelta(weeks=back))
            rows["volume"].append(volume)
            rows["score"].append(own + slope * past + 12 / volume**0.5 * rng.standard_normal())
    return rows


def test_a_planted_ceiling_is_found_and_proposed_for_its_role_alone():
    found = ceilings(made(ceiling=9.0), {}, NUMBERS)
    score = next(each for each in found if (each.role, each.quality) == ("enterprise", SCORE))
    assert abs(score.found - 9.0) <= 0.5 and score.low <= score.found <= score.high and score.slope < -2
    assert score.proposed == 9.0 and score.is_changed and (score.people, score.weeks) == (20, 1040)
    assert [each for each in found if each.is_changed] == [score]


def test_no_ceiling_is_seen_where_there_is_none_and_the_one_in_force_stays():
    found = ceilings(made(ceiling=None), {}, NUMBERS)
    score = next(each for each in found if (each.role, each.quality) == ("enterprise", SCORE))
    assert (
        score.found is None and score.proposed == 12 and score.why == "No ceiling is visible in these weeks."
    )


def test_one_person_few_weeks_and_nobody_each_say_so():
    for rows in (made(ceiling=9.0, people=1), made(ceiling=9.0, weeks=1)):
        found = ceilings(rows, {}, NUMBERS)
        assert found[0].why == "It takes 40 weeks of 2 people to look for one."
    nobody = ceilings({name: [] for name in made(ceiling=9.0, weeks=0)}, {}, NUMBERS)
    assert {each.why for each in nobody} == {"No week of this role is known."} and len(nobody) == 8


def test_all_scores_missing_leaves_what_was_done_on_time_to_speak():
    rows = made(ceiling=9.0)
    on_time = {
        (who, week_on): min(1.0, max(0.0, score / 100))
        for who, week_on, score in zip(rows["person"], rows["week_on"], rows["score"], strict=True)
    }
    rows["score"] = [None] * len(rows["score"])
    found = {each.quality: each for each in ceilings(rows, on_time, NUMBERS) if each.role == "enterprise"}
    assert found[SCORE].why == "No week of this role is known."
    assert abs(found[ON_TIME].found - 9.0) <= 0.5 and found[ON_TIME].proposed == 9.0


def test_of_two_ceilings_the_lower_is_proposed():
    rows, later = made(ceiling=8.0), made(ceiling=11.0, seed=2)
    on_time = {
        (who, week_on): (score - 3 * max(0.0, volume - 11.0)) / 100
        for who, week_on, score, volume in zip(
            later["person"], rows["week_on"], later["score"], rows["volume"], strict=True
        )
    }
    found = {each.quality: each for each in ceilings(rows, on_time, NUMBERS) if each.role == "enterprise"}
    assert found[SCORE].proposed == 8.0
    assert not found[ON_TIME].is_changed


def test_an_interval_that_holds_the_ceiling_in_force_changes_nothing():
    rows = tuple(
        each.model_copy(update={"a_week": 9.0}) if each.role == "enterprise" else each
        for each in NUMBERS.ceilings
    )
    found = ceilings(made(ceiling=9.0), {}, NUMBERS.model_copy(update={"ceilings": rows}))
    assert found[0].found is not None and not found[0].is_changed
    assert found[0].why == "The interval holds the ceiling in force."


def recorded(*, ceiling: float | None, people: int = 12, seed: int = 3) -> list[dict[str, Any]]:
    """Return a year of calls, as records have them: scores fall past a ceiling, or never."""
    rng, last = np.random.default_rng(seed), datetime(2025, 3, 9, 12)
    found = []
    for who in range(1, people + 1):
        own = 75 + 5 * rng.standard_normal()
        for back in range(52):
            volume = int(max(1, rng.poisson(9)))
            past = max(0.0, volume - ceiling) if ceiling is not None else 0.0
            for place in range(volume):
                at = last - timedelta(weeks=back, days=place % 5)
                score = own - 4 * past + 12 * rng.standard_normal()
                found.append(call(at.isoformat(), who, quality=float(min(100.0, max(0.0, score)))))
    return found


@pytest.mark.parametrize("ceiling", [9.0, None])
def test_a_planted_ceiling_goes_from_the_records_into_the_proposal(ceiling):
    team = tuple(person(who, f"p{who}", role="enterprise") for who in range(1, 13))
    with told(*recorded(ceiling=ceiling), people=team) as session:
        rows = session.rows("select * from fitted_week order by person, week_on").to_pydict()
    found = ceilings(rows, {}, NUMBERS)[0]
    assert (found.role, found.people) == ("enterprise", 12) and found.weeks > 600
    assert found.found is None if ceiling is None else abs(found.found - ceiling) <= 0.5
    assert found.proposed == (12 if ceiling is None else 9)
