"""What changed for an account since the sheet before, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOTABLE_POINTS = 3.0
"""Points by which a row must have moved to be worth a word."""


def what_changed(now: Mapping[str, Any], earlier: Mapping[int, tuple[int, float]], *, is_first: bool) -> str:
    """Return what changed for one row; empty where nothing of note did, or on the first sheet.

    Args:
        now: ``account_id``, ``rank`` and ``points`` of the row.
        earlier: rank and points on the sheet before, by account.
        is_first: whether there was no sheet before.
    """
    if is_first:
        return ""
    before = earlier.get(now["account_id"])
    if before is None:
        return "new on the sheet"
    rank, points = before
    moved = now["points"] - points
    if abs(moved) < NOTABLE_POINTS:
        return ""
    way = "up" if moved > 0 else "down"
    return f"{way} from {points:.0f} to {now['points']:.0f} points, was number {rank}"
