"""When an account should move to another tier, and when it may not yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.as_of import answers
from tests.tables import day
from tests.tiers.moving import LAST, ONE, base, hindrances, moves, weeks

LOW = [100] * 12
"""Of tier 3 by revenue, for twelve weeks."""

TOMORROW = LAST + timedelta(days=1)


def only(session: Any) -> dict[str, Any]:
    (found,) = moves(session, day=LAST)
    return found


def test_the_borders_are_where_the_shares_of_the_tiers_end():
    with base([500], tier=2) as session:
        (row,) = answers(session, "tier_border", order="as_of")
    assert [row[name] for name in ("first_cents", "second_cents", "third_cents")] == [1_000, 300, 50]


def test_revenue_clearly_past_the_border_for_four_weeks_moves_an_account_up():
    with base([200] + [400] * 5, tier=3) as session:
        found = only(session)
    assert (found["direction"], found["from_tier"], found["to_tier"], found["grounds"]) == ("up", 3, 2, "arr")
    assert found["since_on"] == weeks(5)[0]


def test_three_weeks_past_the_border_move_nobody():
    with base([200] * 4 + [400] * 4, tier=3) as session:
        assert moves(session) == []


def test_revenue_past_the_border_by_less_than_the_margin_moves_nobody():
    with base([320] * 12, tier=3) as session:
        assert moves(session) == []


def test_a_week_back_over_the_border_begins_the_streak_anew():
    with base([400] * 6 + [290] + [400] * 3, tier=3) as session:
        assert moves(session, day=LAST) == [] and moves(session, day=weeks(5)[0])


def test_a_leap_over_two_borders_goes_only_as_far_as_the_whole_streak_did():
    with base([100] + [400] * 3 + [2_000] * 3, tier=4) as session:
        assert only(session)["to_tier"] == 3


def test_revenue_under_the_border_for_eight_weeks_moves_a_quiet_account_down():
    with base(LOW, tier=2, others={"complexity": 2}) as session:
        found = only(session)
        assert hindrances(session) == {}
    assert (found["direction"], found["to_tier"], found["since_on"]) == ("down", 3, weeks(12)[0])


def test_seven_weeks_under_the_border_move_nobody_down():
    with base([400] * 4 + [100] * 8, tier=2) as session:
        assert moves(session) == []


def test_an_account_marked_as_strategic_is_proposed_for_tier_1_at_once_and_never_down():
    with base([10], tier=4, others={"strategic": True, "tier_since": None}) as session:
        found = only(session)
    assert (found["to_tier"], found["grounds"]) == (1, "strategic")
    with base(LOW, tier=1, others={"strategic": True}) as session:
        assert moves(session) == []


def test_an_open_expansion_that_carries_it_past_the_border_moves_an_account_up():
    sale = {"account": ONE, "kind": "expansion", "amount_cents": 250, "happened_at": day("2025-05-20")}
    with base([100], tier=3, opportunity=[sale]) as session:
        found = only(session)
    assert (found["to_tier"], found["grounds"], found["expansion_cents"]) == (2, "expansion", 250)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_cents": 150},
        {"won_at": day("2025-05-30")},
        {"lost_at": day("2025-05-30")},
        {"happened_at": day("2024-11-01")},
        {"kind": "renewal"},
        {"hidden_at": day("2025-05-30")},
    ],
)
def test_an_expansion_that_is_too_small_over_old_or_none_moves_nobody(change: dict[str, Any]):
    sale = {"account": ONE, "kind": "expansion", "amount_cents": 250, "happened_at": day("2025-05-20")}
    with base([100], tier=3, opportunity=[{**sale, **change}]) as session:
        assert moves(session) == []


def test_a_tier_that_nobody_set_follows_the_revenue_without_a_proposal():
    with base(LOW, tier=[0] * 12) as session:
        assert moves(session) == []


def test_unknown_revenue_moves_nobody():
    with base([None] * 12, tier=2) as session:
        assert moves(session) == []


def test_never_down_while_an_escalation_is_open():
    ticket = {"account": ONE, "happened_at": day("2024-12-01"), "escalated_at": day("2024-12-02")}
    with base(LOW, tier=2, ticket=[ticket]) as session:
        assert hindrances(session) == {"escalation_open": None}


def test_never_down_within_90_days_of_an_escalation_that_is_solved():
    at = datetime(2025, 5, 1, 10)
    ticket = {"account": ONE, "happened_at": at, "escalated_at": at, "solved_at": day("2025-05-05")}
    with base(LOW, tier=2, ticket=[ticket]) as session:
        assert hindrances(session) == {"escalation": date(2025, 7, 30)}


def test_never_down_while_a_severe_ticket_is_open():
    ticket = {"account": ONE, "happened_at": day("2025-05-20"), "priority": "Urgent"}
    with base(LOW, tier=2, ticket=[ticket]) as session:
        assert hindrances(session) == {"ticket_open": None}
    with base(LOW, tier=2, ticket=[{**ticket, "priority": "low"}]) as session:
        assert hindrances(session) == {}
    with base(LOW, tier=2, ticket=[{**ticket, "solved_at": day("2025-05-21")}]) as session:
        assert hindrances(session) == {}


def test_never_down_while_red_nor_within_90_days_of_it():
    with base(LOW, tier=2, colors={0: "red"}) as session:
        assert hindrances(session) == {"red": None}
    with base(LOW, tier=2, colors={5: "red"}) as session:
        ended = LAST - timedelta(weeks=5)
        assert hindrances(session) == {
            "red_lately": ended + timedelta(days=90),
            "unsettled": ended + timedelta(weeks=12),
        }
    with base([100] * 14, tier=2, colors={13: "red"}) as session:
        assert hindrances(session) == {}


def test_never_down_within_90_days_of_a_contraction_but_after_a_mere_exchange():
    cut = {"account": ONE, "kind": "contraction", "change_cents": -300, "happened_at": datetime(2025, 3, 20)}
    with base(LOW, tier=2, movement=[cut]) as session:
        assert hindrances(session) == {"contraction": date(2025, 6, 18)}
    instead = {**cut, "kind": "expansion", "change_cents": 300}
    with base(LOW, tier=2, movement=[cut, instead]) as session:
        assert hindrances(session) == {}


def test_never_down_within_90_days_of_a_detractors_answer():
    answer = {"account": ONE, "kind": "nps", "value": 20.0, "happened_at": datetime(2025, 4, 1)}
    with base(LOW, tier=2, score=[answer]) as session:
        assert hindrances(session) == {"detractor": date(2025, 6, 30)}
    with base(LOW, tier=2, score=[{**answer, "value": 90.0}]) as session:
        assert hindrances(session) == {}


def test_what_is_complex_or_about_to_grow_does_not_move_down():
    sale = {"account": ONE, "kind": "expansion", "amount_cents": 5, "happened_at": day("2025-05-20")}
    with base(LOW, tier=2, others={"complexity": 4}, opportunity=[sale]) as session:
        assert hindrances(session) == {"complex": None, "growing": None}


def test_a_yellow_week_keeps_an_account_for_twelve_weeks():
    with base(LOW, tier=2, colors={3: "yellow"}) as session:
        assert hindrances(session) == {"unsettled": LAST - timedelta(weeks=3) + timedelta(weeks=12)}


def test_an_account_that_has_just_moved_stays_for_90_days_but_not_for_a_strategic_mark():
    came = {"tier_since": datetime(2025, 5, 1)}
    with base([400] * 6, tier=3, others=came) as session:
        assert hindrances(session) == {"young": date(2025, 7, 30)}
    with base([400] * 6, tier=3, others={**came, "strategic": True}) as session:
        assert hindrances(session) == {}


@pytest.mark.parametrize(("hidden_at", "holds"), [(None, True), (day("2025-05-30"), False)])
def test_a_lock_holds_until_it_is_withdrawn(hidden_at: datetime | None, holds: bool):
    lock = {"account": ONE, "visible_at": day("2025-05-01"), "hidden_at": hidden_at}
    with base([400] * 6, tier=3, tier_lock=[lock]) as session:
        assert hindrances(session) == ({"locked": None} if holds else {})


@pytest.mark.parametrize(
    ("change", "stays_away"),
    [
        ({}, True),
        ({"hidden_at": day("2025-05-30")}, False),
        ({"to_tier": 1}, False),
        ({"grounds": "arr,expansion"}, False),
        ({"arr_cents": 300}, False),
        ({"arr_cents": 380}, True),
        ({"visible_at": day("2025-02-01")}, False),
    ],
)
def test_a_declined_move_stays_away_for_90_days_unless_its_grounds_change(
    change: dict[str, Any], stays_away: bool
):
    said = {"account": ONE, "to_tier": 2, "grounds": "arr", "arr_cents": 400, "visible_at": day("2025-05-10")}
    with base([400] * 6, tier=3, tier_decline=[{**said, **change}]) as session:
        assert hindrances(session) == ({"declined": date(2025, 8, 8)} if stays_away else {})


@settings(max_examples=20, deadline=None)
@given(wobble=st.lists(st.integers(271, 329), min_size=10, max_size=30), tier=st.sampled_from((2, 3)))
def test_revenue_that_wobbles_around_a_border_moves_nobody_in_either_tier(wobble: list[int], tier: int):
    with base(wobble, tier=tier) as session:
        assert moves(session) == []


@settings(max_examples=4, deadline=None)
@given(
    arr=st.lists(st.sampled_from((150, 280, 310, 420)), min_size=20, max_size=32),
    tier=st.sampled_from((2, 3)),
)
def test_whoever_follows_every_proposal_never_moves_twice_within_the_days_of_policy(
    arr: list[int], tier: int
):
    """Plays the weeks one by one, and approves whatever nothing hinders at once."""
    days, tiers, moved = weeks(len(arr)), [tier] * len(arr), []
    came = datetime(2020, 1, 1)
    for place, today in enumerate(days):
        until = slice(0, place + 1)
        with base(arr[until], tier=tiers[until], others={"tier_since": came}, last=today) as session:
            found = moves(session, day=today)
            free = bool(found) and not hindrances(session, day=today)
        if free:
            moved.append(today)
            came = datetime.combine(today, datetime.min.time())
            tiers[place + 1 :] = [found[0]["to_tier"]] * (len(arr) - place - 1)
    assert all(
        later - earlier >= timedelta(days=90) for earlier, later in zip(moved, moved[1:], strict=False)
    )
