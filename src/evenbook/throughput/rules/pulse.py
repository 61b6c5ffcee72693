"""How a load can feel, and when a group is large enough that nobody is read out of it.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

FELT = {1: "Light", 2: "Easy", 3: "Right", 4: "Heavy", 5: "Too much"}
LONGEST_WORD = 140
LEAST_GROUP = 5
"""A mean of fewer people says something of each."""


def mean_felt(felt: Iterable[int]) -> float | None:
    """Return the mean of a group's steps, None for a group in which one could be read out."""
    given = list(felt)
    return sum(given) / len(given) if len(given) >= LEAST_GROUP else None
