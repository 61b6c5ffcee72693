"""How many accounts and how much revenue a CSM holds, against what one can hold of each segment."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from evenbook.tiers.numbers.ratio import Factor, RatioNumbers, SegmentRange
from evenbook.tiers.rules.ratio import ABOVE, BELOW, INSIDE, UNKNOWN, Held, by_owner, by_segment, limits

MILLION = 100_000_000
USUAL = limits(RatioNumbers())


def test_the_ranges_are_those_of_the_policy():
    assert USUAL["mid-market"].accounts == (25, 50)
    assert USUAL["enterprise"].arr_cents == (2 * MILLION, 5 * MILLION)


def test_factors_multiply_both_ends_of_the_segments_where_they_hold():
    numbers = RatioNumbers(
        factors=(
            Factor(factor="Regulated", share=-0.1, enterprise=True),
            Factor(factor="Deep", share=-0.25, enterprise=True, digital=True),
            Factor(factor="Simple", share=0.2, growth=True),
            Factor(factor="Nowhere", share=3),
        )
    )
    found = limits(numbers)
    assert found["enterprise"].accounts == pytest.approx((5 * 0.675, 15 * 0.675))
    assert found["enterprise"].factors == (("Regulated", -0.1), ("Deep", -0.25))
    assert found["growth/smb"].arr_cents == pytest.approx((0.6 * MILLION, 2.4 * MILLION))
    assert found["mid-market"] == USUAL["mid-market"]


@pytest.mark.parametrize(
    ("accounts", "state", "by"),
    [(24, BELOW, 1), (25, INSIDE, 0), (50, INSIDE, 0), (62, ABOVE, 12)],
)
def test_a_book_is_inside_above_or_below_by_so_many_accounts(accounts: int, state: str, by: float):
    (check,) = by_owner([Held("ana", "Mid-Market", accounts, 2 * MILLION)], USUAL)
    assert (check.accounts.state, check.accounts.by, check.arr_cents.state) == (state, by, INSIDE)


def test_thirty_of_fifty_and_six_of_fifteen_make_a_full_book():
    (check,) = by_owner(
        [Held("ana", "Mid-Market", 30, MILLION), Held("ana", "Enterprise", 6, MILLION)], USUAL
    )
    assert (check.accounts.value, check.accounts.most, check.accounts.state) == (36, 36, INSIDE)


def test_the_people_of_a_pool_share_its_queue():
    (check,) = by_owner([Held("pool", "Digital/PLG", 1_500, 3 * MILLION, people=3)], USUAL)
    assert (check.accounts.value, check.accounts.state, check.people) == (500, INSIDE, 3)


def test_a_segment_counts_each_person_by_the_part_of_a_full_book_that_it_takes():
    held = [
        Held("ana", "Mid-Market", 50, MILLION),
        Held("ben", "Mid-Market", 25, MILLION),
        Held("ben", "Enterprise", 7, MILLION),
    ]
    found = {check.subject: check for check in by_segment(held, USUAL)}
    part = 0.5 / (0.5 + 7 / 15)
    assert found["Mid-Market"].people == pytest.approx(1 + part)
    assert found["Mid-Market"].accounts.value == pytest.approx(75 / (1 + part))
    assert list(found) == ["Enterprise", "Mid-Market"]


def test_accounts_of_other_segments_are_counted_and_judged_by_nothing():
    (check,) = by_owner([Held("ana", "Public", 9, MILLION), Held("ana", "", 1, 0)], USUAL)
    assert (check.unplaced, check.held, check.accounts.state, check.is_outside) == (10, 10, UNKNOWN, False)


def test_unknown_revenue_is_judged_by_nothing():
    (check,) = by_owner([Held("ana", "Mid-Market", 30, 0)], USUAL)
    assert (check.accounts.state, check.arr_cents.state) == (INSIDE, UNKNOWN)


def test_whoever_is_furthest_outside_stands_first():
    held = [Held("ana", "Mid-Market", 55, MILLION), Held("ben", "Mid-Market", 80, MILLION)]
    assert [check.subject for check in by_owner(held, USUAL)] == ["ben", "ana"]


def test_a_range_that_ends_below_its_start_is_refused():
    with pytest.raises(ValidationError):
        SegmentRange(segment="Odd", accounts_from=9, accounts_to=5, arr_from=1, arr_to=2)
