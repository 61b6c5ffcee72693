"""Public holidays come from a library of two hundred countries, of which only those asked for are loaded."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import holidays

from evenbook.book.holidays import holiday_rows, is_known
from evenbook.book.numbers import BookNumbers

LOADED = """
import sys
from evenbook.book.holidays import is_known
assert is_known("DE", "BY")
print(sum(name.startswith("holidays.countries.") for name in sys.modules))
"""


def test_a_country_is_loaded_by_itself():
    asked = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert int(asked.stdout) < 10


def test_every_country_that_the_library_knows_still_loads():
    codes = holidays.list_supported_countries(include_aliases=False)
    assert len(codes) > 200 and [code for code in codes if not is_known(code, "")] == []


def test_what_the_library_does_not_know_is_not_known():
    assert not is_known("XX", "") and not is_known("DE", "XX")


def test_a_region_has_the_days_of_its_country_and_of_the_years_asked_for():
    rows = holiday_rows(BookNumbers(), [2025]).to_pylist()
    assert {row["day"].year for row in rows} == {2025}
    assert {(row["region"], row["day"]) for row in rows} >= {
        ("DE", date(2025, 10, 3)),
        ("US", date(2025, 7, 4)),
    }
