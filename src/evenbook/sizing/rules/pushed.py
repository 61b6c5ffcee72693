"""A layer pushed down: of a kind of work, a share that self-service, a signal or a draft takes off people.

How much of a tier's hours a kind takes is what the records hold of it over all that they hold of the tier:
records are never whole, so their shares are believed and not their sums. The plan's hours then fall by it.

Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from evenbook.kit.errors import EvenbookError
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf

SLACK = 1e-9
MOST_PUSHES = 12
"""As many as there are kinds of work: each takes a simulation of its own."""

TYPED = re.compile(
    r"(?P<kind>[a-z_]+)(:(?P<tier>[1-9]))?=(?P<share>[\d.]+)(?P<percent>%?)(@(?P<hours>[\d.]+))?", re.ASCII
)


class PlanRefused(EvenbookError):
    """A what-if names somebody or something that is not there."""

    kind = "plan-refused"
    status = 422


@dataclass(frozen=True, slots=True)
class Push:
    """A share of a kind of work that a lower layer takes over.

    Attributes:
        kind: as the records name it.
        share: what is taken over, 0 to 1.
        tier: of whose accounts; None for all.
        hours: hours a month that it takes now, as somebody typed them; None for what the records say.
    """

    kind: str
    share: float
    tier: int | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of a kind by a person for accounts of a tier; ``untimed`` entries have no minutes."""

    tier: int
    kind: str
    person: int
    hours: float
    entries: int
    untimed: int


@dataclass(frozen=True)
class Work:
    """Hours on record by tier and kind, and what the tiers take in the plan.

    Attributes:
        recorded: hours by tier and kind as the records have them, in the span that was read.
        hours: the same, with what timesheets say of whoever keeps one.
        entries, untimed: how many there are, and how many without minutes.
        beyond: by tier, hours on timesheets over those with a kind.
        need: by tier, hours a month of its accounts as the plan has them now.
    """

    recorded: Mapping[tuple[int, str], float] = field(default_factory=dict)
    hours: Mapping[tuple[int, str], float] = field(default_factory=dict)
    entries: Mapping[tuple[int, str], int] = field(default_factory=dict)
    untimed: Mapping[tuple[int, str], int] = field(default_factory=dict)
    beyond: Mapping[int, float] = field(default_factory=dict)
    need: Mapping[int, float] = field(default_factory=dict)

    def total(self, tier: int) -> float:
        """Return all hours on record of a tier."""
        return sum(hours for (own, _), hours in self.hours.items() if own == tier) + self.beyond.get(tier, 0)

    def share(self, tier: int, kind: str) -> float | None:
        """Return which part of a tier's hours a kind takes; None where the records can't say.

        They can't where nothing is on record of the tier, or the kind is and never with minutes.
        """
        total, key = self.total(tier), (tier, kind)
        if total <= 0 or (self.entries.get(key, 0) and self.hours.get(key, 0.0) <= 0):
            return None
        return self.hours.get(key, 0.0) / total

    def held(self, kind: str, tier: int | None = None) -> float | None:
        """Return the hours a month that a kind takes in the plan; None where the records can't say."""
        parts = [(own, self.share(own, kind)) for own in self._tiers(tier)]
        known = [self.need[own] * share for own, share in parts if share is not None]
        return sum(known) if known else None

    def _tiers(self, tier: int | None) -> Sequence[int]:
        return [own for own in sorted(self.need) if tier is None or own == tier]

    def weights(self, kind: str, tier: int | None) -> dict[int, float]:
        """Return how a kind's hours part among tiers: as on record, else as the tiers' hours do."""
        tiers = self._tiers(tier)
        held = {own: (self.share(own, kind) or 0.0) * self.need[own] for own in tiers}
        return held if sum(held.values()) > 0 else {own: self.need[own] for own in tiers}


def work_of(done: Sequence[Done], sheets: Mapping[tuple[int, int], float], need: Mapping[int, float]) -> Work:
    """Return what the records hold of each tier.

    Who keeps a timesheet for a tier worked as long as it says: what they did of each kind is its part of
    that, and what the sheet holds over it has no kind.

    Args:
        done: by tier, kind and person.
        sheets: hours on timesheets by tier and person.
        need: see ``Work``.
    """
    with_kind: dict[tuple[int, int], float] = defaultdict(float)
    for each in done:
        with_kind[each.tier, each.person] += each.hours
    recorded: dict[tuple[int, str], float] = defaultdict(float)
    hours: dict[tuple[int, str], float] = defaultdict(float)
    entries: dict[tuple[int, str], int] = defaultdict(int)
    untimed: dict[tuple[int, str], int] = defaultdict(int)
    for each in done:
        recorded[each.tier, each.kind] += each.hours
        hours[each.tier, each.kind] += each.hours * _part(each, sheets, with_kind)
        entries[each.tier, each.kind] += each.entries
        untimed[each.tier, each.kind] += each.untimed
    beyond: dict[int, float] = defaultdict(float)
    for (tier, person), sheet in sheets.items():
        beyond[tier] += max(0.0, sheet - with_kind.get((tier, person), 0.0))
    return Work(dict(recorded), dict(hours), dict(entries), dict(untimed), dict(beyond), dict(need))


