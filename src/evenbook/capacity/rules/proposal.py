"""What a calibration found, as it is stored and shown: weights, base hours, ceilings, or why none.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Weight:
    """One level of a factor.

    Attributes:
        factor, title: the factor as the policy names it, and as people read it.
        level: the level.
        in_force: its multiplier in the policy that the fit began from.
        fitted: what the hours say, pulled towards the one in force.
        low, high: the ends of the 80% interval.
        pulled: the share of the value that is the one in force: 1 where the data say nothing, near 0 where
            they say all.
        accounts: how many of those learned from have the level.
        proposed: what the policy would have.
    """

    factor: str
    title: str
    level: str
    in_force: float
    fitted: float
    low: float
    high: float
    pulled: float
    accounts: int
    proposed: float

    @property
    def is_changed(self) -> bool:
        """Whether the proposal changes it."""
        return self.proposed != self.in_force

    @property
    def is_reference(self) -> bool:
        """Whether the other levels of the factor are compared with it, so that it stays at 1."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class TierHours:
    """Base hours of a tier.

    Attributes:
        tier: the tier.
        in_force, proposed: base hours a month.
        mean: hours a month that its mean account is expected to take now, weights and all.
        low, high: the interval of what its mean account takes; both the mean where nothing is learned of it,
            or where other tiers are compared with it.
        accounts: active accounts in it.
    """

    tier: int
    in_force: float
    mean: float
    proposed: float
    low: float
    high: float
    accounts: int

    @property
    def is_changed(self) -> bool:
        """Whether the proposal changes them."""
        return self.proposed != self.in_force


@dataclass(frozen=True, slots=True)
class CeilingFound:
    """The ceiling of a role, as one measure of quality shows it or does not.

    Attributes:
        role: as the policy names it.
        quality: what falls past it: ``score`` of calls, ``on_time`` share of what was due.
        in_force: strategic interactions a week of a full-time person.
        found, low, high: the ceiling and its 80% interval, None where none is visible.
        slope: change of the quality with each interaction past it.
        people, weeks: how many people and weeks of theirs were seen.
        escalations: whether weeks of escalations were seen and allowed for.
        proposed: what the policy would have.
        why: why nothing is proposed, in a sentence.
    """

    role: str
    quality: str
    in_force: float
    found: float | None
    low: float | None
    high: float | None
    slope: float | None
    people: int
    weeks: int
    escalations: bool
    proposed: float
    why: str

    @property
    def is_changed(self) -> bool:
        """Whether the proposal changes it."""
        return self.proposed != self.in_force


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean distance of hours from what was expected, on people held out, as a share of the mean hours.

    Attributes:
        in_force: of the weights in force.
        fitted: of the fitted ones.
        without_conversations: of a fit that knows neither sentiment nor follow-ups.
        with_conversations: of one that also knows what calls were like before.
    """

    in_force: float | None
    fitted: float | None
    without_conversations: float | None
    with_conversations: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal would do to what a person carries, in hours a month."""

    person: int
    accounts: int
    capacity_hours: float
    hours_now: float
    hours_then: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that a calibration found.

    Attributes:
        why: why no weight could be fitted, in a sentence; empty where some could.
        weeks: of hours.
        accounts: learned from; ``with_hours`` of them have hours.
        people: who log them.
        left_out: why accounts were left out, and how many.
        logged_share: share of the accounts learned from that have hours.
        pull: deviation of the log-weights around those in force, as the data have it.
        errors: held out.
        weights: every level of the taxonomy.
        inputs: what calls were like before, level by level: evidence, which no policy weighs.
        base_hours: by tier.
        ceilings: by role and measure of quality.
    """

    why: str
    weeks: int
    accounts: int = 0
    with_hours: int = 0
    people: int = 0
    left_out: Mapping[str, int] | None = None
    logged_share: float | None = None
    pull: float | None = None
    errors: Errors | None = None
    weights: tuple[Weight, ...] = ()
    inputs: tuple[Weight, ...] = ()
    base_hours: tuple[TierHours, ...] = ()
    ceilings: tuple[CeilingFound, ...] = ()

    def changes(self) -> dict[str, float | bool]:
        """Return what the policy would have instead, by path; empty where nothing is proposed."""
        found: dict[str, float | bool] = dict(self._changes())
        if any(path.startswith("capacity.") for path in found):
            found["capacity.centered"] = True
        return found

    def _changes(self) -> Iterator[tuple[str, float]]:
        for weight in self.weights:
            if weight.is_changed:
                yield f"capacity.multipliers[{weight.factor},{weight.level}].multiplier", weight.proposed
        for hours in self.base_hours:
            if hours.is_changed:
                yield f"capacity.base_hours[{hours.tier}].hours", hours.proposed
        ceilings = {each.role: each.proposed for each in self.ceilings if each.is_changed}
        for role, a_week in ceilings.items():
            yield f"throughput.ceilings[{role}].a_week", a_week

    def as_json(self) -> dict[str, Any]:
        """Return the proposal as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Proposal:
        """Return the proposal that ``as_json`` wrote, by this release or an earlier one."""
        rows = {"weights": Weight, "inputs": Weight, "base_hours": TierHours, "ceilings": CeilingFound}
        known = {each.name for each in fields(cls)}
        given = {name: part for name, part in value.items() if name in known}
        for name, kind in rows.items():
            given[name] = tuple(kind(**row) for row in given.get(name, ()))
        given["errors"] = Errors(**given["errors"]) if given.get("errors") else None
        return cls(**given)
