"""Retention of a subject in one stored week: the bridge, what the wrong figures are made of, cohorts.

All of it is summed from the rows that the run kept, so a past week answers as it did then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from evenbook.measures.details import COHORTS
from evenbook.measures.queries import OpenedRow, rows_of, single_rows
from evenbook.measures.rules import BRIDGE
from evenbook.measures.rules.retention import Bridge, CohortCell, bridge_of, mean_ratio, triangle
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import RunInfo

SUMMED = ("nrr", "logo", *BRIDGE, "revenue_per_customer")
KEPT = {"revenue": ("kept_cents", "start_cents"), "net": ("end_cents", "start_cents"), "customers": ("", "")}
"""What may be asked of a cohort, and the columns of what is left and of the start."""


@dataclass(frozen=True)
class Retained:
    """The bridge of a subject, and the mean of its customers' own ratios."""

    bridge: Bridge
    mean_ratio: float | None


def retained(viewer: Viewer, run: RunInfo, *, kind: str, subject: str) -> Retained:
    """Return what a subject's customers paid and pay, as a run found it.

    Raises:
        FigureClosed: the subject is not the viewer's to see.
    """
    tables = rows_of(viewer, *SUMMED, run=run, subject_kind=kind, subject=subject)
    sums = {
        name: (_sum(table, "part"), _sum(table, "whole"), table.num_rows) for name, table in tables.items()
    }
    parts, wholes = (tables["nrr"][name].to_pylist() for name in ("part", "whole"))
    return Retained(bridge_of(sums), mean_ratio(map(float, parts), map(float, wholes)))


def cohorts(viewer: Viewer, run: RunInfo, *, kind: str, subject: str) -> tuple[tuple[CohortCell, ...], ...]:
    """Return the cohorts of a subject by start quarter, the oldest first, each by age.

    Raises:
        FigureClosed: the subject is not the viewer's to see.
    """
    rows = rows_of(viewer, COHORTS, run=run, subject_kind=kind, subject=subject)[COHORTS]
    asked = [
        ("start_cents", "sum"),
        ("kept_cents", "sum"),
        ("end_cents", "sum"),
        ("n", "sum"),
        ("stays", "sum"),
    ]
    counted = rows.append_column("n", pa.array([1] * rows.num_rows, pa.int64())).append_column(
        "stays", pc.cast(rows["stayed"], pa.int64())
    )
    found = counted.group_by(["quarter_on", "age", "until_on"]).aggregate(asked).to_pylist()
    return triangle(
        CohortCell(
            each["quarter_on"], each["age"], each["until_on"], each["n_sum"], each["stays_sum"],
            float(each["start_cents_sum"]), float(each["kept_cents_sum"]), float(each["end_cents_sum"]),
        )
        for each in found
    )  # fmt: skip


def cohort_rows(
    viewer: Viewer, run: RunInfo, *, kind: str, subject: str, quarter_on: date, age: int, kept: str
) -> tuple[OpenedRow, ...]:
    """Return the customers of a cohort at an age, those of others as one row: what is left of their start.

    Args:
        viewer: who asks.
        run: the week.
        kind, subject: of whom.
        quarter_on: the first day of the quarter in which they came.
        age: quarters since then.
        kept: one of ``KEPT``.

    Raises:
        FigureClosed: the subject is not the viewer's to see.
    """
    rows = rows_of(viewer, COHORTS, run=run, subject_kind=kind, subject=subject)[COHORTS]
    rows = rows.filter(pc.and_(pc.equal(rows["quarter_on"], quarter_on), pc.equal(rows["age"], age)))
    above, below = KEPT[kept]
    part = rows[above] if above else pc.cast(rows["stayed"], pa.int64())
    whole = rows[below] if below else pa.array([1] * rows.num_rows, pa.int64())
    asked = (
        rows.select(["account", "person", "pool"]).append_column("part", part).append_column("whole", whole)
    )
    return single_rows(viewer, asked, columns=())


def _sum(table: pa.Table, column: str) -> float:
    found = pc.sum(table[column]).as_py()
    return float(found or 0)
