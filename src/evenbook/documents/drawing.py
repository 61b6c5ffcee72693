"""A chart as a drawing (SVG), for pages and PDF: one form for both, with its figures written beside it.

Bars begin at zero. Lines are broken where nothing is known; they are drawn for a page, or narrow for a
telephone. Names and values stand at the marks, or below where there is no room beside them, so nobody has to
look a color up; what the drawing shows is also said in words for who does not see it.

Pure: every text is escaped, nothing is fetched, nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from evenbook.documents import wording
from evenbook.documents.parts import Chart, Column, Series

COLORS = ("#0b6e69", "#b5651d", "#6b7280", "#7a4fa3", "#3b6ea5")
WIDTH, LEFT, RIGHT, TOP = 640, 165, 190, 26
LINE_HEIGHT, AXIS = 140, 24
BAR, BETWEEN, GAP = 14, 3, 12
LABEL = 21
"""Characters of a label that fit beside its bars; of a series' name beside its line."""
APART = 14
FONT = "'Libertinus Serif', system-ui, sans-serif"

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """How wide lines are drawn, and what room is left of them for values and right of them for names."""

    width: int
    left: int
    right: int

    @property
    def names_below(self) -> bool:
        """Whether there is no room for names beside the lines."""
        return self.right < RIGHT


PAGE, TELEPHONE = Frame(WIDTH, 60, RIGHT), Frame(310, 44, 6)
LONGEST_BELOW, LONGEST_TITLE = 34, 44
"""Characters of a series' name below narrow lines, and of a title above them."""


