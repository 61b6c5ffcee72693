"""People by weeks as arrays: their figures, and the week of what was done about them.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from evenbook.engine.effects import NEVER
from evenbook.throughput.rules.outcomes import Intervention


def panel(
    people: Sequence[str], by_person: Mapping[str, Sequence[float | None]], weeks: int
) -> npt.NDArray[np.float64]:
    """Return a figure as an array of people by weeks, NaN where it is not known."""
    gap = (None,) * weeks
    rows = [by_person.get(person, gap) for person in people]
    return np.array(rows, dtype=np.float64).reshape(len(people), weeks)


def weeks_of_events(
    given: Iterable[Intervention], people: Sequence[str], days: Sequence[date], *, span: int
) -> npt.NDArray[np.int64]:
    """Return by person the week of their event among ``days``, the ends of weeks, -1 for none.

    Of several the first is taken that has ``span`` weeks on both sides, else the first of all.
    """
    found: dict[str, list[int]] = {}
    for each in given:
        week = next((place for place, day in enumerate(days) if each.on <= day), None)
        if week is not None and each.on > days[0]:
            found.setdefault(each.person, []).append(week)
    return np.array(
        [_chosen(sorted(found.get(person, ())), len(days), span) for person in people], dtype=np.int64
    )


def _chosen(weeks: list[int], count: int, span: int) -> int:
    whole = [week for week in weeks if span <= week <= count - span]
    return (whole or weeks or [NEVER])[0]
