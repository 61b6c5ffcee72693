"""What the records say of a base, the whole one or a segment's or a tier's: the inputs as they were measured.

A CSM who serves several segments counts for each by the hours that their accounts there take.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evenbook.sizing.rules.inputs import Measured

WHOLE, SEGMENT, TIER = "all", "segment", "tier"
SCOPES = (WHOLE, SEGMENT, TIER)

QUARTER_DAYS = 91
LEAST_CYCLE, MOST_CYCLE = 7, 1820
"""A planned cycle has no fewer and no more days."""


@dataclass(frozen=True)
class Scope:
    """Of which part of the base: all of it, one segment, or one tier by its number."""

    kind: str = WHOLE
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """An account on a day. ``arr`` a year, None where it is not known; ``hours`` a month.

    ``completed`` are the live meetings held in the planned cycle up to the day, ``scheduled`` all those that
    were on the calendar in the last quarter.
    """

    account: int
    tier: int
    segment: str
    arr: float | None
    hours: float
    person: int | None
    pool: int | None
    completed: int
    scheduled: int


@dataclass(frozen=True)
class Base:
    """The accounts of a day with the people who look after them.

    Attributes:
        facts: the accounts.
        people: working share by person who counts as a CSM.
        members: the people of each pool.
        cycle_days: the days of a planned cycle.
        has_meetings: whether any live meeting of the cycle is on record at all.
    """

    facts: Sequence[Fact] = ()
    people: Mapping[int, float] = field(default_factory=dict)
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)
    cycle_days: int = 0
    has_meetings: bool = False


def within(base: Base, scope: Scope) -> tuple[Fact, ...]:
    """Return the accounts of a part of the base."""
    if scope.kind == SEGMENT:
        return tuple(each for each in base.facts if each.segment == scope.key)
    if scope.kind == TIER:
        return tuple(each for each in base.facts if str(each.tier) == scope.key)
    return tuple(base.facts)


def measured(base: Base, scope: Scope) -> Measured:
    """Return what the records say of a part of the base; None for what they do not say."""
    rows = within(base, scope)
    if not rows:
        return Measured(cycle_days=base.cycle_days)
    arr = [each.arr for each in rows if each.arr is not None]
    acv = sum(arr) / len(arr) if arr else None
    came = sum(each.completed > 0 for each in rows)
    return Measured(
        accounts=len(rows),
        csms=_csms(base, scope),
        completed_share=came / len(rows) if base.has_meetings else None,
        acv=acv if acv and acv > 0 else None,
        scheduled=sum(each.scheduled for each in rows) / len(rows) if base.has_meetings else None,
        cycle_days=base.cycle_days,
    )


def _csms(base: Base, scope: Scope) -> float | None:
    if not base.people:
        return None
    if scope.kind == WHOLE:
        return round(sum(base.people.values()), 6)
    return round(sum(parts_of(base, _key(scope.kind)).get(scope.key, {}).values()), 6)


def parts_of(base: Base, key: Callable[[Fact], str]) -> dict[str, dict[int, float]]:
    """Return by part of the base the working share that each person gives it.

    By the hours of what they carry there; a pool's are its members' in equal parts. Who carries nothing gives
    nothing.
    """
    hours: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for each in base.facts:
        for person, part in _carriers(each, base):
            hours[person][key(each)] += each.hours * part
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for person, by_part in hours.items():
        total = sum(by_part.values())
        for name, carried in by_part.items():
            if total > 0:
                found[name][person] = base.people[person] * carried / total
    return dict(found)


def _carriers(fact: Fact, base: Base) -> Iterable[tuple[int, float]]:
    if fact.person is not None:
        return ((fact.person, 1.0),) if fact.person in base.people else ()
    mine = [each for each in base.members.get(fact.pool or 0, ()) if each in base.people]
    return ((each, 1.0 / len(mine)) for each in mine)


def _key(kind: str) -> Callable[[Fact], str]:
    return (lambda each: each.segment) if kind == SEGMENT else (lambda each: str(each.tier))


def scopes_of(base: Base, kind: str) -> tuple[Scope, ...]:
    """Return the parts of a base: segments by ARR, tiers in order; one without a name comes last."""
    key = _key(kind)
    sums: dict[str, float] = defaultdict(float)
    for each in base.facts:
        sums[key(each)] += each.arr or 0.0
    by_arr = sorted(sums, key=lambda name: (not name, -sums[name] if kind == SEGMENT else 0, name))
    return tuple(Scope(kind, name) for name in by_arr)


def cycle_days(meetings_per_quarter: float) -> int:
    """Return the days of a planned cycle, at which each account is to be met once."""
    days = QUARTER_DAYS / meetings_per_quarter if meetings_per_quarter > 0 else MOST_CYCLE
    return int(min(max(round(days), LEAST_CYCLE), MOST_CYCLE))
