"""Profiles of all columns of a sheet, in the pass that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evenbook.sources.profile.columns import ColumnState
from evenbook.sources.profile.findings import ColumnProfile, SheetProfile
from evenbook.sources.reading.sheets import Batch, Sheet
from evenbook.sources.values import DateOrder


class Profiler:
    """Takes in the batches of one sheet; holds counts and small samples, never rows."""

    def __init__(self, header: Sequence[str]) -> None:
        self.columns = [ColumnState(name, position) for position, name in enumerate(header)]
        self.rows = self.rejected = 0

    def see(self, batch: Batch) -> None:
        """Take in the rows of a batch."""
        self.rows += len(batch.rows)
        self.rejected += len(batch.rejected)
        if batch.rows:
            for column, cells in zip(self.columns, zip(*batch.rows, strict=True), strict=True):
                column.see(cells, batch.numbers)

    def result(self) -> SheetProfile:
        """Return what is known so far."""
        columns = [column.profile() for column in self.columns]
        hints = _orders_by_separator(self.columns, columns)
        return SheetProfile(
            self.rows,
            self.rejected,
            tuple(_with_hint(c, s, hints) for c, s in zip(columns, self.columns, strict=True)),
        )


def profile_of(sheet: Sheet) -> SheetProfile:
    """Return the profile of a whole sheet, reading it once.

    Raises:
        ReadingStopped: the file broke off.
    """
    profiler = Profiler(sheet.header)
    for batch in sheet.batches():
        profiler.see(batch)
    return profiler.result()


def _orders_by_separator(
    states: list[ColumnState], columns: list[ColumnProfile]
) -> dict[str, set[DateOrder]]:
    """The orders that certain columns use, by the mark between day and month."""
    orders: dict[str, set[DateOrder]] = {}
    for state, column in zip(states, columns, strict=True):
        if column.dates is not None and column.dates.verdict in {"dmy", "mdy"} and column.dates.order:
            for separator in state.dates.separators:
                orders.setdefault(separator, set()).add(column.dates.order)
    return orders


def _with_hint(column: ColumnProfile, state: ColumnState, orders: dict[str, set[DateOrder]]) -> ColumnProfile:
    if column.dates is None or column.dates.verdict != "ambiguous":
        return column
    hints = set().union(*(orders.get(separator, set()) for separator in state.dates.separators))
    if len(hints) != 1:
        return column
    return replace(column, dates=replace(column.dates, likely=hints.pop()))
