"""People by weeks: the figures behind what came of interventions, worked out for a run to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.book.known import tier_moves
from evenbook.book.queries import TeamMember, given_away, presences, staff
from evenbook.decisions.queries import done_about
from evenbook.engine.effects import effect_of
from evenbook.engine.lags import lagged_correlation
from evenbook.kit.dates import start_of, week_series
from evenbook.measures.values import series, trends
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.numbers.outcomes import OutcomesNumbers
from evenbook.throughput.rules.outcomes import (
    BOOK_SIZE,
    CAUSES,
    EXPANSION,
    JOINED,
    LAGGING,
    LAGS,
    MOVED,
    OUTCOMES,
    RETIERED,
    Bond,
    Found,
    Intervention,
)
from evenbook.throughput.rules.panels import panel, weeks_of_events

SEED = 1
"""Of the draws behind intervals: a run that is made again says the same."""

Array = npt.NDArray[np.float64]


class _Panel(NamedTuple):
    """Whose weeks, and which."""

    people: tuple[str, ...]
    days: tuple[date, ...]


def effects(viewer: Viewer, week: Week) -> Iterator[Found]:
    """Yield what came of each kind of intervention that there was, for each figure that is watched."""
    numbers = week.policy.of(OutcomesNumbers)
    whose = _whose(viewer, week)
    by_event: dict[str, list[Intervention]] = {}
    for each in interventions(viewer, whose.days[0], least=numbers.moved_least):
        by_event.setdefault(each.event, []).append(each)
    span = numbers.span_weeks
    weeks = {
        event: weeks_of_events(given, whose.people, whose.days, span=span)
        for event, given in by_event.items()
    }
    for outcome in OUTCOMES if weeks else ():
        figures = _figures(viewer, whose, outcome.measure)
        for event, at in weeks.items():
            found = effect_of(figures, at, before=span, after=span)
            yield Found(
                event=event,
                measure=outcome.measure,
                estimate=found.estimate,
                interval_80=found.interval_80,
                interval_95=found.interval_95,
                was_comparable=found.was_comparable,
                events=found.treated + found.left_out,
                treated=found.treated,
                compared=found.compared,
            )


def bonds(viewer: Viewer, week: Week) -> Iterator[Bond]:
    """Yield how closely what lags follows people's load, pace and reach, at each lag."""
    whose = _whose(viewer, week)
    causes = {each.measure: _causes(viewer, whose, each.measure) for each in CAUSES}
    for outcome in LAGGING:
        figures = _lagging(viewer, whose, outcome.measure)
        for cause, values in causes.items():
            if cause == outcome.measure:
                continue
            for lag in lagged_correlation(values, figures, LAGS, seed=SEED):
                yield Bond(
                    cause=cause,
                    outcome=outcome.measure,
                    weeks=lag.weeks,
                    correlation=lag.correlation,
                    interval_80=lag.interval_80,
                    interval_95=lag.interval_95,
                    people=lag.units,
                )


def interventions(viewer: Viewer, since: date, *, least: int) -> Iterator[Intervention]:
    """Yield what was done about people since a day: by the records, and by decisions that were done.

    Args:
        viewer: who asks.
        since: the first day.
        least: how many accounts a person gives away, or sees move to another tier, within a week before it
            is an intervention.
    """
    people = {each.id: each for each in staff(viewer) if each.is_person}
    yield from _several(MOVED, given_away(viewer, start_of(since)), people, least=least)
    yield from _several(RETIERED, tier_moves(viewer, start_of(since)), people, least=least)
    yield from _joins(viewer, people, since)
    known = {each.key for each in people.values()}
    for choice, key, day in done_about(viewer):
        if day >= since and key in known:
            yield Intervention(choice, key, day)


def _several(
    event: str, given: Iterable[tuple[int, date]], people: Mapping[int, TeamMember], *, least: int
) -> Iterator[Intervention]:
    """Yield whom something befell with several accounts within seven days, on the day of the last of them."""
    lately: dict[int, list[date]] = {}
    for person, day in given:
        days = [each for each in lately.get(person, ()) if each > day - timedelta(days=7)]
        lately[person] = [*days, day]
        if len(days) + 1 == least and person in people:
            yield Intervention(event, people[person].key, day)


def _joins(viewer: Viewer, people: dict[int, TeamMember], since: date) -> Iterator[Intervention]:
    """Yield the team-mates of whoever joined a team."""
    there = presences(viewer, since)
    for joined, presence in there.items():
        team = people[joined].team if joined in people else ""
        if not team or presence.started_on is None or presence.started_on < since:
            continue
        for other in people.values():
            began = there[other.id].started_on if other.id in there else None
            if other.team == team and other.id != joined and (began is None or began < presence.started_on):
                yield Intervention(JOINED, other.key, presence.started_on)


def _whose(viewer: Viewer, week: Week) -> _Panel:
    days = week_series(week.run.as_of, week.policy.of(OutcomesNumbers).weeks)
    return _Panel(tuple(sorted(each.key for each in staff(viewer) if each.is_person)), tuple(days))


def _figures(viewer: Viewer, whose: _Panel, measure: str) -> Array:
    found = trends(viewer, whose.days, measure=measure, kinds=["csm"])
    return panel(whose.people, {key: row for (_, key), row in found.items()}, len(whose.days))


def _causes(viewer: Viewer, whose: _Panel, measure: str) -> Array:
    """Return a figure that comes first: a book's size is of how many accounts its greens are counted."""
    if measure != BOOK_SIZE:
        return _figures(viewer, whose, measure)
    subjects = [("csm", key) for key in whose.people]
    found = series(viewer, whose.days, measures=["green"], subjects=subjects)
    sizes = {key: [each.count or None for each in row] for (_, _, key), row in found.items()}
    return panel(whose.people, sizes, len(whose.days))


def _lagging(viewer: Viewer, whose: _Panel, measure: str) -> Array:
    """Return a figure of what lags: expansion is what net retention has over gross."""
    if measure != EXPANSION:
        return _figures(viewer, whose, measure)
    return _figures(viewer, whose, "nrr") - _figures(viewer, whose, "grr")
