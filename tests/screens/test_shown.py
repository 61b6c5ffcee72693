"""How numbers are said: three figures at a glance, exact on hover, nothing for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.screens.shown import brief, difference, number_word, percent_text, plural, shown


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"),
        (7, "7"),
        (42, "42"),
        (317, "317"),
        (999, "999"),
        (999.6, "1k"),
        (1_000, "1k"),
        (1_234, "1.23k"),
        (10_000, "10k"),
        (310_000, "310k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_240_500, "1.24M"),
        (2.4, "2.4"),
        (103.96, "104"),
        (0.05, "0.05"),
        (0.065, "0.065"),
        (3e9, "3bn"),
        (-12_500, "−12.5k"),
        (8.8, "8.8"),
    ],
)
def test_at_most_three_figures(number, said):
    assert brief(number) == said


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        (0, "0%"),
        (86.24, "86%"),
        (107.4, "107%"),
        (4.21, "4.2%"),
        (9.96, "10%"),
        (0.04, "under\u00a00.1%"),
        (-3, "−3%"),
    ],
)
def test_percents_are_said_for_a_glance(percent, said):
    assert percent_text(percent) == said


@pytest.mark.parametrize("unit", ["count", "percent", "share", "hours", "days", "points", "money", "number"])
def test_no_value_is_a_dash_and_never_zero(unit):
    missing = shown(None, unit)

    assert (missing.text, missing.exact, missing.value) == ("–", "no value", "")


def test_money_is_said_in_major_units_and_exactly_with_its_currency():
    said = shown(31_012_345, "money", currency="EUR")

    assert (said.text, said.exact, said.value) == ("310k", "310,123.45 EUR", "310123.45")


def test_a_share_is_said_in_percent_and_kept_as_a_share_for_machines():
    said = shown(0.8625, "share")

    assert (said.text, said.exact, said.value) == ("86%", "86.25%", "0.8625")


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (4, "percent", "+4 points"),
        (-0.01, "share", "−1 point"),
        (0, "share", "unchanged"),
        (0.00004, "share", "unchanged"),
        (-4, "number", "−4"),
        (0, "count", "unchanged"),
        (12_500, "count", "+12.5k"),
    ],
)
def test_differences_carry_their_sign(number, unit, said):
    assert difference(number, unit) == said


def test_counts_in_prose_are_words_up_to_nine():
    assert [number_word(0, start=True), number_word(3), number_word(12), number_word(1_200)] == [
        "No",
        "three",
        "12",
        "1,200",
    ]
    assert plural(1, "account") == "account" and plural(2, "is", "are") == "are"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_every_number_can_be_said_and_read_back(number):
    for unit in ("count", "percent", "share", "hours", "money", "number"):
        said = shown(number, unit)
        assert said.text and float(said.value) == pytest.approx(number / 100 if unit == "money" else number)
