"""What became of openings by an instant: how many wait, how soon they are answered, how many are won.

There is one close rate: won ÷ all that came to an end (won, lost, dropped). It is split by who opened,
where, and for what, and every rate stands with its denominator. A rate of few ends has a wide interval,
and says so.

Pure. Source of the interval: E. B. Wilson, Probable inference, the law of succession, and statistical
inference, Journal of the American Statistical Association 22 (1927), 209-212.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from statistics import median

from evenbook.expansion.rules.answering import Calendar, days_taken
from evenbook.expansion.rules.moving import ANSWERED, DROPPED, ENDS, HUMAN, OPENED, TALKS, WON

Z_80 = 1.2815515594457831
"""The normal quantile of an interval that holds in eight of ten."""


@dataclass(frozen=True)
class Happened:
    """One event of an opening; the amount in minor units of the organization's currency."""

    kind: str
    at: datetime
    amount_cents: int | None = None


@dataclass(frozen=True)
class Fact:
    """An opening with its events, oldest first."""

    id: int
    account_id: int
    role: str
    source: str
    product: str
    opened_at: datetime
    owner_id: int | None
    opener_id: int | None
    events: tuple[Happened, ...]


@dataclass(frozen=True)
class Stood:
    """An opening as it stood at an instant."""

    fact: Fact
    state: str
    answered_at: datetime | None
    waits_from: datetime
    is_held: bool
    closed_at: datetime | None
    amount_cents: int | None


@dataclass(frozen=True)
class Rate:
    """Won of those that came to an end; the interval holds in eight of ten such groups."""

    opened: int
    ended: int
    won: int
    dropped_unanswered: int
    won_cents: int
    median_days: float | None
    answered: int

    @property
    def value(self) -> float | None:
        """The close rate, None where nothing came to an end."""
        return self.won / self.ended if self.ended else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson interval of the close rate."""
        return wilson(self.won, self.ended) if self.ended else None


def stood(fact: Fact, until: datetime) -> Stood | None:
    """Return how an opening stood before an instant; None where it was not there yet."""
    seen = [each for each in fact.events if each.at < until]
    if fact.opened_at >= until or not seen:
        return None
    state, answered, closed, amount = OPENED, None, None, None
    waits_from, is_held = fact.opened_at, False
    for each in seen:
        if each.kind == "held":
            is_held = True
        elif each.kind == "released":
            is_held, waits_from = False, each.at
        elif each.kind in {ANSWERED, TALKS, *ENDS}:
            state, amount = each.kind, each.amount_cents if each.kind == WON else amount
            answered = answered or (each.at if each.kind != DROPPED else None)
            closed = each.at if each.kind in ENDS else None
    return Stood(fact, state, answered, waits_from, is_held, closed, amount)


def as_of(facts: Iterable[Fact], until: datetime) -> tuple[Stood, ...]:
    """Return all openings that were there before an instant, as they stood."""
    found = (stood(fact, until) for fact in facts)
    return tuple(each for each in found if each is not None)


def rate(rows: Sequence[Stood], calendar: Calendar) -> Rate:
    """Return how a group of openings was closed and how soon it was answered."""
    ended = [each for each in rows if each.state in ENDS]
    won = [each for each in ended if each.state == WON]
    days = [_days(each, calendar) for each in rows if each.answered_at is not None]
    return Rate(
        opened=len(rows),
        ended=len(ended),
        won=len(won),
        dropped_unanswered=sum(each.state == DROPPED and each.answered_at is None for each in ended),
        won_cents=sum(each.amount_cents or 0 for each in won),
        median_days=median(days) if days else None,
        answered=len(days),
    )


def split(
    rows: Sequence[Stood], by: Callable[[Stood], str], calendar: Calendar
) -> tuple[tuple[str, Rate], ...]:
    """Return the rate of each group, the one with most openings first; groups are told by ``by``."""
    groups: dict[str, list[Stood]] = {}
    for each in rows:
        groups.setdefault(by(each), []).append(each)
    found = [(name, rate(group, calendar)) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda each: (-each[1].opened, each[0])))


def by_kind(row: Stood) -> str:
    """Return whether one of us opened, or the product."""
    return "human" if row.fact.role in HUMAN else "product"


def late(rows: Iterable[Stood], due: Callable[[date], date], today: date) -> tuple[Stood, ...]:
    """Return what waits for its first answer past its day, the longest wait first; what is held waits not."""
    waiting = [each for each in rows if each.state == OPENED and not each.is_held]
    over = [each for each in waiting if due(each.waits_from.date()) < today]
    return tuple(sorted(over, key=lambda each: (each.waits_from, each.fact.id)))


def wilson(part: int, whole: int, z: float = Z_80) -> tuple[float, float]:
    """Return the interval of a share from a count of a whole that is above zero."""
    share = part / whole
    middle = share + z * z / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    most = 1 + z * z / whole
    return max(0.0, (middle - spread) / most), min(1.0, (middle + spread) / most)


def _days(row: Stood, calendar: Calendar) -> int:
    assert row.answered_at is not None
    return days_taken(row.waits_from.date(), row.answered_at.date(), calendar)
