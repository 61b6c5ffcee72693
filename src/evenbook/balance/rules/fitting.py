"""Which structure of a team fits, from complexity, what accounts pay and how many people there are.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evenbook.balance.numbers.structures import FUNCTIONAL, HYBRID, POD, POOLED, StructuresNumbers
from evenbook.balance.rules.structures import Served


@dataclass(frozen=True)
class Fits:
    """Which structure fits, with the figures that say so.

    Attributes:
        name: the structure.
        complexity: mean, weighed by revenue where it is known.
        acv: of the middle account.
        spread: the upper tenth's revenue over the lower tenth's; None where it is not known.
        a_person: accounts a person who owns any; None without one.
        team: how many these are.
        because: why, in words.
    """

    name: str
    complexity: float
    acv: float
    spread: float | None
    a_person: float | None
    team: int
    because: tuple[str, ...]


def fits(accounts: Sequence[Served], numbers: StructuresNumbers, *, team: int) -> Fits | None:
    """Return which structure fits these accounts and so many people who own any; None without an account."""
    if not accounts:
        return None
    arr = np.array([each.client.arr for each in accounts])
    complexity = np.array([each.client.complexity for each in accounts])
    weights = arr if arr.sum() > 0 else np.ones(len(arr))
    known = arr[arr > 0]
    low, high = np.quantile(known, (0.1, 0.9)) if len(known) else (0.0, 0.0)
    said = Fits(
        name="",
        complexity=float(np.average(complexity, weights=weights)),
        acv=float(np.median(known)) if len(known) else 0.0,
        spread=float(high / low) if low > 0 else None,
        a_person=len(accounts) / team if team else None,
        team=team,
        because=(),
    )
    name, because = _chosen(said, numbers)
    return replace(said, name=name, because=because)


def _chosen(said: Fits, numbers: StructuresNumbers) -> tuple[str, tuple[str, ...]]:
    complex_enough, paid = said.complexity >= numbers.pod_complexity, said.acv >= numbers.pod_acv
    if complex_enough and paid:
        return POD, (
            f"complexity is {said.complexity:.1f} of 5; from {numbers.pod_complexity:g} on an engineer is "
            "needed as often as a CSM",
            f"the middle account pays {said.acv:,.0f} a year, enough for three people around it",
        )
    if said.a_person is not None and said.a_person > numbers.volume_accounts:
        return FUNCTIONAL, (
            f"there are {said.a_person:,.0f} accounts a person, more than {numbers.volume_accounts:g} that "
            "somebody could know",
        )
    if said.spread is not None and said.spread >= numbers.spread and said.team >= numbers.small_team:
        return HYBRID, (
            f"the upper tenth pays {said.spread:,.0f} times what the lower tenth pays: one way does not "
            "fit both",
            f"{said.team} people are enough for names at the top and a queue below",
        )
    why = []
    if said.team < numbers.small_team:
        why.append(f"a team of {said.team} can't be split and still stand in for each other")
    if said.spread is None or said.spread < numbers.spread:
        spread = "is not known to differ much" if said.spread is None else f"differs {said.spread:,.1f} times"
        why.append(f"what accounts pay {spread} between the tenths, so that one way fits all")
    return POOLED, tuple(why)


def fits_document(said: Fits) -> dict[str, Any]:
    """Return which one fits as programs get it."""
    return {
        "structure": said.name,
        "because": list(said.because),
        "complexity": said.complexity,
        "acv": said.acv,
        "spread": said.spread,
        "accounts_per_person": said.a_person,
        "team": said.team,
    }


PROS = {
    POD: (
        "Three people know the customer, and hold each other's absences.",
        "Technical questions are answered at once.",
    ),
    POOLED: (
        "Load evens itself out; leave and departures hurt least.",
        "Specialists do daily what they do best.",
    ),
    HYBRID: (
        "Names where they are paid for, a queue where not.",
        "One onboarding team learns from every start.",
    ),
    FUNCTIONAL: (
        "Each step is done by who does it daily.",
        "People are found and trained faster.",
    ),
}
CONS = {
    POD: (
        "The most people an account, and each segment needs its own.",
        "A pod that leaves takes all that is known with it.",
    ),
    POOLED: (
        "Nobody knows the customer by heart.",
        "Trust and signs of risk are seen later.",
    ),
    HYBRID: (
        "Two ways to work, and a border that accounts cross.",
        "The pool is easily forgotten.",
    ),
    FUNCTIONAL: ("Each stage changes hands.", "Nobody answers for the whole."),
}
"""What speaks for and against each, in words."""
