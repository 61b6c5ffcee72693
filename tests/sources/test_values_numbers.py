from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.sources.values import (
    Money,
    Problem,
    currency_of,
    decimal_evidence,
    parse_integer,
    parse_money,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"),
        ("-5", "-5"),
        ("5-", "-5"),
        ("(5)", "-5"),
        ("−5", "-5"),
        ("+5", "5"),
        ("1,234.5", "1234.5"),
        ("1 234", "1234"),
        ("1\u202f234", "1234"),
        ("1'234", "1234"),
        ("1,23,456", "123456"),
        ("45%", "0.45"),
        ("1.2k", "1200"),
        ("3M", "3000000"),
        ("1.5bn", "1500000000"),
        ("3 M", "3000000"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
        (5, "5"),
        (2.5, "2.5"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_numbers_with_a_decimal_point(text: object, number: str):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,50", "1234.5"),
        ("1,5", "1.5"),
        ("1.234", "1234"),
        ("12", "12"),
        ("1 234,5", "1234.5"),
        ("-1.234.567", "-1234567"),
    ],
)
def test_numbers_with_a_decimal_comma(text: str, number: str):
    assert parse_number(text, "comma") == Decimal(number)


@pytest.mark.parametrize(
    ("text", "mark"), [("1,5", "point"), ("1.234.567", "point"), ("1.5", "comma"), ("1,234.5", "comma")]
)
def test_a_number_that_breaks_the_mark_of_its_column_is_a_problem_not_a_wrong_number(text: str, mark: str):
    found = parse_number(text, mark)  # type: ignore[arg-type]
    assert isinstance(found, Problem)
    assert found.kind == "decimal"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u00a0",
        "N/A",
        "n/a",
        "-",
        "--",
        "null",
        "None",
        "#N/A",
        "NaN",
        "(blank)",
        "\\N",
        None,
        float("nan"),
    ],
)
def test_words_for_nothing_are_blank(text: object):
    assert parse_number(text) is None
    assert parse_money(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1-2",
        "=1+1",
        "--5",
        "1,,2",
        "5 apples",
        "12m",
        "#REF!",
        "1e999",
        "9" * 30,
        True,
        float("inf"),
        "1 2 3",
    ],
)
def test_what_is_no_number_says_so(text: object):
    assert isinstance(parse_number(text), Problem)


def test_an_error_of_a_spreadsheet_is_damage():
    found = parse_number("#DIV/0!")
    assert isinstance(found, Problem)
    assert found.kind == "damaged"


def test_an_amount_with_a_currency_is_not_a_plain_number():
    assert isinstance(parse_number("€ 5"), Problem)


def test_whole_numbers():
    assert parse_integer("5.0") == 5
    assert isinstance(parse_integer("5.5"), Problem)


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("€ 1,234.50", 123450, "EUR"),
        ("1,234.50 EUR", 123450, "EUR"),
        ("EUR 1234.5", 123450, "EUR"),
        ("$1.2k", 120000, "USD"),
        ("-€5", -500, "EUR"),
        ("€-5", -500, "EUR"),
        ("($300.00)", -30000, "USD"),
        ("US$ 5", 500, "USD"),
        ("¥500", 500, "JPY"),
        ("KWD 1.5", 1500, "KWD"),
        ("12m", 1200000000, None),
        ("5", 500, None),
        ("10 k€", 1000000, "EUR"),
        ("CHF 1'000.05", 100005, "CHF"),
    ],
)
def test_money_in_minor_units(text: str, minor: int, currency: str | None):
    assert parse_money(text) == Money(minor, currency)


def test_the_currency_of_the_column_serves_cells_that_name_none_and_says_which_dollar():
    assert parse_money("5", "GBP") == Money(500, "GBP")
    assert parse_money("$5", "CAD") == Money(500, "CAD")
    assert parse_money("$5", "EUR") == Money(500, "USD")
    assert parse_money("€5", "USD") == Money(500, "EUR")
    assert parse_money("5 kr", "SEK") == Money(500, "SEK")
    assert isinstance(parse_money("5 kr"), Problem)


def test_half_cents_go_to_the_even_cent():
    assert parse_money("0.125") == Money(12, None)
    assert parse_money("0.135") == Money(14, None)


def test_the_currency_of_a_cell():
    assert currency_of(" eur ") == "EUR"
    assert currency_of("€") == "EUR"
    assert currency_of("") is None
    assert isinstance(currency_of("gold"), Problem)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("1.5", "point"),
        ("1,5", "comma"),
        ("1,234", "either"),
        ("1.234", "either"),
        ("0.123", "point"),
        ("1.234,5", "comma"),
        ("1,234.5", "point"),
        ("1.234.567", "comma"),
        ("1,234,567", "point"),
        ("1234.567", "point"),
        ("12", "plain"),
        ("abc", None),
        ("", None),
        ("2024-01-01", None),
    ],
)
def test_what_one_cell_proves_about_the_mark(text: str, evidence: str | None):
    assert decimal_evidence(text) == evidence


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_survives_both_marks(amount: Decimal):
    english = f"{amount:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    minor = int(amount * 100)
    assert parse_number(english) == amount
    assert parse_number(continental, "comma") == amount
    assert parse_money(f"€ {continental}", decimal="comma") == Money(minor, "EUR")
    assert parse_money(f"{english} USD") == Money(minor, "USD")


@given(st.one_of(st.text(), st.text("0123456789.,-()%€$kmKM eE'"), st.floats(), st.integers(), st.none()))
def test_no_cell_makes_the_number_parsers_fail(cell: object):
    for mark in ("point", "comma"):
        assert isinstance(parse_number(cell, mark), Decimal | Problem | None)  # type: ignore[arg-type]
        assert isinstance(parse_money(cell, "USD", decimal=mark), Money | Problem | None)  # type: ignore[arg-type]
