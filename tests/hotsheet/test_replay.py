"""The sheets of the past: who stood on them, what was lost, how each sort did, what the points were worth."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.as_of import hold_accounts
from tests.random_world import answer, as_known, company
from tests.tables import day, world

from evenbook.hotsheet.rules import LOSSES, WEEKLY
from evenbook.hotsheet.rules.learned import Learned, learned
from evenbook.hotsheet.rules.replayed import BASELINES, LISTS, replayed
from evenbook.hotsheet.rules.told import compared, headline, learned_sentence

LAST = "2025-06-30"


def lost(*movements: tuple[int, int, str], gone: dict[int, str] | None = None) -> list[tuple[Any, ...]]:
    """Return what was lost, given (account, amount, day) and who left when."""
    rows = [
        {"account": who, "kind": "x", "change_cents": 100 * amount, "happened_at": day(on)}
        for who, amount, on in movements
    ]
    with world([LAST], movement=rows) as session:
        left = gone or {}
        accounts = {who for who, _, _ in movements} | set(left)
        hold_accounts(
            session,
            *(
                {"account": who, "churned_at": day(left[who]) if who in left else None}
                for who in sorted(accounts)
            ),
        )
        session.run(LOSSES)
        found = session.rows("select * from replay_loss order by account, happened_on").to_pylist()
    return [
        (row["account"], row["happened_on"].isoformat(), row["lost_cents"], row["is_churn"]) for row in found
    ]


def test_a_customer_that_left_lost_all_that_it_paid():
    paid = (1, 50, "2024-01-01")
    assert lost(paid, gone={1: "2025-03-01"}) == [(1, "2025-03-01", 5_000, True)]
    assert lost(paid, (1, -50, "2025-03-01"), gone={1: "2025-03-01"}) == [(1, "2025-03-01", 5_000, True)]
    assert lost(gone={2: "2025-03-01"}) == [(2, "2025-03-01", None, True)], "of unknown revenue"


def test_a_cut_of_a_tenth_counts_and_a_smaller_one_does_not():
    paid = (1, 100, "2024-01-01")
    assert lost(paid, (1, -10, "2025-03-01")) == [(1, "2025-03-01", 1_000, False)]
    assert lost(paid, (1, -9, "2025-03-01")) == []
    assert lost(paid, (1, -100, "2025-03-01")) == [(1, "2025-03-01", 10_000, True)]
    assert lost(paid, (1, -50, "2025-03-01"), (1, 45, "2025-03-01")) == [], "what came back the same day"


def test_losses_that_follow_one_another_are_one():
    paid = (1, 100, "2023-01-01")
    assert lost(paid, (1, -20, "2025-01-01"), gone={1: "2025-05-01"}) == [(1, "2025-01-01", 10_000, True)]
    assert [row[1] for row in lost(paid, (1, -20, "2024-01-01"), gone={1: "2025-05-01"})] == [
        "2024-01-01",
        "2025-05-01",
    ]


def listed(seed: int, days: list[date]) -> tuple[Any, dict[date, list[dict[str, Any]]]]:
    tables = company(seed, accounts=9)
    return tables, sheets(tables, days)


def sheets(tables: Any, days: list[date]) -> dict[date, list[dict[str, Any]]]:
    with answer(tables, days) as session:
        session.tell(replay_day=days[-1])
        session.run_all(WEEKLY)
        rows = session.rows("select * from replay_listed order by as_of, account").to_pylist()
    return {each: [row for row in rows if row["as_of"] == each] for each in days}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_later_facts_never_change_the_sheet_of_a_past_day(seed):
    days = [date(2025, 1, 6) + timedelta(weeks=week) for week in range(12)]
    tables, whole = listed(seed, days)
    then = sheets(as_known(tables, days[5]), days[:6])

    assert {each: whole[each] for each in days[:6]} == then


def test_every_sort_of_sheet_is_as_long_as_the_hot_sheet():
    days = [date(2025, 1, 6) + timedelta(weeks=week) for week in range(4)]
    _, whole = listed(7, days)

    for rows in whole.values():
        assert len({sum(row[name] for row in rows) for name in LISTS}) == 1


AS_OF = date(2025, 12, 29)


def columns(rows: list[tuple[int, str]], **other: list[tuple[int, str]]) -> dict[str, np.ndarray]:
    """Return sheets, each row as (account, day): the hot sheet and any others."""
    named = {"sheet": rows, **other}
    every = sorted({each for found in named.values() for each in found}, key=lambda each: (each[1], each[0]))
    flags = {name: np.array([each in named.get(name, []) for each in every], bool) for name in LISTS}
    return {
        "as_of": np.array([on for _, on in every], "datetime64[D]"),
        "account": np.array([who for who, _ in every], np.int64),
        **flags,
    }


def losses(*rows: tuple[int, str, float, bool]) -> dict[str, np.ndarray]:
    return {
        "account": np.array([row[0] for row in rows], np.int64),
        "happened_on": np.array([row[1] for row in rows], "datetime64[D]"),
        "lost_cents": np.array([row[2] for row in rows], np.float64),
        "is_churn": np.array([row[3] for row in rows], bool),
    }


def test_a_replay_says_how_each_sort_of_sheet_did():
    on = columns([(1, "2025-01-06"), (1, "2025-01-13"), (2, "2025-12-22")], revenue=[(3, "2025-01-06")])
    found = replayed(
        on,
        losses((1, "2025-03-03", 900.0, True), (4, "2025-03-03", 100.0, False)),
        as_of=AS_OF,
        horizon_weeks=26,
    )

    assert found is not None and (found.weeks, found.first_on) == (3, date(2025, 1, 6))
    sheet = found.sheet
    assert (sheet.rows, sheet.right, sheet.precision) == (2, 2, 1.0), "the row of December is not judged yet"
    assert (sheet.losses, sheet.seen, sheet.recall) == (2, 1, 0.5)
    assert sheet.revenue_recall == pytest.approx(0.9)
    assert sheet.lead_weeks == (8.0, 8.0, 8.0)
    assert [each.list for each in found.fared] == ["sheet", *BASELINES]
    assert [(each.account, each.lead_weeks) for each in found.losses] == [(1, 8.0), (4, None)]
    assert headline(found.fared) == "Of 2 losses, 1 stood on the sheet before, 8 weeks before at the median."


def test_a_replay_of_nothing():
    assert replayed(columns([]), losses(), as_of=AS_OF, horizon_weeks=26) is None
    calm = replayed(columns([(1, "2025-01-06")]), losses(), as_of=AS_OF, horizon_weeks=26)

    assert calm is not None
    assert headline(calm.fared).startswith("No customer was lost or cut")
    assert compared(calm.fared) == "Of 100 rows 0 were followed by a loss."


def test_a_loss_before_the_first_sheet_is_not_asked_of_it():
    found = replayed(
        columns([(1, "2025-03-03")]), losses((1, "2025-03-03", 1.0, True)), as_of=AS_OF, horizon_weeks=26
    )

    assert found is not None and found.losses == ()


TERMS = {"usage": 40.0, "seats": 10.0, "support": 15.0, "contact": 10.0, "sentiment": 10.0, "renewal": 15.0}


def made(
    seed: int, accounts: int, weights: dict[str, float], days: int = 5
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return accounts on days half a year apart, and losses that follow their terms."""
    chance = np.random.default_rng(seed)
    points: dict[str, list[Any]] = {name: [] for name in ("as_of", "account", "arr_cents", *TERMS)}
    gone = []
    for back in range(days, 0, -1):
        on = AS_OF - timedelta(weeks=26 * back)
        terms = chance.beta(0.3, 1.2, (accounts, len(TERMS)))
        height = -3.0 + terms @ np.array([weights.get(name, 0.0) for name in TERMS])
        hit = chance.random(accounts) < 1 / (1 + np.exp(-height))
        points["as_of"] += [on] * accounts
        points["account"] += list(range(accounts))
        points["arr_cents"] += [1000.0] * accounts
        for place, name in enumerate(TERMS):
            points[name] += terms[:, place].tolist()
        gone += [
            (int(who), (on + timedelta(days=30)).isoformat(), 1000.0, True) for who in np.flatnonzero(hit)
        ]
    arrays = {
        name: np.array(column, "datetime64[D]" if name == "as_of" else None)
        for name, column in points.items()
    }
    return arrays, losses(*gone)


