"""How a review says numbers and days: as a customer reads them, rounded once and the same everywhere.

Pure.
"""

from __future__ import annotations

from datetime import date

WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def day_text(day: date) -> str:
    """Return a day, or the day of an instant, as 9 Mar 2026."""
    return f"{day.day} {day:%b} {day.year}"


def plain_number(value: float) -> str:
    """Return a number: whole from ten on or where it is, else with one decimal."""
    whole = round(value)
    return f"{whole:,}" if abs(value) >= 10 or abs(value - whole) < 0.05 else f"{value:.1f}"


def percent(share: float) -> str:
    """Return a share, 0 to 1, in percent."""
    return f"{share * 100:.0f}%"


def counted(count: int) -> str:
    """Return a count at the start of a sentence: in words up to nine."""
    return WORDS[count] if 0 <= count < len(WORDS) else f"{count:,}"
