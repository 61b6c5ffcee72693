"""The profile of somebody of the team: who they are, what they can sustain and why, when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evenbook.book.holidays import holiday_rows
from evenbook.book.known import teammates
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import Profile, leave_rows, profile
from evenbook.book.queries import me
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.sustained import team_of
from evenbook.capacity.rules.sustained import Sustained
from evenbook.desk.queries.ahead import horizon
from evenbook.desk.queries.team_week import LOAD, NOTHING
from evenbook.kit.dates import week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.values import Measured, series
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.rules.chain import LINKS, Link
from evenbook.throughput.rules.pace import load_tone


@dataclass(frozen=True)
class Holiday:
    """A public holiday of somebody's region."""

    day: date
    name: str


@dataclass(frozen=True)
class LinkNow:
    """A link of the burnout chain as it stands, and how it came there."""

    link: Link
    now: Measured
    trend: tuple[float | None, ...]


@dataclass(frozen=True)
class Shown:
    """Somebody's profile with what follows from it in a week.

    ``can`` says how this week's hours came about; without it they were not in the team then. ``load``,
    ``trend``, ``ceiling`` and ``chain`` are not given where policy keeps load to teams and it is somebody
    else's.
    """

    profile: Profile
    is_own: bool
    monthly_hours: float
    can: Sustained | None
    weeks: int
    tenure_days: int | None
    ramp_ends_on: date | None
    holidays: tuple[Holiday, ...]
    shows_load: bool
    load: Measured
    tone: str
    trend: tuple[float | None, ...]
    ceiling: Measured
    chain: tuple[LinkNow, ...]


def profile_of(viewer: Viewer, week: Week, key: str, *, now: datetime) -> Shown | None:
    """Return somebody's profile in a shown week, None where their load is not to be seen.

    In the newest week what became known since then shows too: whoever types a leave wants to see it.
    """
    before = now + timedelta(seconds=1) if week.asked is None else week.ends_at
    found = profile(viewer, key, before=before)
    if found is None:
        return None
    own, capacity = me(viewer), week.policy.of(CapacityNumbers)
    is_own = own is not None and own.id == found.id
    shows_load = is_own or not capacity.team_level_only
    days = week_series(week.run.as_of, week.policy.of(MeasuresNumbers).trend_weeks)
    measures = (LOAD, "ceiling", *(link.measure for link in LINKS))
    weekly = series(viewer, days, measures=measures, subjects=[("csm", key)]) if shows_load else {}
    gap = (NOTHING,) * len(days)
    loads = weekly.get((LOAD, "csm", key), gap)
    return Shown(
        profile=found,
        is_own=is_own,
        monthly_hours=capacity.monthly_hours if found.monthly_hours is None else found.monthly_hours,
        can=_sustained(viewer, week, found),
        weeks=capacity.availability_weeks,
        tenure_days=(week.run.as_of - found.started_on).days if found.started_on else None,
        ramp_ends_on=_ramp_ends(found, capacity, week.run.as_of),
        holidays=_holidays(viewer, week, found),
        shows_load=shows_load,
        load=loads[-1],
        tone=load_tone(
            loads[-1].value, green_below=capacity.load_green_below, red_above=capacity.load_red_above
        ),
        trend=tuple(each.value for each in loads),
        ceiling=weekly.get(("ceiling", "csm", key), gap)[-1],
        chain=tuple(_link(link, weekly.get((link.measure, "csm", key), gap)) for link in LINKS),
    )


def _link(link: Link, weeks: tuple[Measured, ...]) -> LinkNow:
    return LinkNow(link, weeks[-1], tuple(each.value for each in weeks))


def _sustained(viewer: Viewer, week: Week, found: Profile) -> Sustained | None:
    """Return how this week's hours came about, as the weekly run found them."""
    day, weeks = week.run.as_of, week.policy.of(CapacityNumbers).availability_weeks
    first = day - timedelta(weeks=weeks)
    people = teammates(viewer, here_from=day, here_until=day, people=[found.id])
    if not people:
        return None
    away = leave_rows(viewer, [found.id], before=week.ends_at, since=first, until=day)
    team = team_of(viewer, week, people, away, years=range(first.year, day.year + 1))
    return team.sustained(found.id, day, weeks)


def _ramp_ends(found: Profile, capacity: CapacityNumbers, day: date) -> date | None:
    """Return the day on which the ramp is completed, None where that is past or no start is known."""
    full = [step.from_day for step in capacity.ramp if step.share >= 1]
    if found.started_on is None or not full:
        return None
    ends = found.started_on + timedelta(days=min(full))
    return ends if ends > day else None


def _holidays(viewer: Viewer, week: Week, found: Profile) -> tuple[Holiday, ...]:
    """Return the public holidays of their region in the weeks ahead."""
    last = horizon(viewer, week).days[-1]
    years = range(week.run.as_of.year, last.year + 1)
    rows = holiday_rows(week.policy.of(BookNumbers), years).to_pylist()
    return tuple(
        Holiday(row["day"], row["name"])
        for row in rows
        if row["region"] == found.region and week.run.as_of < row["day"] <= last
    )
