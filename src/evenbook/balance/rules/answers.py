"""What a proposal says: moves, books before and after, what binds, what can't hold.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Move:
    """An account that changes hands; None is nobody. ``improves`` holds points by term."""

    account: int
    giver: int | None
    receiver: int | None
    reason: str
    improves: Mapping[str, float] = field(default_factory=dict)
    is_forced: bool = False

    @property
    def gain(self) -> float:
        """What undoing it would cost, in points."""
        return sum(self.improves.values())


@dataclass(frozen=True)
class BookRow:
    """A person's or a pool's book: revenue in major units, mean complexity, how many are red or yellow.

    Attributes:
        hours: a month that they can sustain; of a pool, its members together.
        effort: what they carry, of pools they share too; of a pool, what its members carry together.
        beside: of ``effort``, what is not of the accounts in this book: a person's parts of pools, by pool;
            of a pool, what its members carry beside it, by member. Of pools that are not shown: under None.
    """

    person: int
    hours: float
    effort: float
    arr: float
    accounts: int
    complexity: float
    colored: int
    beside: tuple[tuple[int | None, float], ...] = ()
    is_pool: bool = False

    @property
    def load(self) -> float | None:
        """Effort ÷ capacity."""
        return self.effort / self.hours if self.hours > 0 else None

    @property
    def of_accounts(self) -> float:
        """The hours a month of the accounts in the book."""
        return self.effort - sum(hours for _, hours in self.beside)

    @property
    def red_yellow(self) -> float:
        """The share of accounts that is red or yellow."""
        return self.colored / self.accounts if self.accounts else 0.0


@dataclass(frozen=True)
class Binding:
    """A rule that holds the proposal back, and what dropping it would give, in points by term."""

    rule: str
    gives: Mapping[str, float]


@dataclass(frozen=True)
class Broken:
    """What a proposal can't keep to: the accounts nobody can have, and the people past a limit."""

    unassigned: tuple[int, ...] = ()
    over_hours: tuple[tuple[int, float], ...] = ()
    over_red: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody who could own an account: points it costs more than the best, and what they would carry."""

    person: int
    costs: Mapping[str, float]
    load_then: float | None
    is_owner: bool

    @property
    def total(self) -> float:
        """All points."""
        return sum(self.costs.values())


@dataclass(frozen=True)
class Answer:
    """A proposal.

    Attributes:
        owners: the person of each account, None for nobody.
        value, bound: points of the plan, and what no plan can be better than.
        conflict: rules that can't all hold, dropping any one of which would do; empty where all hold.
    """

    owners: Mapping[int, int | None]
    value: float
    bound: float
    gap: float
    moves: tuple[Move, ...]
    before: tuple[BookRow, ...]
    after: tuple[BookRow, ...]
    binding: tuple[Binding, ...]
    broken: Broken
    conflict: tuple[str, ...]
    stopped_early: bool = False

    @property
    def feasible(self) -> bool:
        """Whether every rule holds."""
        return self.broken == Broken()
