"""What went with an event: how a figure moved afterwards, beside that of comparable ones without the event.

Difference in differences. Each unit with an event is held against the few without one that had been most
like it: in level, lately, and in direction; what still differed is taken out by a line through them. What
is left of its change when theirs is taken away is its effect. The last weeks matter: an event that answers
a bad week is followed by a better one whatever is done, and so are the comparable weeks of others.

Sources:
    Abadie and Imbens, Econometrica 74 (2006), 235-267 (matching; the variance with controls used twice);
    Abadie and Imbens, JBES 29 (2011), 1-11 (taking out what the match left different);
    Roth, AER Insights 4 (2022), 305-322 (why a drift before the event is shown beside the effect).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Floats, Places, UnusableArrays, floats
from evenbook.engine.student import student_quantile

NEVER = -1
"""The week of the event of a unit that had none."""

NEIGHBOURS = 5
LATE_WEEKS = 2
SHORTEST_BEFORE = 4
LEAST = 5
"""Units with an event, and comparable ones without, from which on anything is said."""

CALIPER = 1.5
"""How far a comparable unit may be away: the root of the mean square over all respects, in deviations."""

KNOWN, KNOWN_AFTER = 0.5, 0.25
"""The share of the weeks before, and after, that must be known. Comparable units are compared until an
event of their own; to ask for more of their weeks would keep those whose weeks stayed good."""


class Effect(NamedTuple):
    """What went with an event, in the unit of the outcome.

    Attributes:
        estimate: how much more the outcome moved than that of comparable units; None where too few are
            comparable.
        interval_80, interval_95: hold it with such a chance.
        drift: the same within the weeks before the event: near 0 where they had gone alike.
        drift_95: holds the drift with a chance of 95%.
        treated: units with an event that have comparable ones.
        compared: different units that they are held against.
        left_out: units with an event that nothing is comparable to, or of whose weeks too few are known.
    """

    estimate: float | None
    interval_80: tuple[float, float] | None
    interval_95: tuple[float, float] | None
    drift: float | None
    drift_95: tuple[float, float] | None
    treated: int
    compared: int
    left_out: int

    @property
    def is_seen(self) -> bool:
        """Whether the outcome moved otherwise than that of comparable units, beyond chance."""
        return self.interval_95 is not None and not self.interval_95[0] <= 0.0 <= self.interval_95[1]

    @property
    def was_comparable(self) -> bool:
        """Whether nothing says that they went different ways before."""
        return self.drift_95 is not None and self.drift_95[0] <= 0.0 <= self.drift_95[1]


@dataclass(frozen=True)
class _Span:
    """Of every unit what the weeks around one event's week say: what it was like, and how it moved."""

    like: Floats
    change: Floats
    drift: Floats


@dataclass(frozen=True)
class _Pair:
    """One event: its change and drift less that of its controls, and their own changes and drifts."""

    effect: float
    drift: float
    controls: Places
    changes: Floats
    drifts: Floats


def effect_of(
    outcomes: npt.ArrayLike, event_week: npt.ArrayLike, *, before: int = 8, after: int = 8
) -> Effect:
    """Return what went with an event, beside comparable units without one.

    Comparable to a unit's event is who had none up to its week, until one of their own. The week of the
    event counts as after it.

    Args:
        outcomes: float[units, weeks], NaN where it is not known.
        event_week: int[units], the week of the unit's event, ``NEVER`` for none.
        before: weeks before the event that are looked at, at least 4.
        after: weeks from the event on that are looked at, at least 1.

    Raises:
        UnusableArrays: shapes differ, a week is none of the weeks, or a span is too short.
    """
    values = floats("outcomes", outcomes, ndim=2)
    weeks = _weeks(event_week, values, before, after)
    with_event = np.flatnonzero(weeks != NEVER)
    pairs = [
        pair for unit in with_event if (pair := _matched(values, weeks, int(unit), span=(before, after)))
    ]
    compared = len({int(each) for pair in pairs for each in pair.controls})
    counts = (len(pairs), compared, len(with_event) - len(pairs))
    if len(pairs) < LEAST or compared < LEAST:
        return Effect(None, None, None, None, None, *counts)
    used = [pair.controls for pair in pairs]
    effect, error = _mean([pair.effect for pair in pairs], used, [pair.changes for pair in pairs])
    drift, drift_error = _mean([pair.drift for pair in pairs], used, [pair.drifts for pair in pairs])
    freedom = len(pairs) - 1
    return Effect(
        effect,
        _around(effect, error, 0.8, freedom),
        _around(effect, error, 0.95, freedom),
        drift,
        _around(drift, drift_error, 0.95, freedom),
        *counts,
    )


