"""The hours that the months ahead need against those that there are, over many simulated years.

Each account gives its hours by stage until it churns, at its renewal; sales under way come with their
probability, later than they are forecast; people ramp, are away, and leave. ``engine.event_sums`` adds it up.
The same seed for a question and for each what-if: what differs is what was changed.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenbook.engine.event_sums import Arrivals, Holdings, Moments, Streams, moments, simulate
from evenbook.engine.given_arrays import Floats
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf
from evenbook.sizing.rules.months import (
    DAYS_A_MONTH,
    place_of,
    renewal_place,
    stages_ahead,
)
from evenbook.sizing.rules.pushed import pushed_down

Parts = Holdings | Arrivals | Streams
ACCOUNTS, SALES, NEWCOMERS, PEOPLE, HIRED = range(5)
"""Which part of the seed each kind has."""

SEEDS = 16


@dataclass(frozen=True)
class Simulated:
    """Hours needed and there in each month of each simulated year, (runs, months); exact means beside."""

    need: Floats
    capacity: Floats
    exact_need: Moments
    exact_capacity: Moments


def simulated(
    known: Known, numbers: StaffingNumbers, what_if: WhatIf, *, seed: int, now: Simulated | None = None
) -> Simulated:
    """Return the simulated years of a plan under a what-if.

    Args:
        known: what is known of the months ahead.
        numbers: how the plan is simulated.
        what_if: what is changed.
        seed: the same seed gives the same answer.
        now: the years of the same seed without any change: what is not changed is taken from them.
    """
    same_need = now is not None and what_if.from_tier is None and not what_if.taken
    same_people = now is not None and not what_if.hires and not what_if.leavers
    need, exact = (
        (now.need, now.exact_need)
        if now is not None and same_need
        else _years(needed(_changed(known, what_if, numbers), numbers), numbers, seed)
    )
    capacity, exact_capacity = (
        (now.capacity, now.exact_capacity)
        if now is not None and same_people
        else _years(there(known, numbers, what_if), numbers, seed)
    )
    left = 1.0 - what_if.layer_share
    exact_need = Moments(left * exact.mean, left**2 * exact.variance)
    return Simulated(left * need, capacity, exact_need, exact_capacity)


Seeded = tuple[Parts, int]
"""Parts, and which part of the seed is theirs."""


def needed(known: Known, numbers: StaffingNumbers) -> tuple[Seeded, ...]:
    """Return what needs hours: accounts, sales under way, and customers as they came before."""
    return (
        (clients(known, numbers), ACCOUNTS),
        (sales(known, numbers), SALES),
        (newcomers(known), NEWCOMERS),
    )


def there(known: Known, numbers: StaffingNumbers, what_if: WhatIf) -> tuple[Seeded, ...]:
    """Return what gives hours: the people there are, and those of a what-if."""
    return (people(known, numbers, without=what_if.leavers), PEOPLE), (hired(known, numbers, what_if), HIRED)


def _years(parts: Sequence[Seeded], numbers: StaffingNumbers, seed: int) -> tuple[Floats, Moments]:
    first, own = parts[0]
    years, exact = simulate(first, runs=numbers.runs, seed=SEEDS * seed + own), moments(first)
    for part, own in parts[1:]:
        years = years + simulate(part, runs=numbers.runs, seed=SEEDS * seed + own)
        exact += moments(part)
    return years, exact


def _changed(known: Known, what_if: WhatIf, numbers: StaffingNumbers) -> Known:
    return pushed_down(moved_to_digital(known, what_if.from_tier, numbers), what_if.taken)


def moved_to_digital(known: Known, tier: int | None, numbers: StaffingNumbers) -> Known:
    """Return what is known with every account and sale of a tier served as the digital tier is."""
    if tier is None or tier == numbers.digital_tier:
        return known
    to = numbers.digital_tier

    def served(hours: float, stage: str) -> float:
        before = known.effort.get((tier, stage), 0.0)
        after = known.effort.get((to, stage), 0.0)
        return hours * after / before if before > 0 else after

    rates = dict(known.newcomers)
    rates[to] = rates.get(to, 0.0) + rates.pop(tier, 0.0)
    return Known(
        months=known.months,
        clients=[
            Client(to, each.stage, served(each.hours, each.stage), each.renews_on, each.started_on)
            if each.tier == tier
            else each
            for each in known.clients
        ],
        sales=[
            Sale(
                to,
                each.probability,
                each.expected_on,
                None if each.grows is None else served(each.grows, "value"),
            )
            if each.tier == tier
            else each
            for each in known.sales
        ],
        workers=known.workers,
        stages=known.stages,
        effort=known.effort,
        churn={**known.churn, to: known.churn.get(to, numbers.churn_share)},
        newcomers=rates,
        ramp=known.ramp,
        full_hours=known.full_hours,
    )


def clients(known: Known, numbers: StaffingNumbers) -> Holdings:
    """Return the accounts there are: their hours by month, and the chance that they have churned by then.

    An account with a renewal in these months is lost then or not; one without is lost in any month alike.
    """
    count = len(known.months)
    amounts, ended = np.zeros((len(known.clients), count)), np.zeros((len(known.clients), count))
    times = known.stages.multipliers
    for row, each in enumerate(known.clients):
        now = times.get(each.stage, 1.0)
        ahead = stages_ahead(
            each.stage, each.started_on, each.renews_on, months=known.months, days=known.stages
        )
        amounts[row] = [each.hours * times.get(stage, 1.0) / now for stage in ahead]
        churn = known.churn.get(each.tier, numbers.churn_share)
        place = renewal_place(each.renews_on, known.months)
        if place is not None:
            ended[row, place:] = churn
        elif each.renews_on is None:
            ended[row] = 1.0 - (1.0 - churn) ** (np.arange(1, count + 1) / 12)
    return Holdings(amounts, ended)


def sales(known: Known, numbers: StaffingNumbers) -> Arrivals:
    """Return the sales under way: what they take from the month in which they close, if they do."""
    tiers = known.tiers
    profiles = np.vstack([*(profile(known, tier) for tier in tiers), np.ones((1, len(known.months)))])
    sizes = [
        1.0 if each.grows is None else each.grows * numbers.expansion_effort_share for each in known.sales
    ]
    kinds = [len(tiers) if each.grows is not None else _kind(each.tier, tiers) for each in known.sales]
    by = np.zeros((len(known.sales), len(known.months)))
    for row, each in enumerate(known.sales):
        first = 0 if each.expected_on is None else place_of(each.expected_on, known.months)
        chance = numbers.win_share if each.probability is None else each.probability
        by[row, first:] = chance * closed_by(len(known.months) - first, numbers.slip_months, won=chance >= 1)
    return Arrivals(np.array(sizes, dtype=float), np.array(kinds, dtype=np.int64), by, profiles)


def closed_by(months: int, slip: float, *, won: bool) -> Floats:
    """Return the chance that a sale that is won has closed so many months after it was expected.

    Delays are geometric: the chance to close next month stays the same however late it is.
    """
    if won or slip <= 0:
        return np.ones(months)
    still: Floats = (slip / (1.0 + slip)) ** np.arange(1, months + 1, dtype=np.float64)
    return 1.0 - still


def _kind(tier: int, tiers: Sequence[int]) -> int:
    return tiers.index(tier) if tier in tiers else len(tiers) - 1


def profile(known: Known, tier: int) -> Floats:
    """Return the hours of an average new customer of a tier by months since it began."""
    ages = (np.arange(len(known.months)) + 0.5) * DAYS_A_MONTH
    by_stage = [
        "onboarding"
        if age < known.stages.onboarding
        else "adoption"
        if age < known.stages.adoption
        else "value"
        for age in ages
    ]
    return np.array([known.effort.get((tier, stage), 0.0) for stage in by_stage])


def newcomers(known: Known) -> Streams:
    """Return the new customers that come as they did in the last year, where no sale to one is on record."""
    tiers = known.tiers
    rates = np.array([known.newcomers.get(tier, 0.0) for tier in tiers])
    profiles = [profile(known, tier) for tier in tiers]
    return Streams(rates, np.vstack(profiles) if profiles else np.zeros((0, len(known.months))))


def people(known: Known, numbers: StaffingNumbers, *, without: Sequence[int] = ()) -> Holdings:
    """Return the people there are: what each can sustain while they stay, and what is missed besides."""
    gone = set(without)
    count = len(known.months)
    amounts, away = np.zeros((len(known.workers), count)), np.zeros((len(known.workers), count))
    for row, each in enumerate(known.workers):
        amounts[row] = 0.0 if each.id in gone else each.hours
        missed = np.clip(np.array(each.known_away), 0.0, 1.0)
        rest = np.maximum(1.0 - missed, 1e-9)
        away[row] = np.clip((numbers.leave_share - missed) / rest, 0.0, 1.0)
    return Holdings(amounts, np.tile(left_by(count, numbers), (len(known.workers), 1)), away)


def left_by(months: int, numbers: StaffingNumbers) -> Floats:
    """Return the chance that somebody has left by the middle of each month."""
    return 1.0 - (1.0 - numbers.attrition_share) ** ((np.arange(months) + 0.5) / 12)


def hired(known: Known, numbers: StaffingNumbers, what_if: WhatIf) -> Holdings:
    """Return people who start in the month of a what-if: full ones of policy's hours, ramping."""
    count = len(known.months)
    amounts = np.zeros((what_if.hires, count))
    since = np.arange(count, dtype=np.float64) - what_if.hired_in
    begun = since >= 0
    amounts[:, begun] = known.full_hours * ramped(since[begun], known.ramp)
    ended = np.zeros((what_if.hires, count))
    ended[:, begun] = left_by(int(begun.sum()), numbers)
    return Holdings(amounts, ended, np.full((what_if.hires, count), numbers.leave_share))


def ramped(months: Floats, ramp: Sequence[tuple[int, float]]) -> Floats:
    """Return the share of full capacity in the middle of so many months of tenure."""
    days = (np.asarray(months) + 0.5) * DAYS_A_MONTH
    found = np.zeros(len(days))
    for from_day, share in sorted(ramp):
        found[days >= from_day] = share
    return found


def ramp_months(ramp: Sequence[tuple[int, float]]) -> int:
    """Return after how many whole months somebody new carries a full book."""
    full = [from_day for from_day, share in sorted(ramp) if share >= 1.0]
    return int(np.ceil(full[0] / DAYS_A_MONTH)) if full else 0
