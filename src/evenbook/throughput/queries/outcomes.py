"""What came of interventions, as a run kept it. It is of many people at once, and names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.models import EventEffect, LaggedBond
from evenbook.throughput.rules.outcomes import BY_MEASURE, EVENTS, LAGS, OUTCOMES, Bond, Found


@dataclass(frozen=True)
class BondRow:
    """How one outcome follows one cause at each lag."""

    cause: str
    outcome: str
    bonds: tuple[Bond, ...]

    @property
    def cause_title(self) -> str:
        """What comes first, in words."""
        return BY_MEASURE[self.cause].title

    @property
    def outcome_title(self) -> str:
        """What follows, in words."""
        return BY_MEASURE[self.outcome].title

    @property
    def is_known(self) -> bool:
        """Whether anything can be said at any lag."""
        return any(each.correlation is not None for each in self.bonds)


def found_effects(viewer: Viewer, week: Week) -> tuple[Found, ...]:
    """Return what came of each kind of intervention, what is seen first; nothing to who may not read."""
    if not viewer.allows("read"):
        return ()
    rows = EventEffect.objects.filter(
        run=week.run.id, event__in=EVENTS, measure__in=[each.measure for each in OUTCOMES]
    )
    found = [
        Found(
            event=row.event,
            measure=row.measure,
            estimate=row.estimate,
            interval_80=_interval(row.low_80, row.high_80),
            interval_95=_interval(row.low_95, row.high_95),
            was_comparable=row.was_comparable,
            events=row.events,
            treated=row.treated,
            compared=row.compared,
        )
        for row in rows
    ]
    events, measures = list(EVENTS), [each.measure for each in OUTCOMES]
    return tuple(sorted(found, key=lambda each: (events.index(each.event), measures.index(each.measure))))


def found_bonds(viewer: Viewer, week: Week) -> tuple[BondRow, ...]:
    """Return how what lags follows people's load, pace and reach, a row a pair; as for effects."""
    if not viewer.allows("read"):
        return ()
    rows: dict[tuple[str, str], dict[int, Bond]] = {}
    for row in LaggedBond.objects.filter(run=week.run.id, cause__in=BY_MEASURE, outcome__in=BY_MEASURE):
        bond = Bond(
            cause=row.cause,
            outcome=row.outcome,
            weeks=row.weeks,
            correlation=row.correlation,
            interval_80=_interval(row.low_80, row.high_80),
            interval_95=_interval(row.low_95, row.high_95),
            people=row.people,
        )
        rows.setdefault((row.cause, row.outcome), {})[row.weeks] = bond
    measures = list(BY_MEASURE)
    ordered = sorted(rows, key=lambda pair: (measures.index(pair[0]), measures.index(pair[1])))
    return tuple(
        BondRow(*pair, tuple(rows[pair][lag] for lag in LAGS if lag in rows[pair])) for pair in ordered
    )


def _interval(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)