def _part(
    each: Done, sheets: Mapping[tuple[int, int], float], with_kind: Mapping[tuple[int, int], float]
) -> float:
    sheet, known = sheets.get((each.tier, each.person)), with_kind[each.tier, each.person]
    return 1.0 if sheet is None or known <= sheet else sheet / known


def push_typed(text: str) -> Push:
    """Return a push as a command names it: ``mail=50%``, of a tier ``mail:3=0.5``, of hours ``mail=0.5@40``.

    Raises:
        PlanRefused: it can't be read.
    """
    found = TYPED.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        share = float(found["share"]) / (100 if found["percent"] else 1)
        hours = None if found["hours"] is None else float(found["hours"])
    except ValueError:
        raise PlanRefused(
            f"'{text[:40]}' names no layer to push down.",
            fix="Type KIND=SHARE, such as mail=50% or mail:3=0.5.",
        ) from None
    return Push(found["kind"], share, int(found["tier"]) if found["tier"] else None, hours)


def taken(pushes: Sequence[Push], work: Work, titles: Mapping[str, str]) -> dict[int, float]:
    """Return by tier which share of all its hours lower layers take.

    Raises:
        PlanRefused: a kind is unknown, named twice or not on record, or more is taken than there is.
    """
    if len(pushes) > MOST_PUSHES:
        raise PlanRefused("So many layers can't be looked at.", fix=f"Name up to {MOST_PUSHES}.")
    if len({(each.kind, each.tier) for each in pushes}) < len(pushes):
        raise PlanRefused("A kind of work is named twice.", fix="Name each once, with the whole share.")
    found: dict[int, float] = defaultdict(float)
    for each in pushes:
        for tier, share in _taken(each, work, titles).items():
            found[tier] += share
    if over := [tier for tier, share in found.items() if share > 1 + SLACK]:
        raise PlanRefused(
            f"Lower layers would take more hours of tier {over[0]} than its accounts have.",
            fix="Type fewer hours, or a smaller share.",
        )
    return {tier: min(share, 1.0) for tier, share in found.items()}


def _taken(each: Push, work: Work, titles: Mapping[str, str]) -> dict[int, float]:
    if each.kind not in titles:
        raise PlanRefused(
            f"There is no kind of work '{each.kind[:40]}'.", fix=f"Name one of {', '.join(titles)}."
        )
    if each.tier is not None and each.tier not in work.need:
        named = ", ".join(str(tier) for tier in sorted(work.need))
        raise PlanRefused(f"No account is of tier {each.tier}.", fix=f"Name one of {named or 'none yet'}.")
    if not 0 <= each.share <= 1:
        raise PlanRefused("A layer takes a share of the work, 0 to 1.", fix="Type a share, such as 0.5.")
    held = work.held(each.kind, each.tier) if each.hours is None else each.hours
    title = titles[each.kind]
    if held is None:
        raise PlanRefused(
            f"How long '{title}' takes is not on record.", fix="Type the hours a month that it takes now."
        )
    if not held >= 0:
        raise PlanRefused("Hours can't be fewer than none.", fix="Type 0 or more.")
    weights = work.weights(each.kind, each.tier)
    total = sum(weights.values())
    if held > sum(work.need[tier] for tier in weights) + SLACK:
        raise PlanRefused(
            f"'{title}' can't take {held:,.0f} hours a month of accounts that take fewer.",
            fix="Type fewer hours.",
        )
    return {
        tier: each.share * held * weight / total / work.need[tier]
        for tier, weight in weights.items()
        if weight > 0
    }


def pushed_down(known: Known, taken: Mapping[int, float]) -> Known:
    """Return what is known with the hours of each tier less what lower layers take of them.

    Accounts, expansions and customers still to come all need less: the work is taken over for good.
    """
    if not taken:
        return known

    def left(tier: int) -> float:
        return 1.0 - taken.get(tier, 0.0)

    def lighter(each: Client) -> Client:
        return replace(each, hours=each.hours * left(each.tier))

    def grown(each: Sale) -> Sale:
        return each if each.grows is None else replace(each, grows=each.grows * left(each.tier))

    return replace(
        known,
        clients=[lighter(each) for each in known.clients],
        sales=[grown(each) for each in known.sales],
        effort={(tier, stage): hours * left(tier) for (tier, stage), hours in known.effort.items()},
    )


def push_said(each: Push, work: Work, titles: Mapping[str, str]) -> str:
    """Return a push in words."""
    held = work.held(each.kind, each.tier) if each.hours is None else each.hours
    of = "" if each.tier is None else f" for tier {each.tier}"
    from_ = "" if each.hours is None else ", as typed"
    return (
        f"One layer down takes {100 * each.share:.0f}% of '{titles[each.kind]}'{of} "
        f"({held or 0:,.0f} hours a month{from_})"
    )


def looked_at(pushes: Sequence[Push], work: Work, titles: Mapping[str, str]) -> list[WhatIf]:
    """Return a what-if for each push, and one for all of them together.

    Raises:
        PlanRefused: one can't be, or all of them can't be at once.
    """
    together = taken(pushes, work, titles)
    found = [WhatIf(push_said(each, work, titles), taken=taken([each], work, titles)) for each in pushes]
    if len(found) > 1:
        found.append(WhatIf("All of these layers down together", taken=together))
    return found
