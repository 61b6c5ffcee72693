"""The week that a page shows: its run, and the policy that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.kit.dates import day_ends_at, week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.runs.queries import RunInfo, latest_week, week_on_or_before


@dataclass(frozen=True)
class Week:
    """A stored week. ``asked`` is the day asked for, if any; ``refused`` says what was wrong with it."""

    run: RunInfo
    policy: Policy
    asked: date | None = None
    refused: str = ""

    @property
    def currency(self) -> str:
        """The currency of all its money."""
        return self.policy.of(OrganizationNumbers).currency

    @property
    def retention_weeks(self) -> int:
        """The window of retention, in weeks."""
        return self.policy.of(MeasuresNumbers).retention_weeks

    @property
    def ends_at(self) -> datetime:
        """The instant at which its day was over where the organization works."""
        return day_ends_at(self.run.as_of, self.policy.of(OrganizationNumbers).time_zone)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of its trend, a week apart, oldest first; the last is its own."""
        return tuple(week_series(self.run.as_of, self.policy.of(MeasuresNumbers).trend_weeks))

    def load_tone(self, percent: float | None) -> str:
        """Return how policy colors a load: good, warn, bad; nothing where there is none."""
        numbers = self.policy.of(CapacityNumbers)
        if percent is None:
            return ""
        if percent > numbers.load_red_above:
            return "bad"
        return "good" if percent < numbers.load_green_below else "warn"


def week(viewer: Viewer, asked: str = "") -> Week | None:
    """Return the newest week, or the last one stored by the day ``asked``; None before the first run."""
    day, refused = _day(asked)
    found = week_on_or_before(viewer, day) if day else None
    if day and found is None:
        refused = f"No week is stored on or before {day.isoformat()}; the newest is shown."
    run = found or latest_week(viewer)
    if run is None:
        return None
    return Week(run, in_force(run.as_of).policy, day if found else None, refused)


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"'{text[:20]}' is not a day such as 2026-03-09; the newest week is shown."
