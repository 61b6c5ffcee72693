"""What is known of the months ahead: accounts, sales under way, people; and the changes that are looked at.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from evenbook.sizing.rules.months import StageDays


@dataclass(frozen=True)
class Client:
    """An account as it stands; ``hours`` a month in its present stage."""

    tier: int
    stage: str
    hours: float
    renews_on: date | None = None
    started_on: date | None = None


@dataclass(frozen=True)
class Sale:
    """A sale under way. ``grows`` are the hours of the account that it expands; None for a new customer."""

    tier: int
    probability: float | None
    expected_on: date | None
    grows: float | None = None


@dataclass(frozen=True)
class Worker:
    """A person: hours that they can sustain in each month, and the share of it that is known to be missed."""

    id: int
    hours: tuple[float, ...]
    known_away: tuple[float, ...]


@dataclass(frozen=True)
class Known:
    """What is known of the months ahead.

    Attributes:
        months: the first day of each.
        clients, sales, workers: see there.
        stages: how long stages last.
        effort: hours a month of an average account by tier and stage.
        churn: by tier the chance that an account is lost in a year.
        newcomers: by tier how many new customers come a month, where no sale to one is on record.
        ramp: (from day of tenure, share of full capacity), rising.
        full_hours: hours a month of a full person.
    """

    months: tuple[date, ...]
    clients: Sequence[Client]
    sales: Sequence[Sale]
    workers: Sequence[Worker]
    stages: StageDays
    effort: Mapping[tuple[int, str], float]
    churn: Mapping[int, float]
    newcomers: Mapping[int, float] = field(default_factory=dict)
    ramp: Sequence[tuple[int, float]] = ((0, 1.0),)
    full_hours: float = 120.0

    @property
    def tiers(self) -> tuple[int, ...]:
        """The tiers that effort is known of."""
        return tuple(sorted({tier for tier, _ in self.effort}))


@dataclass(frozen=True)
class WhatIf:
    """A change to the plan.

    Attributes:
        title: in words.
        hires: how many full people start, and in which month from now.
        hired_in: that month, 0 the first.
        leavers: the ids of people who leave at once.
        named: the key of somebody whom the title names; empty for nobody.
        from_tier: the tier that is moved to ``numbers.digital_tier``.
        layer_share: the share of all hours that one layer down takes off people.
        taken: by tier the share of its hours that layers further down take, of kinds of work.
    """

    title: str = "As things are"
    hires: int = 0
    hired_in: int = 0
    leavers: tuple[int, ...] = ()
    from_tier: int | None = None
    layer_share: float = 0.0
    named: str = ""
    taken: Mapping[int, float] = field(default_factory=dict)
