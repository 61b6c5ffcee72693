"""Scores on their own scale, brought to 0 to 100 where high is good. Pure."""

from __future__ import annotations

from decimal import Decimal

from evenbook.sources.values import Problem, is_nothing, parse_number, quoted

NUMBERS: dict[str, tuple[float, float]] = {
    "0-1": (0, 1),
    "1-5": (1, 5),
    "0-5": (0, 5),
    "1-7": (1, 7),
    "0-10": (0, 10),
    "1-10": (1, 10),
    "0-100": (0, 100),
    "-100-100": (-100, 100),
    "-1-1": (-1, 1),
}
COLORS = {"green": 85.0, "yellow": 55.0, "amber": 55.0, "orange": 55.0, "red": 20.0}
LETTERS = {"a": 90.0, "b": 70.0, "c": 50.0, "d": 30.0, "e": 20.0, "f": 10.0}
WORDS = {
    "excellent": 95.0, "very good": 90.0, "good": 80.0, "healthy": 85.0, "happy": 80.0, "positive": 80.0,
    "satisfied": 80.0, "high": 85.0, "stable": 70.0, "fair": 55.0, "average": 55.0,
    "neutral": 50.0, "medium": 55.0,
    "low": 20.0, "poor": 25.0, "unhappy": 20.0, "negative": 20.0, "dissatisfied": 20.0, "bad": 20.0,
    "at risk": 25.0, "at-risk": 25.0, "unhealthy": 20.0, "very bad": 5.0, "critical": 10.0, "churning": 5.0,
    "promoter": 95.0, "passive": 75.0, "detractor": 30.0,
}  # fmt: skip
UNSAID = frozenset({"gray", "grey", "blue", "offered", "unoffered", "not offered", "unrated"})


def to_hundred(
    value: object, scale: str, *, high_is_good: bool, decimal: str = "point"
) -> float | Problem | None:
    """Return a score as 0 to 100, high is good; None for a blank or one that says nothing.

    Args:
        value: the cell.
        scale: one of ``NUMBERS``, ``color``, ``letter`` or ``word``.
        high_is_good: whether a high score is good on its own scale.
        decimal: the decimal mark of the column.
    """
    found = _number(value, scale, decimal) if scale in NUMBERS else _named(value, scale)
    if not isinstance(found, float):
        return found
    return found if high_is_good else 100 - found


def _number(value: object, scale: str, decimal: str) -> float | Problem | None:
    text = value.partition("/")[0] if isinstance(value, str) and value.count("/") == 1 else value
    number = parse_number(text, "comma" if decimal == "comma" else "point")
    if not isinstance(number, Decimal):
        return number
    if isinstance(value, str) and value.rstrip().endswith("%") and scale == "0-100":
        number *= 100
    low, high = NUMBERS[scale]
    if not low <= number <= high:
        return Problem(f"{quoted(value)} is not on the scale {scale}", "not_plausible")
    return (float(number) - low) / (high - low) * 100


def _named(value: object, scale: str) -> float | Problem | None:
    if is_nothing(value):
        return None
    word = str(value).strip().casefold()
    if word in UNSAID:
        return None
    words = {"color": COLORS, "letter": LETTERS}.get(scale, WORDS)
    found = words.get(word[:1] if scale == "letter" else word)
    return (
        found if found is not None else Problem(f"{quoted(value)} is not a {scale} that stands for a score")
    )
