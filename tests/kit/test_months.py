"""Calendar months: their days, the one before, and how they are read."""

from __future__ import annotations

from datetime import date

import pytest

from evenbook.kit.months import Month


def test_a_month_knows_its_days_and_the_one_before():
    february = Month.of(date(2024, 2, 11))

    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert february.title == "February 2024" and february.key == "2024-02"
    assert Month(2024, 1).before == Month(2023, 12)
    assert february.holds(date(2024, 2, 29)) and not february.holds(date(2024, 3, 1))
    assert not february.holds(None)


@pytest.mark.parametrize("text", ["2024-02", " 2024-02 "])
def test_a_month_is_read_as_it_is_written(text):
    assert Month.read(text) == Month(2024, 2)


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-13", "2024-00", "0000-01", "24-02", "2024-2", "٢٠٢٤-٠٢", "x"]
)
def test_what_is_no_month_is_none(text):
    assert Month.read(text) is None