def learn(points: dict[str, Any], gone: dict[str, Any], least: int = 60) -> Learned:
    return learned(points, gone, as_of=AS_OF, in_force=TERMS, horizon_weeks=26, least_outcomes=least)


def test_points_that_tell_more_are_proposed_and_add_up():
    found = learn(*made(1, 1500, {"renewal": 4.0, "usage": 1.0}))
    by_term = {each.term: each.proposed for each in found.terms}

    assert found.proposes and found.is_reweighted
    assert sum(by_term.values()) == 100 and all(
        value >= 1 and value == int(value) for value in by_term.values()
    )
    assert by_term["renewal"] > by_term["usage"] > by_term["sentiment"]
    assert found.error_learned < found.error_in_force
    shares = [share for _, share in found.risk]
    assert shares == sorted(shares) and found.risk[0][0] == 0 and found.risk[-1][0] == 100
    assert Learned.from_json(found.as_json()) == found
    assert "would have told more" in learned_sentence(found)


def test_points_that_are_right_stay_and_what_they_stand_for_is_learned():
    weights = {name: 4.0 * points / 40.0 for name, points in TERMS.items()}
    found = learn(*made(2, 400, weights))

    assert found.proposes
    moved = sum(abs(each.proposed - each.in_force) for each in found.terms)
    assert moved <= 30, "little that is learned of few rows differs"
    low, high = found.risk[0][1], found.risk[-1][1]
    assert low < 0.15 < 0.5 < high


def test_too_little_to_learn_from_is_said():
    few = learn(*made(3, 30, {"usage": 1.0}))
    assert not few.proposes and "losses followed; of fewer than 60" in few.why
    short = learn(*made(4, 500, {"usage": 3.0}, days=2))
    assert "known of 2 days" in short.why
    assert learned_sentence(short).startswith("Nothing is proposed: what followed")
    assert learn(*made(5, 0, {})).why


def test_what_follows_after_the_last_day_changes_nothing_that_was_learned():
    points, gone = made(6, 600, {"usage": 3.0})
    later = {name: np.concatenate([column, column[:1]]) for name, column in gone.items()}
    later["happened_on"][-1] = np.datetime64("2026-02-01")
    later["account"][-1] = 599_999

    assert learn(points, gone) == learn(points, later)
