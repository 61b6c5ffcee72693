"""What was found out about the columns of a sheet.

Each finding says how sure it is. Where the data leaves two readings open (03/04/2024; a score that
never passes 9), the finding says so and a person is asked; nothing is guessed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from evenbook.sources.values import DateOrder, DecimalMark

CellKind = Literal[
    "boolean", "integer", "decimal", "percent", "money", "date", "email", "url", "domain", "formula", "text"
]  # fmt: skip
LooksLike = Literal[
    "empty", "boolean", "number", "money", "date", "email", "url", "domain", "id", "name", "category", "text"
]  # fmt: skip
OrderVerdict = Literal["ymd", "dmy", "mdy", "ambiguous", "mixed"]
MarkVerdict = Literal["point", "comma", "ambiguous", "mixed"]
Scale = Literal["0-1", "1-5", "0-10", "0-100", "-100-100", "letter", "color", "word"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first cell that proves something: what it held and where."""

    text: str
    row: int


@dataclass(frozen=True, slots=True)
class DateFinding:
    """How a column writes its dates.

    ``verdict`` is ``ymd`` where no date depends on an order (ISO, month names, typed cells), ``dmy`` or
    ``mdy`` where at least one date proves it and none speaks against, ``ambiguous`` where none proves
    it (a person is asked), ``mixed`` where two dates contradict each other (a fault of the file).
    ``likely`` is the order of another column of the sheet that is written the same way: a suggestion
    for the question, no answer.
    """

    verdict: OrderVerdict
    day_first: Sighting | None = None
    month_first: Sighting | None = None
    ambiguous_cells: int = 0
    likely: DateOrder | None = None
    forms: tuple[str, ...] = ()
    has_times: bool = False
    example: str = ""

    @property
    def order(self) -> DateOrder | None:
        """The order to parse with; None where a person has to say."""
        return self.verdict if self.verdict in ("ymd", "dmy", "mdy") else None


@dataclass(frozen=True, slots=True)
class NumberFinding:
    """The numbers of a column: range, mark, currencies named in the cells.

    The range is read with the verdict's mark (with a point where that is open).
    """

    minimum: Decimal
    maximum: Decimal
    whole: bool
    negatives: int
    mark: MarkVerdict
    comma: Sighting | None = None
    point: Sighting | None = None
    currencies: tuple[str, ...] = ()
    percents: int = 0

    @property
    def decimal(self) -> DecimalMark | None:
        """The mark to parse with; None where a person has to say."""
        return self.mark if self.mark in ("point", "comma") else None


@dataclass(frozen=True, slots=True)
class ScoreFinding:
    """The scale a column of scores may use, best guess first.

    ``certain`` where only one scale fits. ``may_be_reversed`` where the name speaks of risk, so that a
    high score may be bad: ask. ``values`` are the letters, colors or words seen.
    """

    scales: tuple[Scale, ...]
    certain: bool
    may_be_reversed: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column. Counts cover all rows; ``kinds`` covers ``sampled`` different values that are not blank."""

    name: str
    position: int
    rows: int
    blanks: int
    looks_like: LooksLike
    kinds: Mapping[CellKind, int] = field(default_factory=dict)
    sampled: int = 0
    dates: DateFinding | None = None
    numbers: NumberFinding | None = None
    score: ScoreFinding | None = None
    distinct: tuple[str, ...] = ()
    has_more_values: bool = False
    formulas: int = 0
    first_formula: Sighting | None = None
    longest: int = 0

    @property
    def blank_share(self) -> float:
        """Share of the rows in which the column is blank; 1 for a sheet without rows."""
        return self.blanks / self.rows if self.rows else 1.0


@dataclass(frozen=True, slots=True)
class SheetProfile:
    """All columns of a sheet, in its order, and how many rows were good and rejected."""

    rows: int
    rejected: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of the column with this name. Raises KeyError."""
        return next((c for c in self.columns if c.name == name), None) or _missing(name)


def _missing(name: str) -> ColumnProfile:
    raise KeyError(name)
