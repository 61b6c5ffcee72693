"""The state machine: entered with certainty, left later than entered, healed only at the old level."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy
from evenbook.states.rules.fold import NO_STANDINGS, stand

NUMBERS = Policy.defaults(sections()).params()
MONDAY = date(2026, 1, 5)
STEADY = {"usual": 50.0, "recent": 50.0, "score_short": 0.0}


def row(week: int, account: int = 1, **more: Any) -> dict[str, Any]:
    said = {
        "as_of": MONDAY + timedelta(weeks=week),
        "account": account,
        "active": True,
        "age_days": 900 + 7 * week,
        "seen": True,
        "ready": True,
        "exposure": 4.0,
        "exposure_squares": 4.0,
        "dispersion": 0.05,
        "mean12": 50.0,
        "zero_weeks": 0,
        "weeks_seen": 60 + week,
        "points": 0.0,
        **STEADY,
        **more,
    }
    said.setdefault("seen_sum", said["recent"] * 4)
    return said


def fallen(share: float) -> dict[str, Any]:
    return {"recent": 50.0 * share, "score_short": -20 * (1 - share)}


def run(rows: list[dict[str, Any]], carry: pa.Table = NO_STANDINGS) -> dict[str, pa.Table]:
    table = pa.Table.from_pylist(rows)
    for name in ("age_days", "usual", "recent", "score_short", "seen_sum", "points"):
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.float64()))
    return stand({"state_input": table, "state_carry": carry}, NUMBERS)


def states(*weeks: dict[str, Any]) -> list[str]:
    rows = [row(number, **said) for number, said in enumerate(weeks)]
    return [one["state"] for one in run(rows)["state_as_of"].to_pylist()]


def test_the_order_in_which_rows_come_changes_nothing():
    """The engine works large tables out in parts, and gives the parts back as they are ready."""
    fall = [{}, fallen(0.6), fallen(0.6), fallen(0.3), {}, {}]
    rows = [
        row(week, account, **fall[(week + account) % 6]) for week in range(30) for account in range(1, 40)
    ]
    shuffled = random.Random(7).sample(rows, len(rows))
    in_order, in_any = run(rows), run(shuffled)
    assert in_order["state_move"].num_rows > 0
    assert all(in_order[name].equals(in_any[name]) for name in in_order)


def test_a_young_account_goes_through_onboarding_and_adoption_to_healthy():
    assert states({"age_days": 89}, {"age_days": 90}, {"age_days": 359}, {"age_days": 360}) == [
        "onboarding",
        "adopting",
        "adopting",
        "healthy",
    ]


def test_an_account_of_unknown_age_is_taken_as_grown():
    assert states({"age_days": float("nan")}) == ["healthy"]


def test_a_fall_counts_from_its_second_week():
    assert states({}, fallen(0.6), fallen(0.6)) == ["healthy", "healthy", "declining"]


def test_a_fall_without_certainty_changes_nothing():
    unsure = {"recent": 20.0, "score_short": -1.0}
    assert states({}, unsure, unsure, unsure) == ["healthy"] * 4


def test_more_than_half_lost_is_at_risk():
    assert states({}, fallen(0.3), fallen(0.3))[-1] == "at_risk"


def test_points_off_the_score_make_an_account_decline_without_usage():
    blind = {"ready": False, "seen": False, "recent": float("nan"), "usual": float("nan"), "points": 45.0}
    assert states(blind, blind, blind)[-1] == "declining"
    assert states(blind, blind | {"points": 65.0}, blind | {"points": 65.0})[-1] == "at_risk"


def test_an_account_does_not_heal_by_getting_used_to_its_loss():
    used_to_it = {"recent": 30.0, "usual": 31.0, "score_short": -0.1}
    found = states({}, fallen(0.6), fallen(0.6), *[used_to_it] * 10)
    assert found[-1] == "declining"


def test_an_account_recovers_at_its_old_level_and_is_watched_for_eight_weeks():
    found = states({}, fallen(0.6), fallen(0.6), *[{"recent": 44.0}] * 12)
    assert found[2:6] == ["declining", "declining", "recovering", "recovering"]
    assert found.count("recovering") == 8
    assert found[-1] == "healthy"


def test_half_a_year_at_a_smaller_level_is_rebased_by_a_transition_of_its_own():
    smaller = {"recent": 30.0, "usual": 50.0, "score_short": -8.0}
    rows = [row(0), *(row(week, **smaller) for week in range(1, 40))]
    moves = run(rows)["state_move"].to_pylist()
    assert [move["cause"] for move in moves][:3] == ["first_seen", "usage", "rebased"]
    assert (moves[2]["happened_on"] - moves[1]["happened_on"]).days >= 25 * 7


def test_three_weeks_without_usage_are_silence_and_eight_for_the_smallest():
    quiet = [{"zero_weeks": number, "recent": 0.0} for number in (1, 2, 3)]
    assert states({}, *quiet)[-1] == "silent"
    small = [{"zero_weeks": number, "mean12": 1.0, "usual": 1.0, "recent": 1.0} for number in range(1, 9)]
    assert states({}, *small)[-2:] == ["healthy", "silent"]


def test_a_feed_that_stopped_leaves_every_state_as_it_is():
    blind = {"ready": False, "seen": False, "recent": float("nan"), "zero_weeks": 2}
    assert states({}, *[blind] * 6) == ["healthy"] * 7


def test_a_feed_that_stopped_neither_heals_nor_wakes_anybody():
    blind = {"ready": False, "seen": False, "recent": float("nan"), "zero_weeks": 4}
    fell = [{}, fallen(0.6), fallen(0.6)]
    silent = [{}, *({"recent": 12.0, "zero_weeks": weeks} for weeks in (1, 2, 3, 4))]

    assert states(*fell, *[blind] * 6)[2:] == ["declining"] * 7
    assert states(*silent, *[blind] * 6)[4:] == ["silent"] * 7


def test_churned_is_at_once_and_a_returned_account_starts_by_its_age():
    found = states({}, {"active": False}, {"active": False}, {"age_days": 20})
    assert found == ["healthy", "churned", "churned", "onboarding"]


def test_every_transition_names_where_from_where_to_and_why():
    moves = run([row(0), row(1, **fallen(0.6)), row(2, **fallen(0.6))])["state_move"].to_pylist()
    assert [(m["from_state"], m["to_state"], m["cause"]) for m in moves] == [
        (None, "healthy", "first_seen"),
        ("healthy", "declining", "usage"),
    ]


WEEK = st.fixed_dictionaries(
    {
        "recent": st.sampled_from([0.0, 10.0, 20.0, 30.0, 44.0, 50.0]),
        "score_short": st.sampled_from([-9.0, -2.5, 0.0]),
        "points": st.sampled_from([0.0, 35.0, 45.0, 70.0]),
        "zero_weeks": st.integers(0, 9),
        "active": st.sampled_from([True, True, True, False]),
        "ready": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WEEK, min_size=2, max_size=14), st.data())
def test_going_on_from_a_carry_is_the_whole_history_and_later_weeks_change_nothing(weeks: Any, data: Any):
    rows = [row(number, account, **said) for number, said in enumerate(weeks) for account in (1, 2)]
    cut = data.draw(st.integers(1, len(weeks) - 1))
    early = [one for one in rows if one["as_of"] < MONDAY + timedelta(weeks=cut)]
    whole = run(rows)
    first = run(early)
    second = run([one for one in rows if one not in early], first["state_carry_after"])
    joined = pa.concat_tables([first["state_as_of"], second["state_as_of"]])
    assert joined.equals(whole["state_as_of"])
    assert second["state_carry_after"].equals(whole["state_carry_after"])
