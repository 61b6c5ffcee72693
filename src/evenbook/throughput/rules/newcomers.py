"""Customers to come whose work nobody has the hours for.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.decisions.rules import Cause, Evidence
from evenbook.policy.schema import Policy
from evenbook.throughput.numbers.triggers import TriggersNumbers
from evenbook.tiers.numbers import TiersNumbers

ONBOARDING = "onboarding"
STAGE = "stage"


@dataclass(frozen=True)
class Sale:
    """A sale to a new customer whom nobody looks after yet.

    Attributes:
        share_above: the share of the accounts with more revenue than the sale brings, 0 to 1; None where
            nobody said what it brings.
        probability: 0 to 1; None where nobody said.
    """

    account_id: int
    signed_on: date | None
    expected_on: date | None
    probability: float | None
    share_above: float | None


def newcomers(sales: Sequence[Sale], free_hours: float, policy: Policy, day: date) -> Iterator[Cause]:
    """Yield the sales, signed or likely, that take more hours a month than the team has free, one an account.

    Sales stand in the order in which they become work, and each takes its hours from what is free.

    Args:
        sales: those that are neither lost nor given to somebody.
        free_hours: hours a month that everybody together can take on, up to the target load.
        policy: when a sale is likely, what a new customer takes.
        day: the day as of which they stand.
    """
    numbers, left, seen = policy.of(TriggersNumbers), free_hours, set[int]()
    for sale in sorted(
        sales, key=lambda each: (each.signed_on or each.expected_on or date.max, each.account_id)
    ):
        if sale.account_id in seen or not _is_near(sale, numbers, day):
            continue
        seen.add(sale.account_id)
        tier, hours = _takes(sale, policy)
        if hours > left:
            yield _cause(sale, tier, hours, max(left, 0.0))
        left -= hours


def free_hours(loads: Sequence[tuple[float, float]], *, target: float) -> float:
    """Return the hours a month that people can take on before their load passes a target.

    Args:
        loads: of each person the hours that they can sustain and those that they carry.
        target: share of what they can sustain.
    """
    return sum(max(0.0, target * capacity - carried) for capacity, carried in loads)


def _is_near(sale: Sale, numbers: TriggersNumbers, day: date) -> bool:
    within = timedelta(days=numbers.likely_days)
    if sale.signed_on is not None:
        return day - within <= sale.signed_on <= day
    likely = sale.probability is not None and sale.probability >= numbers.likely_share
    return likely and sale.expected_on is not None and sale.expected_on <= day + within


def _takes(sale: Sale, policy: Policy) -> tuple[int, float]:
    """Return the tier that a sale's revenue puts it in, and its hours a month while it is onboarding."""
    tiers = sorted(policy.of(TiersNumbers).tiers, key=lambda row: row.top_share)
    unknown = policy.of(TiersNumbers).unknown_arr_tier
    tier = unknown
    if sale.share_above is not None:
        share = sale.share_above
        tier = next((row.tier for row in tiers if share < row.top_share), tiers[-1].tier)
    capacity = policy.of(CapacityNumbers)
    base = next((row.hours for row in capacity.base_hours if row.tier == tier), 0.0)
    times = next(
        (row.multiplier for row in capacity.multipliers if (row.factor, row.level) == (STAGE, ONBOARDING)),
        1.0,
    )
    return tier, base * times


def _cause(sale: Sale, tier: int, hours: float, left: float) -> Cause:
    when = sale.signed_on or sale.expected_on
    said = "Signed on" if sale.signed_on else "Expected on"
    return Cause(
        sentence=f"Its onboarding takes {hours:.1f} hours a month, and the team has {left:.1f} free.",
        reasons=(
            *((f"{said} {when.day} {when:%B %Y}.",) if when else ()),
            f"By its revenue it is of tier {tier}; nobody owns it yet.",
        ),
        evidence=(Evidence("Hours a month", round(hours, 2), "number", round(left, 2), "free"),),
        account_id=sale.account_id,
    )
