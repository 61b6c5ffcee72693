"""What a document for people is made of, whatever file it becomes.

A document is a title and parts in their order. It holds values, not markup: how a part looks is
decided by the writers (``html``, ``pdf``, ``docx``, ``pptx``), how a value is said by ``wording``. Every text
is taken as it is; nothing in it is read as a formula, a tag or a command.

Pure. Rows that are wider or narrower than their table are a bug of the caller and raise ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

LEVELS = (1, 2, 3)
RIGHT = frozenset({"whole", "number", "share", "money"})
"""Types of columns whose values stand at the right, so that digits are read down."""
TYPES = RIGHT | {"text", "day", "instant", "flag"}
CHARTS = ("line", "bar")
DRAWN = ("whole", "number", "share")
"""Types of values that a chart can draw."""


@dataclass(frozen=True)
class Link:
    """Words that lead to a page. Only addresses of the web and of mail are followed; others are left out."""

    text: str
    url: str


Phrase = str | Link | tuple[str | Link, ...]
"""Words with links among them. A line feed begins a new line."""

Value = Phrase | int | float | bool | date | datetime | None
"""What a fact or a cell holds. None is said as a dash, never as 0."""


@dataclass(frozen=True)
class Heading:
    """A heading inside the document; the title stands above level 1."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"A heading has level 1, 2 or 3, not {self.level}.")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. A quiet one explains: it is smaller and paler."""

    words: Phrase
    is_quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list in which order says nothing."""

    items: Sequence[Phrase]


@dataclass(frozen=True)
class Column:
    """A column: its heading, the type of its values, and how many decimals a number or share has.

    Types: ``text``; ``whole``; ``number``; ``share``, 0 to 1, said in percent; ``money``, minor units
    said in major ones, the heading names the currency; ``day``; ``instant``, said in its own zone;
    ``flag``. A text among numbers is written as it is.
    """

    name: str
    type: str = "text"
    decimals: int = 1

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"A column has one of the types {', '.join(sorted(TYPES))}, not {self.type!r}.")

    @property
    def is_right(self) -> bool:
        """Whether the values stand at the right."""
        return self.type in RIGHT


@dataclass(frozen=True)
class Fact:
    """A name and its value, said after ``type`` (see ``Column``), or after the value's own without one."""

    name: str
    value: Value
    type: str = ""
    decimals: int = 1

    def __post_init__(self) -> None:
        if self.type and self.type not in TYPES:
            raise ValueError(f"A fact has one of the types {', '.join(sorted(TYPES))}, not {self.type!r}.")


@dataclass(frozen=True)
class Facts:
    """Names and their values, one pair on a line."""

    pairs: Sequence[Fact]


@dataclass(frozen=True)
class Table:
    """Rows under typed columns. The headings are repeated on each page; ``empty`` is said without rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    caption: str = ""
    empty: str = "No rows."

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("A table has at least one column.")
        wrong = next((place for place, row in enumerate(self.rows) if len(row) != len(self.columns)), None)
        if wrong is not None:
            raise ValueError(
                f"Row {wrong} has {len(self.rows[wrong])} cells for {len(self.columns)} columns."
            )


@dataclass(frozen=True)
class Series:
    """A line or a set of bars: its name and a value for each label, None where nothing is known."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """Figures drawn: ``line`` over labels in their order, or ``bar``, one group of bars for each label.

    ``type`` and ``decimals`` say the values as those of a ``Column``. Slides hold a chart that can be
    edited, pages and PDF a drawing, Word files the figures as a table.
    """

    kind: str
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    type: str = "number"
    decimals: int = 1

    def __post_init__(self) -> None:
        if self.kind not in CHARTS or self.type not in DRAWN:
            raise ValueError(f"A chart is one of {', '.join(CHARTS)}, of {', '.join(DRAWN)}.")
        if not self.labels or not self.series:
            raise ValueError("A chart has at least one label and one series.")
        if any(value is not None and not isfinite(value) for each in self.series for value in each.values):
            raise ValueError("What is not known is None in a chart, never NaN or without end.")
        wrong = next((each for each in self.series if len(each.values) != len(self.labels)), None)
        if wrong is not None:
            raise ValueError(f"{wrong.name!r} has {len(wrong.values)} values for {len(self.labels)} labels.")

    @property
    def table(self) -> Table:
        """The same figures as a table: a row a label."""
        columns = [Column(""), *(Column(each.name, self.type, self.decimals) for each in self.series)]
        rows = [
            [label, *(each.values[place] for each in self.series)] for place, label in enumerate(self.labels)
        ]
        return Table(columns, rows, self.title)


@dataclass(frozen=True)
class Missing:
    """Something that should be here and is not: what, and how to get it."""

    what: str
    fix: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Part = Heading | Paragraph | Bullets | Facts | Table | Chart | Missing | PageBreak


@dataclass(frozen=True)
class Document:
    """A document to be written.

    Args:
        title: what it is, in a few words.
        under: the line under the title: for whom, as of when.
        parts: what it says, in order.
        footer: stands at the foot of each page beside its number; the title where it is empty.
        made_at: the instant that the file's own data names, with a zone; none is named without it.
    """

    title: str
    under: str = ""
    parts: Sequence[Part] = ()
    footer: str = ""
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.made_at is not None and self.made_at.tzinfo is None:
            raise ValueError("The instant at which a document was made needs a zone.")
