"""Whether a CSM, or a segment, holds as many accounts and as much revenue as one CSM can.

A range a segment (policy), moved by the factors that hold there: each multiplies both ends by one plus its
share. Who holds several segments has the range of the mix: every account takes its part of a full book of
its segment, so thirty of fifty and two of five make a full one.

Pure: plain values in and out. Money in minor units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from evenbook.tiers.numbers.ratio import Factor, RatioNumbers

MILLION_CENTS = 100_000_000
INSIDE, ABOVE, BELOW, UNKNOWN = "inside", "above", "below", "unknown"


@dataclass(frozen=True)
class Held:
    """What an owner holds of a segment. ``people`` share it: one, or those of a pool's queue."""

    owner: str
    segment: str
    accounts: int
    arr_cents: int
    people: int = 1


@dataclass(frozen=True)
class Limits:
    """What one CSM holds of a segment: from, to; ``factors`` moved the range, each by its share."""

    segment: str
    accounts: tuple[float, float]
    arr_cents: tuple[float, float]
    factors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """An amount against its range; ``by`` is how much lies outside of it, 0 inside."""

    value: float
    least: float
    most: float

    @property
    def state(self) -> str:
        """Return inside, above, below, or unknown where there is no amount at all."""
        if not self.most:
            return UNKNOWN
        if self.value > self.most:
            return ABOVE
        return BELOW if self.value < self.least else INSIDE

    @property
    def by(self) -> float:
        """How much too much, or too little."""
        return max(0.0, self.value - self.most, self.least - self.value) if self.most else 0.0


@dataclass(frozen=True)
class Check:
    """A subject's accounts and revenue for each of its people.

    ``held`` and ``held_cents`` are all of it; ``unplaced`` accounts have no range.
    """

    subject: str
    accounts: Verdict
    arr_cents: Verdict
    held: int
    held_cents: int
    people: float
    unplaced: int = 0

    @property
    def is_outside(self) -> bool:
        """Whether either lies outside its range."""
        return bool({self.accounts.state, self.arr_cents.state} & {ABOVE, BELOW})


def limits(numbers: RatioNumbers) -> dict[str, Limits]:
    """Return the range of each segment with its factors, by the segment's name in small letters."""
    found = {}
    for place, row in enumerate(numbers.segments):
        factors = tuple((each.factor, each.share) for each in numbers.factors if _holds(each)[place])
        times = prod(1 + share for _, share in factors)
        found[row.segment.lower()] = Limits(
            row.segment,
            (row.accounts_from * times, row.accounts_to * times),
            (row.arr_from * MILLION_CENTS * times, row.arr_to * MILLION_CENTS * times),
            factors,
        )
    return found


def _holds(factor: Factor) -> tuple[bool, bool, bool, bool]:
    """Return whether a factor holds, in the order of the segments of policy."""
    return factor.enterprise, factor.mid_market, factor.growth, factor.digital


def by_owner(held: Iterable[Held], ranges: Mapping[str, Limits]) -> tuple[Check, ...]:
    """Return each owner's check, whoever is furthest outside first."""
    books: dict[str, list[Held]] = defaultdict(list)
    for each in held:
        books[each.owner].append(each)
    checks = [_checked(owner, rows, ranges, rows[0].people) for owner, rows in books.items()]
    return tuple(sorted(checks, key=lambda check: (-_far(check), check.subject)))


def by_segment(held: Iterable[Held], ranges: Mapping[str, Limits]) -> tuple[Check, ...]:
    """Return each segment's check, in the order of policy.

    A person with several segments counts for each by the part of a full book that it takes.
    """
    rows = [each for each in held if each.segment.lower() in ranges]
    whole: dict[str, float] = defaultdict(float)
    for each in rows:
        whole[each.owner] += _part(each, ranges)
    people: dict[str, float] = defaultdict(float)
    mine: dict[str, list[Held]] = defaultdict(list)
    for each in rows:
        people[each.segment.lower()] += each.people * _part(each, ranges) / whole[each.owner]
        mine[each.segment.lower()].append(each)
    return tuple(
        _checked(ranges[name].segment, mine[name], ranges, people[name]) for name in ranges if mine[name]
    )


def _checked(subject: str, rows: Sequence[Held], ranges: Mapping[str, Limits], people: float) -> Check:
    placed = [(each, ranges[each.segment.lower()]) for each in rows if each.segment.lower() in ranges]
    people = people or 1
    accounts = [(each.accounts, limit.accounts) for each, limit in placed]
    money = [(each.arr_cents, limit.arr_cents) for each, limit in placed]
    held = sum(each.accounts for each in rows)
    return Check(
        subject,
        _mixed(accounts, people),
        _mixed(money, people),
        held,
        sum(each.arr_cents for each in rows),
        people,
        unplaced=held - sum(each.accounts for each, _ in placed),
    )


def _mixed(parts: Sequence[tuple[float, tuple[float, float]]], people: float) -> Verdict:
    total = sum(amount for amount, _ in parts)
    if total <= 0:
        return Verdict(0.0, 0.0, 0.0)
    least, most = (
        total / full if (full := sum(amount / ends[end] for amount, ends in parts if ends[end])) else 0.0
        for end in (0, 1)
    )
    return Verdict(total / people, least, most)


def _part(held: Held, ranges: Mapping[str, Limits]) -> float:
    return held.accounts / ranges[held.segment.lower()].accounts[1]


def _far(check: Check) -> float:
    return max((each.by / each.most for each in (check.accounts, check.arr_cents) if each.most), default=0.0)
