"""Public holidays of the regions that people work in, as rows for rules.

Which region keeps whose holidays is policy; the days come from a well-kept calendar library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType

import holidays
import pyarrow as pa

from evenbook.book.numbers import BookNumbers
from evenbook.frames.session import from_rows

COUNTRIES = "holidays.countries"
if COUNTRIES not in sys.modules:
    # The library's own package of countries loads all two hundred: a fifth of a second and 7 MB in each
    # process. An empty one with the same path lets each country be loaded when it is asked for.
    _countries = ModuleType(COUNTRIES)
    _countries.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules[COUNTRIES] = _countries

COLUMNS = {"region": "VARCHAR", "day": "DATE", "name": "VARCHAR"}


def holiday_rows(numbers: BookNumbers, years: Iterable[int]) -> pa.Table:
    """Return one row a region and public holiday: ``region``, ``day``, ``name``.

    A region whose country the library does not know has none; ``doctor`` names it.
    """
    wanted = sorted(set(years))
    rows = []
    for region in numbers.holiday_regions:
        for day, name in sorted(_days(region.country, region.subdivision, wanted).items()):
            rows.append({"region": region.region, "day": day, "name": name})
    return from_rows(rows, COLUMNS)


def holidays_of(numbers: BookNumbers, region: str, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of one region; a region that policy gives no calendar has none."""
    wanted = sorted(set(years))
    rows = [each for each in numbers.holiday_regions if each.region == region]
    return frozenset(day for each in rows for day in _days(each.country, each.subdivision, wanted))


def is_known(country: str, subdivision: str) -> bool:
    """Return whether the calendar library knows a country and its subdivision."""
    return _calendar(country, subdivision, []) is not None


def _days(country: str, subdivision: str, years: list[int]) -> dict[date, str]:
    return dict(_calendar(country, subdivision, years) or {})


def _calendar(country: str, subdivision: str, years: list[int]) -> Mapping[date, str] | None:
    """Return a country's days; only its own calendar is loaded, of the two hundred that there are."""
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError:
        return None
