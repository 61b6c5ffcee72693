"""What came of interventions: which are looked at, which figures, and how it is said.

What is said keeps to what the design shows. An intervention is answered by whoever saw the need for it, not
drawn by lot, so a figure *went with* it and was not *caused* by it.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenbook.decisions.rules import KINDS, WAIT

MOVED, RETIERED, JOINED = "moved", "retiered", "joined"
EVENTS = {
    MOVED: "Accounts given away",
    RETIERED: "Accounts moved to another tier",
    JOINED: "Somebody joined the team",
    **{
        choice.value: choice.title
        for kind in KINDS.values()
        for choice in kind.choices
        if choice.value != WAIT
    },
}
"""What is looked at: what the records show of themselves, and what leaders decided and had done."""


@dataclass(frozen=True)
class Outcome:
    """A figure whose course is watched.

    ``unit`` is share (shown in points of percent) or number; ``better`` is up or down.
    """

    measure: str
    title: str
    unit: str
    better: str


OUTCOMES = (
    Outcome("effort_load", "Load", "share", "down"),
    Outcome("covered", "Covered accounts", "share", "up"),
    Outcome("unmonitored", "Unmonitored accounts", "share", "down"),
    Outcome("green", "Green accounts", "share", "up"),
    Outcome("quality", "Quality of calls", "number", "up"),
    Outcome("grr", "Gross revenue retention", "share", "up"),
)
BOOK_SIZE = "book_size"
CAUSES = (
    Outcome("effort_load", "Load", "share", "down"),
    Outcome("strategic", "Strategic interactions ÷ ceiling", "share", "down"),
    Outcome("unmonitored", "Unmonitored accounts", "share", "down"),
    Outcome(BOOK_SIZE, "Accounts in the book", "number", "down"),
)
EXPANSION = "expansion"
LAGGING = (
    Outcome("nrr", "Net revenue retention", "share", "up"),
    Outcome("grr", "Gross revenue retention", "share", "up"),
    Outcome("logo", "Logo retention", "share", "up"),
    Outcome(EXPANSION, "Expansion", "share", "up"),
    Outcome("csat", "CSAT", "number", "up"),
    Outcome("quality", "Quality of calls", "number", "up"),
    Outcome("time_to_detect", "Days to detect a risk", "number", "down"),
)
LAGS = (0, 4, 13, 26)
"""Weeks from the cause to the outcome: the same week, a month, a quarter, half a year."""

BY_MEASURE = {each.measure: each for each in (*CAUSES, *LAGGING, *OUTCOMES)}


@dataclass(frozen=True)
class Intervention:
    """Something that was done about a person, and on which day."""

    event: str
    person: str
    on: date


@dataclass(frozen=True)
class Found:
    """What came of interventions of a kind for one figure, in its own unit.

    ``events`` are all, ``treated`` those that others could be compared with, ``compared`` these others.
    """

    event: str
    measure: str
    estimate: float | None
    interval_80: tuple[float, float] | None
    interval_95: tuple[float, float] | None
    was_comparable: bool
    events: int
    treated: int
    compared: int

    @property
    def outcome(self) -> Outcome:
        """Which figure it is of."""
        return BY_MEASURE[self.measure]

    @property
    def title(self) -> str:
        """What was done, in words."""
        return EVENTS.get(self.event, self.event)

    @property
    def is_seen(self) -> bool:
        """Whether the figure moved otherwise than that of comparable people, beyond chance."""
        return self.interval_95 is not None and not self.interval_95[0] <= 0.0 <= self.interval_95[1]

    @property
    def said(self) -> str:
        """What came of it, in a sentence that claims no more than was found."""
        if self.estimate is None:
            return f"Too few to compare: {self.treated} of {self.events} have comparable people."
        if not self.is_seen:
            return "It moved as that of comparable people did, as far as chance lets anybody see."
        way = "It rose" if self.estimate > 0 else "It fell"
        if not self.was_comparable:
            return f"{way} beside comparable people, but they had gone different ways before: it says little."
        return f"{way} beside comparable people. It went with what was done; this does not show the cause."

    @property
    def moved(self) -> str:
        """By how much, with its interval; empty where nothing can be said."""
        if self.estimate is None or self.interval_80 is None:
            return ""
        low, high = self.interval_80
        unit = " points" if self.outcome.unit == "share" else ""
        return f"{self._moved(self.estimate)}{unit} ({self._moved(low)} to {self._moved(high)})"

    @property
    def is_better(self) -> bool:
        """Whether it moved the way that it should."""
        return ((self.estimate or 0) > 0) == (self.outcome.better == "up")

    def _moved(self, value: float) -> str:
        shown = 100 * value if self.outcome.unit == "share" else value
        return f"{shown:+.1f}".replace("-", "\u2212")


@dataclass(frozen=True)
class Bond:
    """How closely an outcome follows a cause some weeks later, -1 to 1; None where too little is known."""

    cause: str
    outcome: str
    weeks: int
    correlation: float | None
    interval_80: tuple[float, float] | None
    interval_95: tuple[float, float] | None
    people: int

    @property
    def said(self) -> str:
        """The correlation, empty where there is none."""
        return "" if self.correlation is None else f"{self.correlation:+.2f}".replace("-", "\u2212")

    @property
    def spread(self) -> str:
        """Its interval of 80%."""
        if self.interval_80 is None:
            return ""
        return "{:+.2f} to {:+.2f}".format(*self.interval_80).replace("-", "\u2212")

    @property
    def is_seen(self) -> bool:
        """Whether it is beyond chance."""
        return self.interval_95 is not None and not self.interval_95[0] <= 0.0 <= self.interval_95[1]
