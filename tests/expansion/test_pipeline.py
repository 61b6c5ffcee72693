"""The pipeline: one close rate with its denominator, and nothing that comes later changes what was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.answering import Calendar
from evenbook.expansion.rules.boards import closed, openers, quarter_of
from evenbook.expansion.rules.closer import dedicated
from evenbook.expansion.rules.pipeline import Fact, Happened, as_of, by_kind, late, rate, split, wilson

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EVERY_DAY = Calendar(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
LATER = START + 300 * DAY


def fact(number: int, *events: tuple[str, int], role: str = "support", cents: int = 100_00) -> Fact:
    told = tuple(
        Happened(kind, START + day * DAY, cents if kind == "won" else None)
        for kind, day in (("opened", 0), *events)
    )
    return Fact(number, number % 3, role, "ticket", "Insights", START, 7, 8, told)


def test_the_close_rate_is_won_of_all_that_came_to_an_end():
    rows = as_of(
        [
            fact(1, ("answered", 1), ("won", 9)),
            fact(2, ("lost", 3)),
            fact(3, ("dropped", 5)),
            fact(4, ("answered", 2)),
            fact(5),
        ],
        LATER,
    )

    found = rate(rows, EVERY_DAY)

    assert (found.opened, found.ended, found.won, found.value) == (5, 3, 1, pytest.approx(1 / 3))
    assert (found.dropped_unanswered, found.won_cents, found.answered, found.median_days) == (1, 100_00, 3, 2)


def test_a_group_without_an_end_has_no_rate():
    found = rate(as_of([fact(1)], LATER), EVERY_DAY)

    assert found.value is None and found.interval is None


def test_openings_of_people_and_of_the_product_stand_apart():
    rows = as_of([fact(1, role="csm"), fact(2, role="review"), fact(3, role="prompt")], LATER)

    assert [(name, group.opened) for name, group in split(rows, by_kind, EVERY_DAY)] == [
        ("product", 2),
        ("human", 1),
    ]


def test_wilsons_interval_is_that_of_the_literature():
    low, high = wilson(5, 10, z=1.96)

    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["held", "released", "answered", "talks", "won", "lost", "dropped"]),
        st.integers(0, 90),
    ),
    max_size=5,
)


@given(st.lists(EVENTS, max_size=6), st.integers(0, 90))
def test_events_that_come_later_never_change_how_openings_stood(lives, cut):
    until = START + cut * DAY
    whole = [fact(number, *sorted(life, key=lambda each: each[1])) for number, life in enumerate(lives)]
    known = [
        Fact(**{**vars(each), "events": tuple(event for event in each.events if event.at < until)})
        for each in whole
    ]

    def told(rows):
        return [
            (row.fact.id, row.state, row.answered_at, row.is_held, row.closed_at, row.amount_cents)
            for row in rows
        ]

    assert told(as_of(whole, until)) == told(as_of(known, until))


def test_what_is_held_is_not_late_and_its_clock_starts_with_its_release():
    rows = as_of([fact(1, ("held", 0)), fact(2, ("held", 0), ("released", 8)), fact(3)], START + 11 * DAY)

    def due(day):
        return day + 2 * DAY

    assert [row.fact.id for row in late(rows, due, date(2026, 1, 15))] == [3]
    assert [row.fact.id for row in late(rows, due, date(2026, 1, 16))] == [3, 2]


def test_a_dedicated_closer_is_funded_from_four_times_their_cost_on():
    numbers = ExpansionNumbers(closer_cost=1000, closer_share=0.25, rate_months=6)
    rows = as_of([fact(1, ("won", 1), cents=2_000_00), fact(2, ("lost", 1))], LATER)

    found = dedicated(rate(rows, EVERY_DAY), numbers)

    assert (found.brings_cents, found.needs_cents, found.is_funded) == (4_000_00, 4_000_00, True)
    assert found.openings_a_month == pytest.approx(4000 / 1000 / 12)
    assert dedicated(rate((), EVERY_DAY), numbers).openings_a_month is None


def test_what_a_closer_did_counts_in_the_span_alone_and_openers_carry_customers():
    rows = as_of([fact(1, ("answered", 1), ("won", 40)), fact(3, ("answered", 5), ("lost", 6))], LATER)

    found = closed(rows, first=START + 30 * DAY, calendar=EVERY_DAY, answer_days=2)[7]

    assert (found.answered, found.ended, found.won, found.won_cents) == (0, 1, 1, 100_00)
    first = closed(rows, first=START, calendar=EVERY_DAY, answer_days=2)[7]
    assert (first.answered, first.in_time) == (2, 1)
    told = openers(rows, first=START)[8]
    assert (told.opened, told.customers) == (2, 2)


def test_a_quarter_begins_with_its_first_month():
    assert [quarter_of(date(2026, month, 15)).month for month in (1, 3, 4, 12)] == [1, 1, 4, 10]
