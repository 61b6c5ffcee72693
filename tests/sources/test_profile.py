"""What is found out about columns, and what is left to a person."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evenbook.sources.profile import ColumnProfile, Profiler, Sighting, profile_of, words_of
from evenbook.sources.reading import Batch, Cell
from sources.reading_tables import sheet_of


def column(cells: list[Cell], name: str = "x", size: int = 1000) -> ColumnProfile:
    profiler = Profiler([name])
    for start in range(0, len(cells), size):
        part = cells[start : start + size]
        profiler.see(Batch(range(start + 2, start + 2 + len(part)), [[cell] for cell in part]))
    return profiler.result().columns[0]


def verdict(*cells: Cell) -> str | None:
    dates = column(list(cells)).dates
    return dates.verdict if dates else None


def test_one_first_part_above_twelve_proves_the_day():
    dates = column(["01/02/2024"] * 50 + ["13/02/2024"] + ["05/06/2024"] * 50).dates
    assert dates is not None
    assert (dates.verdict, dates.order, dates.day_first) == ("dmy", "dmy", Sighting("13/02/2024", 52))


def test_one_second_part_above_twelve_proves_the_month():
    assert verdict("1/2/2024", "2/13/2024") == "mdy"


def test_the_proof_may_stand_in_the_very_last_row():
    dates = column(
        [f"{1 + n % 12:02d}/{1 + n // 12 % 12:02d}/2024" for n in range(30_000)] + ["13/01/2024"]
    ).dates
    assert dates is not None
    assert (dates.verdict, dates.day_first) == ("dmy", Sighting("13/01/2024", 30_002))


def test_without_a_proof_a_person_is_asked():
    dates = column(["01/02/2024", "05/06/2024", "03/03/2024"]).dates
    assert dates is not None
    assert (dates.verdict, dates.order, dates.ambiguous_cells) == ("ambiguous", None, 2)


def test_two_proofs_that_contradict_each_other_are_a_fault_with_both_places():
    dates = column(["13/02/2024", "02/13/2024"]).dates
    assert dates is not None
    assert (dates.verdict, dates.order) == ("mixed", None)
    assert (dates.day_first, dates.month_first) == (Sighting("13/02/2024", 2), Sighting("02/13/2024", 3))


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-03-05", "2024-04-01"],
        ["5 Mar 2024", "6 Apr 2024"],
        [date(2024, 3, 5), datetime(2024, 3, 5, 1)],
        ["20240305 10:00"],
    ],
)
def test_dates_that_need_no_order_are_not_asked_about(cells: list[Cell]):
    assert verdict(*cells) == "ymd"


def test_a_column_written_the_same_way_beside_it_suggests_the_order_but_does_not_answer(tmp_path: Path):
    sheet = sheet_of(
        tmp_path, "opened,closed,seen\n13/02/2024,01/02/2024,01.02.2024\n14/02/2024,03/02/2024,03.02.2024\n"
    )
    profile = profile_of(sheet)

    closed, seen = profile.column("closed").dates, profile.column("seen").dates
    assert closed is not None
    assert seen is not None
    assert (closed.verdict, closed.likely) == ("ambiguous", "dmy")
    assert (seen.verdict, seen.likely) == ("ambiguous", None)


@pytest.mark.parametrize(
    ("name", "cell", "form"),
    [
        ("created_at", 1700000000, "unix seconds"),
        ("createdate", "1700000000123", "unix milliseconds"),
        ("Start Date", "45356", "serial"),
    ],
)
def test_numbers_are_dates_only_where_the_name_says_so(name: str, cell: Cell, form: str):
    dates = column([cell], name).dates
    if name == "createdate":  # one word in which the date cannot be told apart
        assert dates is None
    else:
        assert dates is not None
        assert (dates.verdict, dates.forms) == ("ymd", (form,))
    assert column([cell], "seats").dates is None


def test_the_range_of_numbers_and_who_is_negative():
    numbers = column(["5", "-2", "1000", "7.5", "N/A", "-2"]).numbers
    assert numbers is not None
    assert (numbers.minimum, numbers.maximum, numbers.whole, numbers.negatives) == (
        Decimal(-2),
        Decimal(1000),
        False,
        2,
    )
    assert (numbers.mark, numbers.decimal) == ("point", "point")


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,5", "2"], "comma"),
        (["1.234", "1,5"], "comma"),
        (["1,234", "5.5"], "point"),
        (["1,234", "5"], "ambiguous"),
        (["1.234", "5"], "ambiguous"),
        (["1,5", "1.5"], "mixed"),
        (["1", "2"], "point"),
        (["0.123"], "point"),
        ([1.5], "point"),
    ],
)
def test_the_decimal_mark_is_proven_or_asked(cells: list[Cell], mark: str):
    numbers = column(cells).numbers
    assert numbers is not None
    assert numbers.mark == mark


def test_the_range_follows_the_mark_even_if_its_proof_comes_last():
    numbers = column(["1.234", "2.000", "7,5"]).numbers
    assert numbers is not None
    assert (numbers.minimum, numbers.maximum) == (Decimal("7.5"), Decimal(2000))


def test_currencies_that_stand_in_the_cells_are_listed():
    found = column(["€ 5", "$7", "€ 1,000.50"], "amount")
    assert found.numbers is not None
    assert (found.looks_like, found.numbers.currencies) == ("money", ("EUR", "USD"))


@pytest.mark.parametrize(
    ("name", "cells", "scales"),
    [
        ("health_score", ["0.2", "0.95"], ("0-1",)),
        ("health_score", ["2", "9"], ("0-10", "0-100")),
        ("health", ["2", "10"], ("0-10", "0-100")),
        ("health", ["20", "85"], ("0-100",)),
        ("health", ["20%", "85%"], ("0-100",)),
        ("NPS", ["-40", "60"], ("-100-100",)),
        ("satisfaction_score", ["1", "5", "3"], ("1-5",)),
        ("health", ["1", "5"], ("1-5", "0-10", "0-100")),
        ("Health", ["Red", "green", "AMBER"], ("color",)),
        ("grade", ["A", "B+", "F"], ("letter",)),
        ("sentiment", ["good", "bad"], ("word",)),
    ],
)
def test_the_scale_of_a_score_is_certain_or_has_several_readings(
    name: str, cells: list[Cell], scales: tuple[str, ...]
):
    score = column(cells, name).score
    assert score is not None
    assert score.scales == scales
    assert score.certain == (len(scales) == 1 and scales != ("word",))


def test_a_score_of_risk_may_be_reversed():
    risk, health = column(["20", "85"], "Risk Score").score, column(["20", "85"], "Health Score").score
    assert risk is not None
    assert health is not None
    assert (risk.may_be_reversed, health.may_be_reversed) == (True, False)


def test_what_is_no_score_has_no_scale():
    assert column(["20", "85"], "seats").score is None
    assert column(["2024-01-01"], "churn_date").score is None
    assert column(["500", "7"], "score").score is None


@pytest.mark.parametrize(
    ("name", "cells", "word"),
    [
        ("x", ["", None, " "], "empty"),
        ("x", ["Yes", "No", "yes"], "boolean"),
        ("flag", ["0", "1", "1"], "boolean"),
        ("error_count", ["0", "1", "1"], "number"),
        ("x", ["1", "2", "7"], "number"),
        ("arr", ["1", "2", "7"], "money"),
        ("x", ["2024-03-05", "2024-03-06"], "date"),
        ("x", ["a@acme.example", "b@acme.example"], "email"),
        ("x", ["https://acme.example/a", "http://b.example"], "url"),
        ("x", ["acme.example", "www.beta.example"], "domain"),
        ("account_id", ["17", "18"], "id"),
        ("ref", ["A-2e4581", "A-43a9e3", "A-0a282f"], "id"),
        ("account_name", ["Company_0", "Company_1"], "name"),
        ("plan", ["Pro", "Basic", "Pro", "Basic"], "category"),
        ("notes", ["they asked for a call", "quiet since May"], "text"),
    ],
)
def test_what_a_column_looks_like(name: str, cells: list[Cell], word: str):
    assert column(cells, name).looks_like == word


def test_formulas_are_counted_and_kept_as_text():
    found = column(["Acme", '=HYPERLINK("http://x.example")', "@cmd", "-5", "+1"])
    assert (found.formulas, found.first_formula) == (3, Sighting('=HYPERLINK("http://x.example")', 3))
    assert '=HYPERLINK("http://x.example")' in found.distinct


def test_blank_cells_and_different_values_are_counted():
    found = column(["a", "", None, " ", "b", "a"])
    assert (found.rows, found.blanks, found.blank_share, found.distinct) == (6, 3, 0.5, ("a", "b"))
    many = column([str(n) for n in range(200)])
    assert (len(many.distinct), many.has_more_values) == (50, True)


def test_words_of_names():
    assert words_of("CloseDate") == words_of("close_date") == words_of("Close Date") == {"close", "date"}
    assert words_of("ARR__c") == {"arr", "c"}
    assert words_of("customerID") == {"customer", "id"}


def test_a_sheet_counts_good_and_rejected_rows(tmp_path: Path):
    profile = profile_of(sheet_of(tmp_path, "id,name,city\n1,Acme,Bonn\n2,Beta\n3,Gamma,Ulm\n"))
    assert (profile.rows, profile.rejected) == (2, 1)
    with pytest.raises(KeyError):
        profile.column("nobody")


def test_what_is_seen_does_not_depend_on_the_batches():
    chance = random.Random(5)
    cells: list[Cell] = [
        chance.choice(
            ["", "7,5", "1.234", "12", f"{chance.randrange(1, 13):02d}/{chance.randrange(1, 29):02d}/2024"]
        )
        for _ in range(3000)
    ]
    small, large = column(cells, size=7), column(cells, size=5000)
    assert (small.blanks, small.dates, small.numbers, small.distinct) == (
        large.blanks,
        large.dates,
        large.numbers,
        large.distinct,
    )


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.none(),
            st.dates(),
            st.datetimes(),
            st.decimals(allow_nan=False),
        ),
        max_size=30,
    ),
    st.sampled_from(["x", "health_score", "created_at", "arr", "id"]),
)
@example([Decimal("1E+100"), Decimal("1E-100"), Decimal("Infinity"), Decimal("NaN")], "arr")
def test_no_column_makes_the_profile_fail(cells: list[Cell], name: str):
    found = column(cells, name, size=7)
    assert found.rows == len(cells)
    assert 0 <= found.blanks <= found.rows
