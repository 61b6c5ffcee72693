"""Accounts with hours, as the rules of a calibration read them."""

from __future__ import annotations

from typing import Any

import numpy as np

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.rules.taxonomy import SWITCHES, factors, product

USUAL = {
    "person": 1, "pool": None, "tier": 2, "stage": "value", "stakeholders": 3, "complexity": 3, "products": 1,
    "regulated": False, "trajectory": "steady", "expansion": "none", "dense_signals": False,
    "falling_sentiment": False, "dense_follow_ups": False, "effort_hours": 2.4, "entries": 4, "hours": 5.0,
    "weeks": 8.0, "call_minutes": None, "sentiment": None, "follow_ups": None, "people": None,
}  # fmt: skip
BASE = {1: 8.0, 2: 2.4, 3: 0.6, 4: 0.05}
SHARES = {
    "stage": (0.15, 0.3, 0.35, 0.2), "stakeholders": (0.25, 0.4, 0.25, 0.1),
    "complexity": (0.2, 0.2, 0.3, 0.2, 0.1), "products": (0.5, 0.2, 0.1, 0.1, 0.05, 0.05),
    "trajectory": (0.6, 0.15, 0.1, 0.05, 0.1), "expansion": (0.4, 0.3, 0.2, 0.1),
}  # fmt: skip


def rows(*accounts: dict[str, Any]) -> dict[str, list[Any]]:
    """Return accounts as the columns of ``logged_as_of``; each is usual but for what it says."""
    full = [{**USUAL, "account": number, **each} for number, each in enumerate(accounts, start=1)]
    return {name: [each[name] for each in full] for name in (*USUAL, "account")}


def company(
    *, seed: int, accounts: int = 400, people: int = 12, planted: dict[tuple[str, str], float] | None = None
) -> dict[str, list[Any]]:
    """Return a company whose hours follow the default weights, but for those that are planted."""
    rng, taxonomy = np.random.default_rng(seed), factors(CapacityNumbers())
    levels = [_drawn(each.name, len(each.levels), accounts, rng) for each in taxonomy]
    truth = [
        [
            (planted or {}).get((each.name, level), weight)
            for level, weight in zip(each.levels, each.multipliers, strict=True)
        ]
        for each in taxonomy
    ]
    tiers = rng.choice([1, 2, 3], accounts, p=[0.2, 0.45, 0.35])
    base = np.array([BASE[int(tier)] for tier in tiers])
    expected = 2.0 * base * product(truth, levels)
    hours = expected * rng.gamma(6.0, 1 / 6.0, accounts)
    hours[rng.uniform(size=accounts) < np.exp(-expected / 0.8)] = 0.0
    effort = base * product([each.multipliers for each in taxonomy], levels)
    found = []
    for at in range(accounts):
        tags = {
            each.name: _tag(each.name, int(level[at]), each)
            for each, level in zip(taxonomy, levels, strict=True)
        }
        one = {SWITCHES[name][0] if name in SWITCHES else name: value for name, value in tags.items()}
        found.append(
            {
                **one,
                "person": at % people + 1,
                "tier": int(tiers[at]),
                "hours": float(hours[at]),
                "effort_hours": float(effort[at]),
            }
        )
    return rows(*found)


def _drawn(name: str, count: int, accounts: int, rng: np.random.Generator) -> Any:
    shares = SHARES.get(name, (0.75, 0.25))
    return rng.choice(count, accounts, p=list(shares)[:count])


def _tag(name: str, place: int, factor: Any) -> Any:
    if factor.starts:
        return int(factor.starts[place])
    return factor.levels[place] == SWITCHES[name][1] if name in SWITCHES else factor.levels[place]
