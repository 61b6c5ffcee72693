"""What contracts say about recurring revenue, as dated movements."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenbook.book.rules.revenue import Change, Terms, corrections, ends_at, kinds_of, owed


def at(year, month, day):
    return datetime(year, month, day, tzinfo=UTC)


NOW = at(2026, 3, 2)
YEAR = Terms("c-1", 120_000_00, date(2024, 1, 1), at(2025, 1, 1))


def test_a_contract_adds_its_revenue_at_its_start_and_takes_it_away_at_its_end():
    assert owed(YEAR) == {at(2024, 1, 1): 120_000_00, at(2025, 1, 1): -120_000_00}


def test_a_contract_counts_through_its_last_day():
    assert ends_at(date(2024, 12, 31), None, goes_on=False, starts=()) == at(2025, 1, 1)


def test_a_contract_whose_successor_starts_on_its_last_day_does_not_overlap_with_it():
    assert ends_at(date(2025, 1, 1), None, goes_on=False, starts={date(2025, 1, 1)}) == at(2025, 1, 1)


def test_a_lost_contract_counts_until_it_was_lost_and_a_renewing_one_goes_on():
    assert ends_at(date(2024, 12, 31), at(2024, 6, 1), goes_on=True, starts=()) == at(2024, 6, 1)
    assert ends_at(date(2024, 12, 31), None, goes_on=True, starts=()) is None


def test_a_contract_that_ends_before_it_starts_stands_for_no_revenue():
    assert owed(Terms("c", 100, date(2024, 1, 1), at(2023, 1, 1))) == {}


def test_what_is_already_booked_is_not_booked_again():
    assert corrections(YEAR, owed(YEAR), NOW) == []


def test_a_moved_end_is_set_right_on_both_days():
    longer = Terms("c-1", 120_000_00, date(2024, 1, 1), at(2026, 1, 1))

    assert corrections(longer, owed(YEAR), NOW) == [
        Change("c-1", at(2025, 1, 1), 120_000_00, is_correction=True),
        Change("c-1", at(2026, 1, 1), -120_000_00),
    ]


def test_a_new_amount_counts_from_when_it_changed_and_the_end_takes_it_all():
    dearer = Terms("c-1", 150_000_00, date(2024, 1, 1), at(2025, 1, 1))
    raised = at(2024, 6, 1)

    assert corrections(dearer, owed(YEAR), raised) == [
        Change("c-1", raised, 30_000_00),
        Change("c-1", at(2025, 1, 1), -30_000_00, is_correction=True),
    ]


def test_a_moved_start_moves_the_revenue():
    earlier = Terms("c-1", 120_000_00, date(2023, 12, 1), at(2025, 1, 1))

    assert corrections(earlier, owed(YEAR), NOW) == [
        Change("c-1", at(2023, 12, 1), 120_000_00, is_correction=True),
        Change("c-1", at(2024, 1, 1), -120_000_00, is_correction=True),
    ]


MONEY = st.integers(1, 5)
DAYS = st.integers(1, 30)


@given(st.lists(st.tuples(MONEY, DAYS, st.none() | DAYS), min_size=1, max_size=5))
def test_whatever_a_contract_was_before_its_movements_end_up_as_its_terms_say(states):
    booked: dict[datetime, int] = {}
    for arr, first, lasts in states:
        end = at(2024, 1, first) + timedelta(days=lasts) if lasts else None
        terms = Terms("c", arr, date(2024, 1, first), end)
        for change in corrections(terms, booked, NOW):
            booked[change.happened_at] = booked.get(change.happened_at, 0) + change.change_cents

        assert sum(booked.values()) == (0 if end else arr)
        assert corrections(terms, booked, NOW) == []


def test_the_first_revenue_is_new_and_later_revenue_is_expansion():
    changes = [Change("a", at(2024, 1, 1), 100), Change("b", at(2024, 6, 1), 50)]

    assert kinds_of(changes, []) == ["new", "expansion"]


def test_less_is_contraction_and_the_last_of_it_churn():
    changes = [Change("a", at(2024, 6, 1), -40), Change("a", at(2024, 9, 1), -60)]

    assert kinds_of(changes, [(at(2024, 1, 1), 100)]) == ["contraction", "churn"]


def test_a_renewal_on_the_day_a_contract_ends_is_neither_churn_nor_new():
    changes = [Change("a", at(2025, 1, 1), -100), Change("b", at(2025, 1, 1), 120)]

    assert kinds_of(changes, [(at(2024, 1, 1), 100)]) == ["contraction", "expansion"]


def test_a_customer_who_comes_back_is_not_new():
    changes = [Change("b", at(2025, 1, 1), 100)]

    assert kinds_of(changes, [(at(2023, 1, 1), 100), (at(2024, 1, 1), -100)]) == ["expansion"]
