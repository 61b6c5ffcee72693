"""The ceiling of each role that weeks of people show, by what falls past it.

Two measures of quality are looked at by themselves: the mean score of the week's calls, and the share of
the loops and follow-ups due in the week that were done on time. ``engine.ceiling`` finds the volume past
which one falls, or sees none. Of those that it sees the lowest is proposed, for that is where work begins to
suffer; one whose interval holds the ceiling in force changes nothing.

Pure: weeks in, ceilings out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from evenbook.capacity.rules.proposal import CeilingFound
from evenbook.engine.ceiling import FEWEST_PEOPLE, FEWEST_ROWS, fit_ceiling
from evenbook.throughput.numbers import ThroughputNumbers

SCORE, ON_TIME = "score", "on_time"
HIGHEST = 100.0
"""Strategic interactions a week that the policy takes at the most."""

OnTime = Mapping[tuple[int, date], float]
"""Share done on time, by person and the last day of the week."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks of people in one role, one entry a row."""

    volume: list[float]
    quality: list[float]
    person: list[int]


def ceilings(
    rows: Mapping[str, Sequence[Any]], on_time: OnTime, numbers: ThroughputNumbers, *, seed: int = 0
) -> tuple[CeilingFound, ...]:
    """Return, role by role, what each measure of quality shows.

    Args:
        rows: the columns of ``fitted_week`` of one day.
        on_time: what was done on time.
        numbers: the ceilings in force.
        seed: of the people drawn for the intervals.
    """
    found: list[CeilingFound] = []
    for row in numbers.ceilings:
        seen = [
            _found((row.role, name), row.a_week, _weeks(rows, row.role, name, on_time), seed=seed)
            for name in (SCORE, ON_TIME)
        ]
        found += _proposed(seen)
    return tuple(found)


def _weeks(rows: Mapping[str, Sequence[Any]], role: str, quality: str, on_time: OnTime) -> Weeks:
    weeks = Weeks([], [], [])
    each = zip(rows["person"], rows["role"], rows["week_on"], rows["volume"], rows["score"], strict=True)
    for person, of, week_on, volume, score in each:
        value = score if quality == SCORE else on_time.get((person, week_on))
        if of == role and value is not None:
            weeks.volume.append(float(volume))
            weeks.quality.append(float(value))
            weeks.person.append(int(person))
    return weeks


def _found(what: tuple[str, str], in_force: float, weeks: Weeks, *, seed: int) -> CeilingFound:
    people, rows = len(set(weeks.person)), len(weeks.volume)
    none = CeilingFound(*what, in_force, None, None, None, None, people, rows, False, in_force, "")
    if not rows:
        return replace(none, why="No week of this role is known.")
    if people < FEWEST_PEOPLE or rows < FEWEST_ROWS:
        return replace(none, why=f"It takes {FEWEST_ROWS} weeks of {FEWEST_PEOPLE} people to look for one.")
    seen = fit_ceiling(weeks.volume, weeks.quality, weeks.person, seed=seed)
    if seen is None:
        return replace(none, why="No ceiling is visible in these weeks.")
    low, high = seen.interval_80
    return replace(none, found=seen.value, low=low, high=high, slope=seen.slope, escalations=seen.escalations)


def _proposed(seen: Sequence[CeilingFound]) -> list[CeilingFound]:
    """Return the rows of a role with what is proposed: at most one ceiling, the lowest that is visible."""
    known = [each.found for each in seen if each.found is not None]
    lowest = min(known, default=None)
    return [each if each.found is None else _taken(each, is_lowest=each.found == lowest) for each in seen]


def _taken(each: CeilingFound, *, is_lowest: bool) -> CeilingFound:
    assert each.found is not None and each.low is not None and each.high is not None
    if not is_lowest:
        return replace(each, why="The other falls sooner.")
    if each.low <= each.in_force <= each.high:
        return replace(each, why="The interval holds the ceiling in force.")
    return replace(each, proposed=min(max(0.5, round(2.0 * each.found) / 2.0), HIGHEST))
