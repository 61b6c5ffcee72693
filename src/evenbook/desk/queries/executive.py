"""The executive page: retention of everybody, a team or one's own book, what moved it, and how it is misread.

A CSM has their own book alone. Who leads has their teams, who sees everything has all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evenbook.book.queries import me
from evenbook.desk.rules.executive import Subject, of_whom
from evenbook.hotsheet.queries import OfWhom, SheetTotals, sheet_totals
from evenbook.kit.dates import week_series
from evenbook.kit.errors import EvenbookError
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.queries import OpenedRow
from evenbook.measures.retention import KEPT, cohort_rows, cohorts, retained
from evenbook.measures.rules.retention import (
    Bridge,
    CohortCell,
    Given,
    Lifetime,
    Pair,
    lifetime,
    pairs,
    triangle,
)
from evenbook.measures.values import Measured, series
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.queries.monthly import subjects

READ = ("nrr", "grr", "logo", "renewal_rate", "nps", "revenue_per_customer", "nrr_lazy", "month_loss")
TITLES = {
    "nrr": "NRR", "grr": "GRR", "logo": "Logo retention", "renewal_rate": "Gross renewal rate", "nps": "NPS",
}  # fmt: skip
UNITS = {"nps": "number"}
NOTHING = Measured(None, 0)


class NotForExecutives(EvenbookError):
    """There is no such team, or the viewer is nobody with customers and leads nobody."""

    kind = "not-for-executives"
    status = 404


@dataclass(frozen=True)
class Standing:
    """A figure now and a quarter before, with its weeks, oldest first, and its target in policy."""

    measure: str
    now: float | None
    before: float | None
    count: int
    trend: tuple[float | None, ...]
    target: float | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.measure]

    @property
    def unit(self) -> str:
        """How it is said."""
        return UNITS.get(self.measure, "share")

    @property
    def is_met(self) -> bool | None:
        """Whether it reaches its target; None where one of them is not known."""
        return None if self.now is None or self.target is None else self.now >= self.target


@dataclass(frozen=True)
class Executive:
    """What an executive sees of a week.

    Attributes:
        week: the stored week.
        subject: of whom: all, a team, or the viewer's own book.
        of: the same in words.
        numbers: how retention is counted.
        figures: by measure.
        bridge: in minor units.
        pairs: the wrong figures that differ, beside the right ones.
        lifetime, lifetime_before: what a customer is worth, now and a quarter before.
        cohorts: by start quarter, each by age.
        at_risk: the hot sheet's sums, of all or of one's own book.
    """

    week: Week
    subject: Subject
    of: str
    numbers: MeasuresNumbers
    figures: Mapping[str, Standing]
    bridge: Bridge
    pairs: tuple[Pair, ...]
    lifetime: Lifetime | None
    lifetime_before: Lifetime | None
    cohorts: tuple[tuple[CohortCell, ...], ...]
    at_risk: SheetTotals | None

    @property
    def shown(self) -> tuple[Standing, ...]:
        """The figures of the page: NRR and GRR lead; what has no value is left out of the others."""
        found = [self.figures[name] for name in TITLES]
        return tuple(each for each in found if each.measure in {"nrr", "grr"} or each.now is not None)


def subjects_of(viewer: Viewer) -> tuple[Subject, ...]:
    """Return of whom the viewer may have the page: all and teams, or their own book."""
    if viewer.role != "csm":
        return subjects(viewer)
    own = me(viewer)
    return (("csm", own.key),) if own else ()


def subject_asked(viewer: Viewer, team: str) -> Subject:
    """Return the team asked for, else the first that the viewer may have.

    Raises:
        NotForExecutives: there is none.
    """
    given = subjects_of(viewer)
    if not given:
        raise NotForExecutives("You own no accounts and lead nobody.", fix="Ask operations for a role.")
    if not team:
        return given[0]
    if ("team", team) not in given:
        raise NotForExecutives(
            f"There is no team '{team[:60]}' whose figures you may see.", fix="Choose one of yours."
        )
    return "team", team


def executive(viewer: Viewer, week: Week, *, team: str = "") -> Executive:
    """Return the executive page of a week.

    Raises:
        NotForExecutives: the viewer may not see such a team, or anybody.
    """
    subject = subject_asked(viewer, team)
    kind, key = subject
    numbers = week.policy.of(MeasuresNumbers)
    days = week_series(week.run.as_of, numbers.trend_weeks)
    found = series(viewer, days, measures=READ, subjects=[subject])
    weeks = {name: found.get((name, *subject), (NOTHING,) * len(days)) for name in READ}
    kept = retained(viewer, week.run, kind=kind, subject=key)
    given = Given(
        mean_ratio=kept.mean_ratio,
        flow=weeks["nrr_lazy"][-1].value,
        month_loss=weeks["month_loss"][-1].value,
        renewal_rate=weeks["renewal_rate"][-1].value,
        basis=numbers.retention_basis,
    )
    return Executive(
        week=week,
        subject=subject,
        of=of_whom(subject),
        numbers=numbers,
        figures={name: _standing(name, weeks[name], numbers) for name in TITLES},
        bridge=kept.bridge,
        pairs=pairs(kept.bridge, given),
        lifetime=_worth(weeks, numbers, -1),
        lifetime_before=_worth(weeks, numbers, 0),
        cohorts=cohorts(viewer, week.run, kind=kind, subject=key),
        at_risk=_at_risk(viewer, week, subject),
    )


def _worth(
    weeks: Mapping[str, tuple[Measured, ...]], numbers: MeasuresNumbers, place: int
) -> Lifetime | None:
    """Return what a customer is worth in one of the weeks."""
    return lifetime(
        weeks["revenue_per_customer"][place].value,
        weeks["logo"][place].value,
        margin=numbers.gross_margin,
        most_years=numbers.lifetime_years,
    )


def _standing(name: str, weeks: tuple[Measured, ...], numbers: MeasuresNumbers) -> Standing:
    targets = {
        "nrr": numbers.nrr_target, "grr": numbers.grr_target, "logo": numbers.logo_target,
        "renewal_rate": numbers.renewal_target, "nps": numbers.nps_target,
    }  # fmt: skip
    trend = tuple(each.value for each in weeks)
    return Standing(name, trend[-1], trend[0], weeks[-1].count, trend, targets.get(name))


def _at_risk(viewer: Viewer, week: Week, subject: Subject) -> SheetTotals | None:
    """Return the sums of the hot sheet; None without a row."""
    kind, key = subject
    of = {"team": OfWhom(team=key), "csm": OfWhom(owner=key)}.get(kind, OfWhom())
    found = sheet_totals(viewer, week.run.id, of=of)
    return found if found.rows else None


@dataclass(frozen=True)
class CohortOpened:
    """One cell of the cohorts with its customers, and what is asked of it."""

    cell: CohortCell
    of: str
    kept: str
    rows: tuple[OpenedRow, ...]


def cohort_opened(
    viewer: Viewer, week: Week, *, team: str, quarter_on: date, age: int, kept: str
) -> CohortOpened:
    """Return a cohort at an age with its customers.

    Raises:
        NotForExecutives: there is no such cohort, or it is not the viewer's to see.
    """
    kind, key = subject = subject_asked(viewer, team)
    cells = triangle(
        each
        for row in cohorts(viewer, week.run, kind=kind, subject=key)
        for each in row
        if (each.quarter_on, each.age) == (quarter_on, age)
    )
    if not cells or kept not in KEPT:
        raise NotForExecutives("There is no such cohort.", fix="Open one from the executive page.")
    rows = cohort_rows(viewer, week.run, kind=kind, subject=key, quarter_on=quarter_on, age=age, kept=kept)
    return CohortOpened(cells[0][0], of_whom(subject), kept, rows)
