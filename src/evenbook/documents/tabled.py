"""How large a table of a slide is written: as large as all of it fits, so that few rows are read from afar.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.documents import fitting, wording
from evenbook.documents.deck import LINE_CHARACTERS, MOST_CHARACTERS
from evenbook.documents.parts import Table, Value

ROW_A_POINT = 0.28 / 11
"""The least height of a row in inches, for each point of its size."""
MARGINS = (0.14, 0.06)
"""Of a cell in inches: left and right, above and below."""


def fitting_size(
    part: Table, rows: Sequence[Sequence[Value]], *, inches: tuple[float, float], largest: float, least: float
) -> float:
    """Return the largest size, in points, at which the rows under their headings fit; ``least`` if none does.

    Args:
        part: the table.
        rows: those of the slide.
        inches: width and height that there is.
        largest: the size that is wanted.
        least: the smallest that can be read.
    """
    size = largest
    while size > least and _height(part, rows, inches[0], size) > inches[1]:
        size = max(least, size - 0.5)
    return size


def _height(part: Table, rows: Sequence[Sequence[Value]], width: float, size: float) -> float:
    """Return the inches that a table takes at a size."""
    shares = wording.shares(part, LINE_CHARACTERS)
    rooms = [max(0.2, width * share - MARGINS[0]) * fitting.POINTS_AN_INCH / size for share in shares]
    said = [[column.name for column in part.columns]] + [
        [
            wording.plain(wording.value_runs(value, column))[:MOST_CHARACTERS]
            for value, column in zip(row, part.columns, strict=True)
        ]
        for row in rows
    ]
    line = size * fitting.LINE / fitting.POINTS_AN_INCH
    return sum(
        max(
            ROW_A_POINT * size,
            max(fitting.lines(text, most=most) for text, most in zip(row, rooms, strict=True)) * line
            + MARGINS[1],
        )
        for row in said
    )
