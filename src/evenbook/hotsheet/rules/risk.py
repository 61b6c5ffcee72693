"""What points stand for: the share of revenue expected lost, as `hot_rank.sql` reads it off the policy.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from evenbook.hotsheet.numbers import Risk


def share_at(points: float, risk: Sequence[Risk]) -> float:
    """Return the share at so many points, evenly between two rows; rows run from 0 to 100 points."""
    for row, following in pairwise(risk):
        if points <= following.points:
            part = (points - row.points) / (following.points - row.points)
            return row.share + (following.share - row.share) * part
    return risk[-1].share
