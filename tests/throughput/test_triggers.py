"""What of a book asks for a leader: at each limit, one step below it, and where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.decisions.rules import (
    DEPARTURE,
    LEAVE,
    OVER_LOAD,
    RAMPED,
    RED_YELLOW,
    RENEWALS,
    ROOM,
    UNMONITORED,
    Cause,
)
from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy
from evenbook.states.numbers import StatesNumbers
from evenbook.states.rules.book_limit import book_limit
from evenbook.throughput.rules.clusters import Cluster, clusters
from evenbook.throughput.rules.newcomers import Sale, free_hours, newcomers
from evenbook.throughput.rules.triggers import Absence, Book, asked_of

DAY = date(2026, 3, 9)
DEFAULTS = Policy.defaults(sections())
OTHERS = Book(2, by_tier={3: 100})
"""Somebody whose hundred accounts are all green."""


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def asked(book: Book, *others: Book) -> dict[str, Cause]:
    """Return what is asked of the first person."""
    found = asked_of([book, *(others or (OTHERS,))], DEFAULTS, DAY)
    return {name: cause for name, cause in found if cause.person_id == book.person_id}


def test_of_a_person_of_whom_nothing_is_known_nothing_is_asked():
    assert list(asked_of([], DEFAULTS, DAY)) == []
    assert asked(Book(1)) == {} and asked(Book(1, loads=(None, None))) == {}


@pytest.mark.parametrize(
    ("loads", "asks"),
    [
        ((1.2,), False), ((1.2, 1.2), True), ((1.2, 1.1), False), ((1.2, 1.11, 1.3), True),
        ((1.2, 1.2, None), False), ((1.2, None, 1.2), False), ((1.2, 1.2, 0.9), False),
    ],
)  # fmt: skip
def test_load_over_the_limit_two_weeks_running_asks(loads: tuple[float | None, ...], asks: bool):
    found = asked(Book(1, loads=loads, by_tier={1: 3, 2: 1}))

    assert set(found) == ({OVER_LOAD} if asks else set())
    if asks:
        load, weeks = found[OVER_LOAD].evidence
        assert (load.value, load.against, weeks.against) == (loads[-1], 1.1, 2)
        assert found[OVER_LOAD].reasons == ("They own 4 accounts: 3 of tier 1, 1 of tier 2.",)


@pytest.mark.parametrize(
    ("loads", "accounts", "asks"),
    [
        ((0.5,) * 4, 5, True), ((0.5,) * 3, 5, False), ((0.6,) * 4, 5, False), ((0.7, *(0.5,) * 4), 5, True),
        ((0.5,) * 4, 0, False),
    ],
)  # fmt: skip
def test_room_is_four_weeks_under_sixty_percent_with_a_book(
    loads: tuple[float, ...], accounts: int, asks: bool
):
    found = asked(Book(1, loads=loads, by_tier={2: accounts}))

    assert set(found) == ({ROOM} if asks else set())


@pytest.mark.parametrize(("tenure", "asks"), [(90, False), (91, True), (118, True), (119, False)])
def test_a_ramp_that_is_over_asks_for_four_weeks(tenure: int, asks: bool):
    assert set(asked(Book(1, started_on=after(-tenure)))) == ({RAMPED} if asks else set())


@pytest.mark.parametrize(
    ("first", "last", "accounts", "asks"),
    [
        (30, 36, 5, True), (31, 50, 5, False), (10, 15, 5, False), (-20, -1, 5, True), (-3, 3, 5, True),
        (3, 20, 0, False),
    ],
)  # fmt: skip
def test_a_leave_of_a_week_asks_a_month_ahead_and_until_it_is_over(
    first: int, last: int, accounts: int, asks: bool
):
    book = Book(1, by_tier={1: accounts}, absences=(Absence(after(first), after(last), "Chidi"),))

    found = asked(book)
    assert set(found) == ({LEAVE} if asks else set())
    if asks:
        assert "Chidi stands in." in found[LEAVE].reasons


def test_a_long_leave_is_found_behind_a_short_one_and_says_that_nobody_stands_in():
    short, long = Absence(after(1), after(2), "Ben"), Absence(after(5), after(25))
    found = asked(Book(1, by_tier={1: 1}, absences=(short, long)))

    assert found[LEAVE].sentence == "On leave from 14 March 2026 to 3 April 2026."
    assert "Nobody is named who stands in." in found[LEAVE].reasons


@pytest.mark.parametrize(
    ("days", "accounts", "said"),
    [(30, 4, "Leaves on 8 April 2026."), (-10, 4, "Left on 27 February 2026."), (31, 4, ""), (-10, 0, "")],
)
def test_a_departure_asks_until_the_book_is_handed_over(days: int, accounts: int, said: str):
    found = asked(Book(1, by_tier={2: accounts}, left_on=after(days)))

    assert (found[DEPARTURE].sentence if DEPARTURE in found else "") == said


@pytest.mark.parametrize(
    ("owned", "dark", "asks"),
    [
        ({1: 5, 2: 5}, {1: 1, 2: 1}, False), ({1: 5, 2: 5}, {1: 1, 2: 2}, True), ({1: 2}, {1: 1}, False),
        ({3: 10}, {3: 10}, False), ({1: 5, 3: 50}, {1: 1, 3: 50}, False), ({}, {}, False),
    ],
)  # fmt: skip
def test_unmonitored_is_judged_over_tiers_one_and_two(
    owned: dict[int, int], dark: dict[int, int], asks: bool
):
    found = asked(Book(1, by_tier={}, worked=owned, dark=dark))

    assert set(found) == ({UNMONITORED} if asks else set())
    if asks:
        assert found[UNMONITORED].evidence[0].value == pytest.approx(0.3)
        assert found[UNMONITORED].evidence[0].against == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("accounts", "share_of_all", "limit"),
    [
        (10, 0.0, 3.0),
        (10, 0.24, 3.0),
        (10, 0.25, 3.0),
        (10, 0.4, 4.5),
        (4, 0.3, 2.0),
        (4, 0.1, 1.2),
        (0, 0, 0),
    ],
)
def test_the_limit_of_red_and_yellow_follows_the_others_where_a_quarter_of_all_is(
    accounts: int, share_of_all: float, limit: float
):
    assert book_limit(accounts, share_of_all, StatesNumbers()) == pytest.approx(limit)


def test_a_book_at_its_limit_of_red_and_yellow_holds_and_one_over_it_asks():
    at, over = Book(1, by_tier={2: 10}, colored=3), Book(1, by_tier={2: 10}, colored=4)

    assert asked(at) == {} and set(asked(over)) == {RED_YELLOW}
    assert set(asked(over, Book(2, by_tier={2: 10}, colored=4))) == set(), "the others have as many"


def test_renewals_that_lie_close_together_ask_and_those_spread_over_the_quarter_do_not():
    close = tuple(after(days) for days in (40, 45, 45, 60, 67))
    spread = tuple(after(days) for days in (1, 30, 60, 90))

    found = asked(Book(1, by_tier={2: 12}, renewals=close))
    assert found[RENEWALS].sentence == "5 renewals between 18 April 2026 and 15 May 2026."
    assert asked(Book(1, by_tier={2: 12}, renewals=spread)) == {}
    assert asked(Book(1, by_tier={2: 40}, renewals=close)) == {}, "a quarter of forty is ten"
    assert asked(Book(1, by_tier={2: 12}, renewals=tuple(after(92 + days) for days in range(5)))) == {}


@given(st.lists(st.integers(0, 60), max_size=25), st.integers(1, 30), st.integers(1, 5))
def test_clusters_are_apart_full_enough_and_none_is_missed(days: list[int], within: int, least: int):
    given_days = [after(each) for each in days]
    found = clusters(given_days, within=within, least=least)

    assert found == clusters(list(reversed(given_days)), within=within, least=least)
    for each in found:
        assert each.count >= least and (each.last_on - each.first_on).days < within
    for one, next_one in zip(found, found[1:], strict=False):
        assert one.last_on < next_one.first_on
    left = [day for day in given_days if not any(each.first_on <= day <= each.last_on for each in found)]
    assert all(sum(first <= day < first + timedelta(days=within) for day in left) < least for first in left)
    fullest = max(
        (sum(a <= b < a + timedelta(days=within) for b in given_days) for a in given_days), default=0
    )
    assert max((each.count for each in found), default=0) == (fullest if fullest >= least else 0)


def test_of_clusters_that_are_as_full_the_earliest_is_taken():
    days = [after(each) for each in (0, 5, 9, 14)]

    assert clusters(days, within=10, least=3) == (Cluster(after(0), after(9), 3),)


def sale(account: int = 1, **more: Any) -> Sale:
    usual = {"signed_on": None, "expected_on": None, "probability": None, "share_above": 0.01}
    return Sale(account, **{**usual, **more})


def coming(*sales: Sale, free: float = 0.0) -> Iterator[Cause]:
    return newcomers(sales, free, DEFAULTS, DAY)


@pytest.mark.parametrize(
    ("more", "asks"),
    [
        ({"signed_on": after(-60)}, True), ({"signed_on": after(-61)}, False), ({"signed_on": after(1)}, False),
        ({"expected_on": after(60), "probability": 0.7}, True),
        ({"expected_on": after(61), "probability": 0.7}, False),
        ({"expected_on": after(10), "probability": 0.69}, False),
        ({"expected_on": after(10)}, False), ({"probability": 0.9}, False),
    ],
)  # fmt: skip
def test_a_customer_that_is_signed_or_likely_asks_where_nobody_is_free(more: dict[str, Any], asks: bool):
    assert [each.account_id for each in coming(sale(**more))] == ([1] if asks else [])


def test_a_new_customer_takes_its_tiers_hours_in_onboarding_and_each_takes_from_what_is_free():
    first, second = sale(1, signed_on=after(-9)), sale(2, signed_on=after(-3))
    found = list(coming(second, first, free=15.0))

    assert [each.account_id for each in found] == [2], "the first takes 8 × 1.6 hours of the fifteen"
    assert found[0].evidence[0].value == pytest.approx(12.8)
    assert found[0].evidence[0].against == pytest.approx(2.2)
    assert "By its revenue it is of tier 1; nobody owns it yet." in found[0].reasons
    assert list(coming(first, second, free=25.6)) == []


def test_two_sales_to_one_new_customer_are_one():
    assert len(list(coming(sale(1, signed_on=DAY), sale(1, signed_on=after(-1))))) == 1


def test_a_sale_of_unknown_revenue_is_taken_as_policy_takes_such_accounts():
    (found,) = coming(sale(signed_on=DAY, share_above=None))

    assert "tier 3" in found.reasons[1]


def test_free_hours_end_at_the_target_and_nobodys_overload_takes_anothers():
    assert free_hours([(120, 60), (120, 200), (0, 0)], target=0.9) == pytest.approx(48)
    assert free_hours([], target=0.9) == 0