def as_svg(chart: Chart, *, frame: Frame = PAGE) -> str:
    """Return the chart as one SVG element; ``frame`` is how lines are drawn."""
    body, height = _lines(chart, frame) if chart.kind == "line" else _bars(chart)
    width = frame.width if chart.kind == "line" else WIDTH
    said = escape(wording.one_line(spoken(chart)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{said}" font-family="{FONT}" font-size="12" '
        f'fill="currentColor">{"".join(body)}</svg>'
    )


def spoken(chart: Chart) -> str:
    """Return what the chart shows, in words: each series from its first value to its last, or by label."""
    if chart.kind == "bar":
        rows = []
        for place, label in enumerate(chart.labels):
            said = (f"{each.name} {_said(chart, each.values[place])}" for each in chart.series)
            rows.append(f"{label}: {', '.join(said)}")
        return f"{chart.title}. {'; '.join(rows)}."
    rows = [
        f"{each.name} from {_said(chart, known[0])} to {_said(chart, known[-1])}"
        for each in chart.series
        if (known := [value for value in each.values if value is not None])
    ]
    return f"{chart.title}. {'; '.join(rows) or 'Nothing is known'}."


def color(place: int) -> str:
    """Return the color of a series."""
    return COLORS[place % len(COLORS)]


def _lines(chart: Chart, frame: Frame) -> tuple[list[str], int]:
    low, high = _bounds(chart)
    bottom = TOP + LINE_HEIGHT
    steps = max(1, len(chart.labels) - 1)

    def at(place: int, value: float) -> Point:
        across = (frame.width - frame.left - frame.right) * (place / steps)
        return frame.left + across, bottom - (value - low) / (high - low) * LINE_HEIGHT

    title = wording.shortened(chart.title, LONGEST_TITLE) if frame.names_below else chart.title
    body = [_text(title, 0, 12, weight=600)]
    for value in (low, (low + high) / 2, high):
        _, y = at(0, value)
        body.append(_rule(frame.left, y, frame.width - frame.right, y))
        body.append(_text(_said(chart, value), frame.left - 6, y + 4, anchor="end"))
    for place in sorted({0, len(chart.labels) // 2, len(chart.labels) - 1}):
        x, _ = at(place, low)
        anchor = "end" if frame.names_below and 0 < place == steps else "middle"
        body.append(_text(chart.labels[place], x, bottom + 18, anchor=anchor))
    ends: list[tuple[float, int]] = []
    for number, series in enumerate(chart.series):
        points = [None if value is None else at(place, value) for place, value in enumerate(series.values)]
        body += _stretches(points, number)
        last = next((point for point in reversed(points) if point), None)
        if last:
            ends.append((last[1], number))
    if frame.names_below:
        body += _names_below(chart, [number for _, number in ends], bottom + AXIS)
        return body, bottom + AXIS + APART * len(ends) + 6
    body += _names(chart, ends)
    return body, bottom + AXIS


def _names_below(chart: Chart, numbers: Sequence[int], top: int) -> Iterator[str]:
    """Yield the names of lines below them, each with its color and its last value."""
    for row, number in enumerate(numbers):
        y = top + APART * row + 12
        yield f'<rect x="0" y="{y - 9}" width="10" height="10" fill="{color(number)}"/>'
        yield _text(
            f"{wording.shortened(chart.series[number].name, LONGEST_BELOW)} {_last(chart, number)}", 16, y
        )


def _last(chart: Chart, number: int) -> str:
    return _said(chart, next(value for value in reversed(chart.series[number].values) if value is not None))


def _stretches(points: Sequence[Point | None], number: int) -> Iterator[str]:
    """Yield a series' line, broken where nothing is known; a value alone is a dot."""
    stretch: list[Point] = []
    for point in [*points, None]:
        if point is not None:
            stretch.append(point)
            continue
        if len(stretch) > 1:
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in stretch)
            yield f'<polyline points="{drawn}" fill="none" stroke="{color(number)}" stroke-width="2"/>'
        if stretch:
            x, y = stretch[-1]
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color(number)}"/>'
        stretch = []


def _names(chart: Chart, ends: Sequence[tuple[float, int]]) -> Iterator[str]:
    """Yield the names at the ends of the lines, moved apart where they would cover each other."""
    above = float("-inf")
    for y, number in sorted(ends):
        above = max(y + 4, above + APART)
        said = f"{wording.shortened(chart.series[number].name, LABEL)} {_last(chart, number)}"
        yield _text(said, WIDTH - RIGHT + 10, above)


def _bars(chart: Chart) -> tuple[list[str], int]:
    low, high = _bounds(chart)
    room = WIDTH - LEFT - 70

    def at(value: float) -> float:
        return LEFT + (value - low) / (high - low) * room

    body = [_text(chart.title, 0, 12, weight=600)]
    y = float(TOP)
    if len(chart.series) > 1:
        body += _legend(chart.series)
        y += 20
    for place, label in enumerate(chart.labels):
        middle = y + (BAR + BETWEEN) * len(chart.series) / 2 + 3
        body.append(_text(wording.shortened(label, LABEL), LEFT - 8, middle, anchor="end"))
        for number, series in enumerate(chart.series):
            value = series.values[place]
            start, end = sorted((at(0), at(value or 0)))
            body.append(
                f'<rect x="{start:.1f}" y="{y:.1f}" width="{end - start:.1f}" height="{BAR}" '
                f'fill="{color(number)}"/>'
            )
            body.append(_text(_said(chart, value), end + 5, y + BAR - 3))
            y += BAR + BETWEEN
        y += GAP
    body.append(_rule(at(0), TOP, at(0), y - GAP))
    return body, round(y)


def _legend(series: Sequence[Series]) -> Iterator[str]:
    for number, each in enumerate(series):
        x = LEFT + 150 * number
        yield f'<rect x="{x}" y="{TOP}" width="10" height="10" fill="{color(number)}"/>'
        yield _text(wording.shortened(each.name, LABEL), x + 15, TOP + 9)


def _bounds(chart: Chart) -> tuple[float, float]:
    """Return where the axis begins and ends: zero is on it."""
    known = [value for each in chart.series for value in each.values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    return (low, high) if high > low else (low, low + 1)


def _said(chart: Chart, value: float | None) -> str:
    return wording.plain(wording.value_runs(value, Column("", chart.type, chart.decimals)))


def _text(text: str, x: float, y: float, *, anchor: str = "", weight: int = 0) -> str:
    named = (("text-anchor", anchor), ("font-weight", weight))
    more = "".join(f' {name}="{value}"' for name, value in named if value)
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(wording.one_line(text))}</text>'


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="#8a918d" stroke-width="0.5"/>'
