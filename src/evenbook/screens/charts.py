"""The geometry of small charts, for SVG that needs no inline style and no script.

Bars start at zero. A line has a gap where a week has no value: nothing is drawn across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from evenbook.screens.shown import shown

WIDTH, HEIGHT, EDGE = 72.0, 20.0, 2.0


@dataclass(frozen=True)
class Bar:
    """A bar against its target: ``filled`` and ``mark`` in percent of the width."""

    filled: str
    mark: str
    tone: str
    is_over_edge: bool


def bar(value: float | None, *, most: float, target: float | None = None, tone: str = "") -> Bar:
    """Return a bar of ``value`` on a scale from 0 to ``most``; what is beyond ends at the edge."""
    filled = 0.0 if value is None or most <= 0 else min(max(value / most, 0.0), 1.0)
    mark = "" if target is None or most <= 0 else f"{min(target / most, 1.0) * 100:.1f}"
    return Bar(f"{filled * 100:.1f}", mark, tone, value is not None and value > most)


@dataclass(frozen=True)
class Step:
    """A step of a bridge: where it begins and how wide it is, in percent of the width."""

    left: str
    width: str


def step(low: float, high: float, *, most: float) -> Step:
    """Return a step from ``low`` to ``high`` on a scale from 0 to ``most``; beyond it ends at the edge."""

    def at(value: float) -> float:
        return min(max(value / most, 0.0), 1.0) * 100 if most > 0 else 0.0

    first, last = sorted((at(low), at(high)))
    return Step(f"{first:.1f}", f"{last - first:.1f}")


@dataclass(frozen=True)
class Span:
    """An interval with the value in it and a mark to compare with, in percent of the width."""

    low: str
    high: str
    value: str
    mark: str


def span(low: float, high: float, value: float, *, mark: float, most: float) -> Span:
    """Return an interval of multipliers on a scale of ratios from 1 ÷ ``most`` to ``most``, 1 in the middle.

    What is beyond ends at the edge.
    """

    def at(ratio: float) -> str:
        place = 0.5 + log(ratio) / (2.0 * log(most)) if ratio > 0 else 0.0
        return f"{min(max(place, 0.0), 1.0) * 100:.1f}"

    return Span(at(low), at(high), at(value), at(mark))


@dataclass(frozen=True)
class Line:
    """A sparkline: ``path`` in SVG's own words, the last point where there is one, and the text."""

    path: str
    last_x: str
    last_y: str
    text: str


def line(values: Sequence[float | None], *, label: str, unit: str = "number") -> Line:
    """Return the line of ``values``, oldest first, with the sentence that says the same."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    points = [
        None if value is None else (_across(place, len(values)), _down(value, low, high))
        for place, value in enumerate(values)
    ]
    last = points[-1] if points else None
    return Line(
        path=_path(points),
        last_x=f"{last[0]:.1f}" if last else "",
        last_y=f"{last[1]:.1f}" if last else "",
        text=_said(values, label, unit),
    )


WIDE, TALL = 640.0, 180.0


@dataclass(frozen=True)
class Band:
    """A line with the interval around it, ``path`` and ``area`` in SVG's own words."""

    area: str
    path: str


def bands(
    rows: Sequence[Sequence[tuple[float, float, float]]],
) -> tuple[tuple[Band, ...], tuple[float, float]]:
    """Return lines with their intervals on one scale, and the two ends of the scale.

    It begins at 0 where anything comes near it, else below the lowest: these are lines, no bars.

    Args:
        rows: of each line (low, middle, high) in order; all of one length.
    """
    top = max((high for row in rows for _, _, high in row), default=0.0) or 1.0
    least = min((low for row in rows for low, _, _ in row), default=0.0)
    floor = 0.0 if least < top / 2 else least - (top - least) / 4
    found = []
    for row in rows:
        across = [WIDE * (place / (len(row) - 1) if len(row) > 1 else 0.5) for place in range(len(row))]
        lows, middles, highs = (
            [TALL * (top - each[at]) / ((top - floor) or 1.0) for each in row] for at in range(3)
        )
        forth = [f"{x:.1f} {y:.1f}" for x, y in zip(across, highs, strict=True)]
        back = [f"{x:.1f} {y:.1f}" for x, y in zip(reversed(across), reversed(lows), strict=True)]
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, middles, strict=True))
        found.append(Band(f"M{' L'.join([*forth, *back])} Z", f"M{path}"))
    return tuple(found), (floor, top)


def _across(place: int, count: int) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * (place / (count - 1) if count > 1 else 1.0)


def _down(value: float, low: float, high: float) -> float:
    if high == low:
        return HEIGHT / 2
    return EDGE + (HEIGHT - 2 * EDGE) * (high - value) / (high - low)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, is_drawing = [], False
    for place, point in enumerate(points):
        if point is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{point[0]:.1f} {point[1]:.1f}")
            is_alone = not is_drawing and (place + 1 == len(points) or points[place + 1] is None)
            parts.extend(["h0.01"] if is_alone else [])
        is_drawing = point is not None
    return " ".join(parts)


def _said(values: Sequence[float | None], label: str, unit: str) -> str:
    if not any(value is not None for value in values):
        return f"{label}: no value in {len(values)} weeks"
    said = ", ".join(shown(value, unit).text if value is not None else "no value" for value in values)
    return f"{label}, {len(values)} weeks, oldest first: {said}"
