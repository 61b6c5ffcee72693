"""The looks ahead taken, scaled and judged: what breaks at so many times today's accounts, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from evenbook.kit.errors import EvenbookError
from evenbook.site.ahead.looks import LOOKS, Look, Measured
from evenbook.site.doctor import ATTENTION, OK, SKIPPED, Line

LARGEST = 1_000.0
FEW_ROWS = 1_000
"""Smaller tables are not told of."""


class BadFactor(EvenbookError):
    """How many times more accounts there are to be can't be read."""

    kind = "bad-factor"


@dataclass(frozen=True)
class Ahead:
    """One look ahead as it was judged. The figures are None where nothing was measured."""

    line: Line
    now: float | None = None
    then: float | None = None
    limit: float | None = None
    unit: str = ""
    grows: str = ""

    @property
    def breaks_at(self) -> float | None:
        """Return at how many times today's accounts it breaks."""
        return self.limit / self.now if self.now and self.limit is not None else None

    def as_json(self) -> dict[str, object]:
        """Return it as it is printed for programs."""
        figures = {"now": self.now, "then": self.then, "limit": self.limit, "breaks_at": self.breaks_at}
        rounded = {name: None if value is None else float(f"{value:.4g}") for name, value in figures.items()}
        return {**self.line.as_json(), **rounded, "unit": self.unit, "grows": self.grows}


def factor_of(text: str) -> float:
    """Return how many times ``10x`` means.

    Raises:
        BadFactor: it is no number of times, or not above none.
    """
    try:
        factor = float(text.strip().lower().removesuffix("x"))
    except ValueError:
        factor = 0.0
    if not 0 < factor <= LARGEST:
        raise BadFactor(f"'{text[:20]}' is not a number of times.", fix="Write it as 10x, up to 1000x.")
    return factor


def look_ahead(now: datetime, factor: float) -> tuple[Ahead, ...]:
    """Return every look ahead, what breaks first, what was not measured last."""
    judged = [_judged(look, look.measure(now, factor), factor) for look in LOOKS]
    return tuple(sorted(judged, key=lambda each: each.breaks_at or float("inf")))


def table_rows(factor: float) -> dict[str, tuple[int, int]]:
    """Return the rows of each table of some size, now and then, the largest first."""
    counted = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
    large = sorted(((rows, table) for table, rows in counted.items() if rows >= FEW_ROWS), reverse=True)
    return {table: (rows, round(rows * factor)) for rows, table in large}


def _judged(look: Look, found: Measured | None, factor: float) -> Ahead:
    if found is None:
        return Ahead(Line(look.id, SKIPPED, f"{look.figure}: nothing was measured, or no limit holds here."))
    then = found.now * factor
    breaks = then > found.limit
    what = (
        f"{look.figure} {_said(found.now)} {look.unit}, {_said(then)} at {factor:g} times; "
        f"it grows {look.grows}. The limit is {_said(found.limit)}: {look.limit}."
    )
    more = f" {found.more}" if found.more and breaks else ""
    if breaks:
        what += f" It breaks at {_said(found.limit / found.now)} times.{more}"
    line = Line(look.id, ATTENTION if breaks else OK, what, look.fix if breaks else "")
    return Ahead(line, found.now, then, found.limit, look.unit, look.grows)


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
