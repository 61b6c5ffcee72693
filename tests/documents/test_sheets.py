"""Tables as files: exact, typed, and nothing in them runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenbook.documents.sheets import Sheet, SheetColumn, as_csv, as_parquet, as_xlsx, neutralized

COLUMNS = (
    SheetColumn("name"),
    SheetColumn("accounts", "whole"),
    SheetColumn("arr", "number"),
    SheetColumn("on", "day"),
    SheetColumn("at", "instant"),
    SheetColumn("covered", "flag"),
)
ROW = ("Kestrel Bio", 3, -1.5, date(2026, 3, 9), datetime(2026, 3, 9, 8, 30, tzinfo=UTC), True)
NONE = (None,) * 6


def sheet(*rows) -> Sheet:
    return Sheet("accounts", COLUMNS, rows)


def cells(made: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"))))


def test_csv_says_everything_and_leaves_out_what_is_missing():
    assert cells(sheet(ROW, NONE))[1:] == [
        ["Kestrel Bio", "3", "-1.5", "2026-03-09", "2026-03-09T08:30:00+00:00", "yes"],
        [""] * 6,
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\n=1"]
)
def test_text_that_a_spreadsheet_would_run_is_neutralized(text):
    assert neutralized(text) == f"'{text}"
    assert cells(sheet((text, *NONE[1:])))[1][0].startswith("'")


@pytest.mark.parametrize("text", ["Kestrel Bio", "a=b", "1-2", "", "mail@example.com"])
def test_plain_text_stays_as_it_is(text):
    assert neutralized(text) == text


def test_excel_keeps_types_and_writes_no_formula_and_no_link():
    made = as_xlsx(sheet(ROW, ("=HYPERLINK(1)", *NONE[1:]), ("https://evil.example", *NONE[1:])))
    page = openpyxl.load_workbook(io.BytesIO(made)).active

    assert [cell.value for cell in page[2]] == [
        "Kestrel Bio",
        3,
        -1.5,
        datetime(2026, 3, 9),
        datetime(2026, 3, 9, 8, 30),
        True,
    ]
    assert page["A3"].data_type == "s" and page["A4"].hyperlink is None
    assert page.freeze_panes == "A2"


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28), date(2099, 12, 31), date(9999, 12, 31)]
)
def test_days_that_excel_cannot_count_are_written_as_text(day):
    made = as_xlsx(sheet((None, None, None, day, None, None)))
    value = openpyxl.load_workbook(io.BytesIO(made)).active["D2"].value

    assert value == day.isoformat() or value.date() == day


def test_excel_takes_long_texts_control_characters_and_numbers_that_are_none():
    made = as_xlsx(sheet(("x" * 50_000 + "\x00\x0b", None, float("nan"), None, None, None)))

    assert len(openpyxl.load_workbook(io.BytesIO(made)).active["A2"].value) == 32_767


def test_parquet_keeps_the_type_of_each_column_even_without_rows():
    full, bare = (pq.read_table(io.BytesIO(as_parquet(made))) for made in (sheet(ROW, NONE), sheet()))

    assert full.schema == bare.schema and full.schema.field("on").type == pa.date32()
    assert full.to_pylist()[0] == dict(zip((column.name for column in COLUMNS), ROW, strict=True))
    assert bare.num_rows == 0


def test_a_table_without_rows_still_has_its_headings():
    assert cells(sheet()) == [[column.name for column in COLUMNS]]
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet()))).active.max_row == 1