def _weeks(given: npt.ArrayLike, values: Floats, before: int, after: int) -> Places:
    weeks = np.asarray(given)
    units, count = values.shape
    if weeks.shape != (units,) or not np.issubdtype(weeks.dtype, np.integer):
        raise UnusableArrays(
            f"event_week is not {units} whole numbers.", fix="Give one week a unit, -1 where it had no event."
        )
    if weeks.size and (int(weeks.min()) < NEVER or int(weeks.max()) >= count):
        raise UnusableArrays(
            f"event_week names a week that is none of the {count}.",
            fix="Count weeks from 0, -1 for no event.",
        )
    if before < SHORTEST_BEFORE or after < 1:
        raise UnusableArrays(
            f"{before} weeks before and {after} after are too few.",
            fix=f"Look at {SHORTEST_BEFORE} weeks before the event or more, and at one after it or more.",
        )
    return weeks.astype(np.int64)


def _matched(values: Floats, weeks: Places, unit: int, *, span: tuple[int, int]) -> _Pair | None:
    """Return a unit's event beside its controls; None where its weeks are not known or nobody is like it."""
    week = int(weeks[unit])
    first, last = week - span[0], week + span[1]
    if first < 0 or last > values.shape[1]:
        return None
    others = np.where(np.arange(len(weeks)) == unit, NEVER, weeks)
    around = _span(_until_event(values[:, first:last], others, first), span[0])
    free = (weeks == NEVER) | (weeks > week)
    free[unit] = False
    known = np.isfinite(around.like).all(axis=1) & np.isfinite(around.change) & np.isfinite(around.drift)
    pool = np.flatnonzero(free & known)
    if not known[unit] or pool.size < NEIGHBOURS:
        return None
    scale = np.maximum(around.like[known].std(axis=0), 1e-12)
    apart = (around.like[pool] - around.like[unit]) / scale
    near = np.sqrt((apart**2).mean(axis=1)) <= CALIPER
    if int(near.sum()) < NEIGHBOURS:
        return None
    closest = np.argsort((apart[near] ** 2).sum(axis=1), kind="stable")[:NEIGHBOURS]
    controls = pool[near][closest]
    left = around.like[unit] - around.like[controls].mean(axis=0)
    steep = _slopes(around.like[pool] / scale, around.change[pool]) / scale
    return _Pair(
        effect=float(around.change[unit] - around.change[controls].mean() - left @ steep),
        drift=float(around.drift[unit] - around.drift[controls].mean()),
        controls=controls,
        changes=around.change[controls],
        drifts=around.drift[controls],
    )


def _until_event(values: Floats, weeks: Places, first: int) -> Floats:
    """Return the weeks from ``first`` on; those of a unit from its event on are not known."""
    hidden = (weeks[:, None] >= first) & (np.arange(first, first + values.shape[1]) >= weeks[:, None])
    return np.where(hidden, np.nan, values)


def _span(values: Floats, before: int) -> _Span:
    earlier, later = values[:, :before], values[:, before:]
    half = before // 2
    middle = (before - 1) / 2
    level = _means(earlier)
    place = np.arange(before) - middle
    known = np.isfinite(earlier)
    spread = np.where(known, place**2, 0.0).sum(axis=1)
    moved = np.where(known, (earlier - level[:, None]) * place, 0.0).sum(axis=1)
    slope = np.divide(moved, spread, out=np.full(len(values), np.nan), where=spread > 0)
    lately = earlier[:, -LATE_WEEKS:]
    drift = _means(earlier[:, half:]) - _means(earlier[:, :half])
    return _Span(np.column_stack([level, lately, slope]), _means(later, KNOWN_AFTER) - level, drift)


def _means(values: Floats, share: float = KNOWN) -> Floats:
    """Return the mean of what is known of each row; NaN where that is less than a share of it."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    enough = count >= max(1.0, share * values.shape[1])
    found: Floats = np.divide(total, count, out=np.full(len(values), np.nan), where=enough)
    return found


def _slopes(like: Floats, change: Floats) -> Floats:
    """Return how the change follows what units were like: a line through them, held towards none."""
    centred = like - like.mean(axis=0)
    held = centred.T @ centred + np.eye(like.shape[1])
    return np.linalg.solve(held, centred.T @ (change - change.mean()))


def _mean(values: list[float], used: list[Places], of_controls: list[Floats]) -> tuple[float, float]:
    """Return the mean over the events and its standard error: what is compared with twice counts twice."""
    each = np.array(values)
    mean = float(each.mean())
    weights: dict[int, list[float]] = {}
    for controls in used:
        for control in controls:
            weights.setdefault(int(control), []).append(1.0 / len(controls))
    within = float(np.mean([np.var(changes, ddof=1) for changes in of_controls]))
    again = sum(sum(those) ** 2 - sum(share**2 for share in those) for those in weights.values())
    spread = float(((each - mean) ** 2).sum()) * len(each) / (len(each) - 1) + again * within
    return mean, float(np.sqrt(spread)) / len(each)


def _around(mean: float, error: float, chance: float, freedom: int) -> tuple[float, float]:
    reach = student_quantile(0.5 + chance / 2, freedom) * error
    return mean - reach, mean + reach
