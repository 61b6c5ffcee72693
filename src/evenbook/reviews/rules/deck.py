"""What a review is made of, and how it is kept: slides, figures with their definitions and rows, a chart.

A figure carries what it means and the rows that it was counted from, so that whoever reads it can open it.
Kept as plain values: the same deck comes back from what was kept.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

USAGE, OUTCOMES, UNUSED, NEWS, SHIPPED, PEOPLE, NEXT = SLIDES = (
    "usage", "outcomes", "unused", "news", "shipped", "people", "next",
)  # fmt: skip
"""The slides that there can be, in their order; the cover stands before them."""


@dataclass(frozen=True)
class Figure:
    """A number and what stands behind it.

    Attributes:
        key: its name on the slide.
        title: what it is.
        said: the value as people read it.
        value: the value itself.
        means: how it is counted, from when to when.
        columns: headings of its rows.
        rows: what it was counted from, as texts.
        total: how many rows there are; more than ``rows`` where they were cut.
    """

    key: str
    title: str
    said: str
    value: float
    means: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Line:
    """A row of a slide that is no figure: a title, what it says, and a day or a name beside it."""

    title: str
    says: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Plot:
    """A chart: labels, and series of values; None where nothing is known."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]


@dataclass(frozen=True)
class Slide:
    """One slide of a review; ``kind`` is one of ``SLIDES``."""

    kind: str
    title: str
    sentence: str
    figures: tuple[Figure, ...] = ()
    lines: tuple[Line, ...] = ()
    plot: Plot | None = None
    note: str = ""


@dataclass(frozen=True)
class Deck:
    """A review: for whom, from when to when, and its slides.

    ``headline`` is the sentence of the cover, ``greeting`` stands under it; ``ask`` are the words of the
    button. ``subject`` and ``mail`` are its mail, with places for reader, link and last day.
    """

    account: str
    title: str
    headline: str
    greeting: str
    since_on: date
    as_of: date
    by: str
    ask: str
    subject: str
    mail: str
    slides: tuple[Slide, ...]

    @property
    def pages(self) -> int:
        """How many slides there are with the cover."""
        return len(self.slides) + 1

    def figure(self, kind: str, key: str) -> Figure | None:
        """Return a figure of a slide; None where it is not told."""
        return next(
            (
                each
                for slide in self.slides
                if slide.kind == kind
                for each in slide.figures
                if each.key == key
            ),
            None,
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**asdict(self), "since_on": self.since_on.isoformat(), "as_of": self.as_of.isoformat()}


def deck_of(kept: Mapping[str, Any]) -> Deck:
    """Return a deck from how it was kept."""
    days = {name: date.fromisoformat(kept[name]) for name in ("since_on", "as_of")}
    return Deck(**{**kept, **days, "slides": tuple(map(_slide, kept["slides"]))})


def _slide(kept: Mapping[str, Any]) -> Slide:
    plot = kept["plot"]
    return Slide(
        kept["kind"],
        kept["title"],
        kept["sentence"],
        tuple(map(_figure, kept["figures"])),
        tuple(Line(**each) for each in kept["lines"]),
        _plot(plot) if plot else None,
        kept["note"],
    )


def _figure(kept: Mapping[str, Any]) -> Figure:
    return Figure(**{**kept, "columns": tuple(kept["columns"]), "rows": _rows(kept["rows"])})


def _rows(kept: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in kept)


def _plot(kept: Mapping[str, Any]) -> Plot:
    series = tuple((name, tuple(values)) for name, values in kept["series"])
    return Plot(kept["title"], tuple(kept["labels"]), series)
