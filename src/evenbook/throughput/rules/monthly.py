"""What the monthly pack is made of: figures now and a month before, people, decisions, how it felt.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evenbook.kit.months import Month
from evenbook.throughput.rules.chain import LINKS
from evenbook.throughput.rules.first_weeks import FIGURES

LOAD = "effort_load"
SEVEN_TITLES = {
    name: FIGURES[name]
    for name in (
        LOAD, "strategic", "time_to_detect", "sentiment", "follow_ups", "unmonitored", "quality",
    )
}  # fmt: skip
BESIDE_TITLES = {
    "energy": ("Energy of a person's week", "number"),
    "past_window": ("Risks answered too late", "share"),
    "sentiment_falling": ("Accounts whose sentiment falls", "share"),
}
"""What explains the seven: how much a week takes, what came too late."""

LAGGING_TITLES = {name: FIGURES[name] for name in ("covered", "green", "nrr", "grr", "logo", "csat")}
CHAIN_TITLES = {link.measure: (link.title, "share") for link in LINKS}
TITLES = {**SEVEN_TITLES, **BESIDE_TITLES, **LAGGING_TITLES, **CHAIN_TITLES}
"""Every figure of the pack: its title and unit on screens."""


@dataclass(frozen=True)
class Stand:
    """One figure: now, at the end of the month before and in the baseline; None where it is not known.

    ``count`` is of how many rows it is now, ``trend`` the last weeks, oldest first.
    """

    measure: str
    now: float | None
    before: float | None
    baseline: float | None
    count: int
    trend: tuple[float | None, ...] = ()

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.measure][0]

    @property
    def unit(self) -> str:
        """Its unit on screens."""
        return TITLES[self.measure][1]

    @property
    def change(self) -> float | None:
        """How much it is more or less than a month before."""
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def is_known(self) -> bool:
        """Whether anything of it is."""
        return not (self.now is None and self.before is None)


@dataclass(frozen=True)
class PersonMonth:
    """One person: load before and now, what was held in the last week against the ceiling, the chain."""

    key: str
    name: str
    load: Stand
    held: int
    ceiling: float | None
    weeks_over: int
    chain: tuple[Stand, ...]


@dataclass(frozen=True)
class FeltWeek:
    """How a week felt on average in a team in which five or more said it, beside the load worked out."""

    team: str
    week_on: date
    felt: float
    load: float | None


@dataclass(frozen=True)
class Asked:
    """Something that is asked of whoever reads the pack: what, why, and the address where it is done."""

    what: str
    why: str
    opens: str
    asks: str = ""


@dataclass(frozen=True)
class Limits:
    """Where load is near what can be sustained, and over it: shares of capacity."""

    green_below: float
    red_above: float


def days_of(month: Month, last: date, weeks: Sequence[date]) -> tuple[tuple[date, ...], date | None]:
    """Return the days of a month among weeks that end with ``last``, and the last one before the month."""
    inside = tuple(day for day in weeks if month.holds(day) and day <= last)
    before = max((day for day in weeks if day < month.first), default=None)
    return inside, before


def over(people: Sequence[PersonMonth], limits: Limits) -> int:
    """Return how many people's load is over what can be sustained now."""
    return sum((each.load.now or 0) > limits.red_above for each in people)


def spread(people: Sequence[PersonMonth]) -> float | None:
    """Return the highest load less the lowest, None of fewer than two."""
    loads = [each.load.now for each in people if each.load.now is not None]
    return max(loads) - min(loads) if len(loads) > 1 else None


def moved_most(stands: Sequence[Stand]) -> Stand | None:
    """Return the figure that moved most of its own size since the month before; None where none is known."""
    moved = [each for each in stands if each.change and each.before]
    return max(moved, key=lambda each: abs((each.change or 0) / (each.before or 1)), default=None)
