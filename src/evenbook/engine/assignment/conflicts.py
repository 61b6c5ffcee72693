"""The smallest set of rules that can't all hold.

Rules are taken away one at a time: where the others still conflict, the one was not needed for it. What is
left conflicts, and no longer does when any one of it is dropped.

Source:
    Chinneck and Dravnieks, ORSA J. on Computing 3 (1991), 157-168 (the deletion filter).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Rule = TypeVar("Rule")


def irreducible(rules: Sequence[Rule], can_hold: Callable[[Sequence[Rule]], bool]) -> tuple[Rule, ...]:
    """Return the rules of one irreducible conflict, in their order; none where all of them can hold.

    Args:
        can_hold: says whether all of these can hold at once; where a set can, each part of it can.
    """
    if can_hold(rules):
        return ()
    left = list(range(len(rules)))
    for place in range(len(rules)):
        without = [each for each in left if each != place]
        if not can_hold([rules[each] for each in without]):
            left = without
    return tuple(rules[each] for each in left)
