"""How a row of weeks reads: how long somebody has been over their ceiling, and where sentiment goes.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def weeks_over(shares: Sequence[float | None], present: Sequence[float | None], *, least: float) -> int:
    """Return for how many weeks running, up to the last, the strategic interactions were over the ceiling.

    Args:
        shares: of the ceiling by week, oldest first; at it (1) is not over. None ends the run.
        present: the share of each week's working days that the person was there.
        least: a week with less presence neither lengthens nor ends the run.
    """
    count = 0
    for share, there in zip(reversed(shares), reversed(present), strict=True):
        if there is not None and there < least:
            continue
        if share is None or share <= 1:
            break
        count += 1
    return count


def running(values: Sequence[float | None], holds: Callable[[float], bool]) -> int:
    """Return for how many weeks up to the last something held; a week without a value ends it."""
    count = 0
    for value in reversed(values):
        if value is None or not holds(value):
            break
        count += 1
    return count


def slope(values: Sequence[float | None], counts: Sequence[int], *, least: int) -> float | None:
    """Return the change a week of the line through weekly means, each weighed by its count.

    Args:
        values: a mean a week, oldest first; None where nothing was scored.
        counts: how many scores each mean is of.
        least: with fewer weeks there is no line, and the answer is None.
    """
    known = [
        (float(week), value, count)
        for week, (value, count) in enumerate(zip(values, counts, strict=True))
        if value is not None and count > 0
    ]
    if len(known) < max(least, 2):
        return None
    weight = sum(count for _, _, count in known)
    middle = sum(week * count for week, _, count in known) / weight
    level = sum(value * count for _, value, count in known) / weight
    spread = sum(count * (week - middle) ** 2 for week, _, count in known)
    return sum(count * (week - middle) * (value - level) for week, value, count in known) / spread


def load_tone(load: float | None, *, green_below: float, red_above: float) -> str:
    """Return how a load is colored: good, warn, bad; nothing where there is none.

    Args:
        load: 1 is full.
        green_below: percent of capacity under which it is good.
        red_above: percent of capacity above which it is bad.
    """
    if load is None:
        return ""
    if 100 * load > red_above:
        return "bad"
    return "good" if 100 * load < green_below else "warn"
