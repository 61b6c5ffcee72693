"""A table as a file: CSV, Excel, Parquet.

What came from outside is text and stays text: a cell that a spreadsheet program would run as a
formula is neutralized in CSV and written as a string in Excel. Numbers, dates and instants keep
their type; a missing value is an empty cell or a null, never 0.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Cell = str | int | float | bool | date | datetime | None

TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "day": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
    "flag": pa.bool_(),
}
RUNS_AS_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n]")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
FIRST_YEAR = 1900
"""Excel counts days from 1900 and counts its February wrongly; older dates are written as text."""


@dataclass(frozen=True)
class SheetColumn:
    """A column: its heading and its type, one of ``TYPES``."""

    name: str
    type: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A table to be written; ``name`` is the file's name without its ending."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> bytes:
    """Return the table as UTF-8 CSV with a byte order mark, which spreadsheet programs look for."""
    out = StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow([neutralized(column.name) for column in sheet.columns])
    write.writerows([_text(cell) for cell in row] for row in sheet.rows)
    return "\ufeff".encode() + out.getvalue().encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """Return the table as an Excel file with its first row frozen; no text becomes a formula or link."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.name)[:LONGEST_SHEET_NAME] or "Sheet")
        bold = book.add_format({"bold": True})
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, _fit(column.name), bold)
        for number, row in enumerate(sheet.rows, start=1):
            _write_row(page, number, row, formats)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), max(len(sheet.columns) - 1, 0))
    return out.getvalue()


def as_parquet(sheet: Sheet) -> bytes:
    """Return the table as Parquet, each column of its own type."""
    schema = pa.schema([(column.name, TYPES[column.type]) for column in sheet.columns])
    columns = list(zip(*sheet.rows, strict=True)) if sheet.rows else [()] * len(sheet.columns)
    arrays = [
        pa.array(values, type=field.type, from_pandas=True)
        for values, field in zip(columns, schema, strict=True)
    ]
    out = BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def neutralized(text: str) -> str:
    """Return ``text`` with a leading apostrophe where a spreadsheet program would run it."""
    return f"'{text}" if RUNS_AS_FORMULA.match(text) else text


def _text(cell: Cell) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralized(cell.replace("\x00", ""))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date | datetime) else cell


def _write_row(page: Any, number: int, row: Sequence[Cell], formats: dict[str, Any]) -> None:
    for place, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, str):
            page.write_string(number, place, _fit(cell))
        elif isinstance(cell, bool):
            page.write_boolean(number, place, cell)
        elif isinstance(cell, date):
            _write_date(page, number, place, cell=cell, formats=formats)
        else:
            page.write_number(number, place, cell)


def _write_date(page: Any, number: int, place: int, *, cell: date, formats: dict[str, Any]) -> None:
    if cell.year <= FIRST_YEAR:
        page.write_string(number, place, cell.isoformat())
    elif isinstance(cell, datetime):
        page.write_datetime(number, place, _naive(cell), formats["instant"])
    else:
        page.write_datetime(number, place, cell, formats["day"])


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def _fit(text: str) -> str:
    return NOT_IN_XML.sub("", text)[:LONGEST_CELL]
