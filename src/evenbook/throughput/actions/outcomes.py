"""Keeping what came of interventions, as the newest run finds it."""

from __future__ import annotations

from django.db import transaction

from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.models import EventEffect, LaggedBond
from evenbook.throughput.queries.panels import bonds, effects
from evenbook.throughput.rules.outcomes import Bond, Found

Interval = tuple[float, float] | None


@transaction.atomic
def keep_outcomes(keeper: Viewer, shown: Week) -> int:
    """Keep what came of interventions up to a run's day, in place of what an earlier try of it kept."""
    run = shown.run.id
    for model in (EventEffect, LaggedBond):
        model.objects.filter(run=run).delete()
    found = EventEffect.objects.bulk_create(_effect(run, each) for each in effects(keeper, shown))
    return len(found) + len(LaggedBond.objects.bulk_create(_bond(run, each) for each in bonds(keeper, shown)))


def _effect(run: int, found: Found) -> EventEffect:
    return EventEffect(
        run_id=run,
        event=found.event,
        measure=found.measure,
        estimate=found.estimate,
        **_ends(found.interval_80, found.interval_95),
        was_comparable=found.was_comparable,
        events=found.events,
        treated=found.treated,
        compared=found.compared,
    )


def _bond(run: int, found: Bond) -> LaggedBond:
    return LaggedBond(
        run_id=run,
        cause=found.cause,
        outcome=found.outcome,
        weeks=found.weeks,
        correlation=found.correlation,
        **_ends(found.interval_80, found.interval_95),
        people=found.people,
    )


def _ends(of_80: Interval, of_95: Interval) -> dict[str, float | None]:
    (low_80, high_80), (low_95, high_95) = of_80 or (None, None), of_95 or (None, None)
    return {"low_80": low_80, "high_80": high_80, "low_95": low_95, "high_95": high_95}
