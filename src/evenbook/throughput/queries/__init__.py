"""The weekly seven as stored: how a person's weeks run against their ceiling, and where their calls go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenbook.kit.dates import week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.values import Measured, measured, series
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.rules.pace import slope, weeks_over

SEVEN = ("strategic", "ceiling", "time_to_detect", "sentiment", "follow_ups", "quality")
"""The measures of the weekly seven that stand here; load and monitoring stand in ``capacity``."""

RUNNING = ("strategic", "present", "sentiment")
WEEKLY = (
    "effort_load", "strategic", "ceiling", "present", "energy", "time_to_detect", "past_window", "sentiment",
    "sentiment_falling", "follow_ups", "unmonitored", "quality",
)  # fmt: skip
"""All that a person's weeks are read from."""

NOTHING = Measured(None, 0)

Subject = tuple[str, str]
"""A kind of subject (csm, team, pool) and its key."""


@dataclass(frozen=True)
class Pace:
    """How a subject's weeks run.

    Attributes:
        weeks_over: weeks running over the ceiling, up to this one.
        asks: whether that is as long as policy lets it run before a leader steps in.
        slope: change of sentiment a week; None with too few weeks of scored calls.
        sentiment: the mean of scored calls by week, oldest first.
    """

    weeks_over: int
    asks: bool
    slope: float | None
    sentiment: tuple[float | None, ...]

    @property
    def over_ceiling(self) -> str:
        """For how long the ceiling has been passed, in words."""
        return f"{self.weeks_over} week{'' if self.weeks_over == 1 else 's'} over the ceiling"


def seven(viewer: Viewer, week: Week, *, kinds: Iterable[str]) -> Mapping[tuple[str, str, str], Measured]:
    """Return the figures by measure, kind of subject and subject; quality only of enough scored calls."""
    found = measured(viewer, week.run.id, week.run.as_of, measures=SEVEN, kinds=kinds)
    least = week.policy.of(ThroughputNumbers).quality_least
    return {
        name: Measured(None, each.count) if name[0] == "quality" and each.count < least else each
        for name, each in found.items()
    }


@dataclass(frozen=True)
class SevenWeek:
    """One week of a subject: its figures by measure, each with how many rows it is of."""

    as_of: date
    figures: Mapping[str, Measured]

    def figure(self, measure: str) -> Measured:
        """Return one figure; without a value where it was not there."""
        return self.figures.get(measure, NOTHING)


def seven_weeks(viewer: Viewer, week: Week, subject: Subject) -> tuple[SevenWeek, ...]:
    """Return the last weeks of a subject, oldest first, as far as the viewer may see them."""
    days = week_series(week.run.as_of, week.policy.of(MeasuresNumbers).trend_weeks)
    found = series(viewer, days, measures=WEEKLY, subjects=[subject])
    return tuple(
        SevenWeek(day, {name[0]: values[place] for name, values in found.items()})
        for place, day in enumerate(days)
    )


def paces(viewer: Viewer, week: Week, subjects: Iterable[Subject]) -> dict[Subject, Pace]:
    """Return how the weeks of these subjects run, as far as the viewer may see them."""
    numbers = week.policy.of(ThroughputNumbers)
    weeks = max(week.policy.of(MeasuresNumbers).trend_weeks, numbers.slope_weeks, numbers.intervene_weeks)
    days = week_series(week.run.as_of, weeks)
    wanted = list(subjects)
    found = series(viewer, days, measures=RUNNING, subjects=wanted)
    gap = (NOTHING,) * len(days)
    rows = {each: [found.get((name, *each), gap) for name in RUNNING] for each in wanted}
    return {each: _pace(row, numbers) for each, row in rows.items()}


def _pace(rows: Sequence[tuple[Measured, ...]], numbers: ThroughputNumbers) -> Pace:
    """Return how weeks run, from the measures of ``RUNNING``, oldest week first."""
    strategic, present, sentiment = rows
    shares = tuple(each.value for each in strategic)
    over = weeks_over(shares, [each.value for each in present], least=numbers.present_share)
    lately = sentiment[-numbers.slope_weeks :]
    line = slope([each.value for each in lately], [each.count for each in lately], least=numbers.slope_least)
    moods = tuple(each.value for each in sentiment)
    return Pace(over, over >= numbers.intervene_weeks, line, moods)
