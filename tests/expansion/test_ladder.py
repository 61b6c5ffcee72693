"""The evidence for where an add-on is sold, and when its rung is to be looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.expansion.numbers.ladder import LadderNumbers
from evenbook.expansion.rules.ladder import Sale, closing, evidence, recheck

START = datetime(2026, 1, 5, tzinfo=UTC)
NUMBERS = LadderNumbers(least_sales=2)
AS_OF = date(2026, 12, 7)


def sale(
    account: int, kind: str, product: str, *, days: int | None = 30, won: bool = True, at: int = 0
) -> Sale:
    opened = START + timedelta(days=at)
    return Sale(account, kind, product, opened, None if days is None else opened + timedelta(days=days), won)


def test_a_first_sale_carries_an_add_on_that_is_opened_soon_after_it():
    sales = [
        sale(1, "new", "Core", days=60),
        sale(1, "expansion", "Plus", at=30, days=10),
        sale(2, "new", "Core", days=20),
        sale(2, "expansion", "Plus", at=31, won=False),
        sale(3, "new", "plus", won=False),
        sale(4, "expansion", "Extra", days=None),
    ]

    found = evidence("Plus", sales, NUMBERS)

    assert (found.first_with.ended, found.first_with.won, found.first_with.days) == (2, 1, 60)
    assert (found.first_without.ended, found.first_without.days) == (1, 20)
    assert (found.own.ended, found.own.rate) == (2, 0.5)
    assert found.others.ended == 0 and found.others.rate is None and found.others.interval is None


def test_what_is_under_way_counts_for_nothing_yet():
    assert closing([sale(1, "new", "Core", days=None)]).ended == 0


def halves(before: list[bool], now: list[bool]) -> list[Sale]:
    return [sale(number, "new", "Core", won=won, at=100, days=1) for number, won in enumerate(before)] + [
        sale(100 + number, "new", "Core", won=won, at=300, days=1) for number, won in enumerate(now)
    ]


def test_a_close_rate_that_slips_asks_for_a_recheck_and_says_of_how_many():
    (said,) = recheck(halves([True, True], [True, False]), (), AS_OF, NUMBERS)

    assert said == "First sales close at 50% (2), 100% (2) in the 6 months before."


@pytest.mark.parametrize(("before", "now"), [([True], [False]), ([False, True], [True, False]), ([], [])])
def test_few_sales_and_a_steady_rate_ask_for_nothing(before, now):
    assert recheck(halves(before, now), (), AS_OF, NUMBERS) == ()


def test_a_start_that_takes_longer_asks_for_a_recheck():
    def start(days: int, at: int) -> tuple[datetime, datetime]:
        done = START + timedelta(days=at)
        return done - timedelta(days=days), done

    starts = [start(40, 100), start(50, 110), start(70, 300), start(60, 310)]

    assert recheck((), starts, AS_OF, NUMBERS) == ("Customers take 65 days to value (2), 45 (2) before.",)
    assert recheck((), starts[:3], AS_OF, NUMBERS) == ()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from(["new", "expansion"]), st.booleans(), st.integers(0, 300)
        )
    )
)
def test_every_sale_of_a_kind_is_on_one_side(told):
    sales = [
        sale(account, kind, "Plus" if won else "Core", won=won, at=at) for account, kind, won, at in told
    ]

    found = evidence("Plus", sales, NUMBERS)

    assert found.first_with.ended + found.first_without.ended == sum(each.kind == "new" for each in sales)
    assert found.own.ended + found.others.ended == sum(each.kind == "expansion" for each in sales)
