"""Whether an account stands as it did at its last health review, by the policy's standard of *moved*.

It has not moved where its band is the same and its score is within the policy's step. A review that came
from another system may tell no band: then the account must have been in the same state ever since.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def why_moved(
    *,
    band: str,
    score: float | None,
    since_on: date | None,
    reviewed_on: date | None,
    last: Mapping[str, Any],
    step: float,
) -> str:
    """Return in a sentence why an account does not stand as it did; empty where it does.

    Args:
        band: of now.
        score: of now, if there is one.
        since_on: since when it is in its state.
        reviewed_on: the day of its last review; None where it had none.
        last: the answers of that review.
        step: so many points of the score count as moved.
    """
    if reviewed_on is None:
        return "It has no earlier review to compare with."
    on = f"{reviewed_on.day} {reviewed_on:%b %Y}"
    before = last.get("band")
    if before is None:
        if since_on is not None and since_on <= reviewed_on:
            return ""
        return f"Its state changed since the review of {on}, which tells no band."
    if before != band:
        return f"Its band went from {before} to {band} since the review of {on}."
    was = last.get("score")
    if isinstance(was, int | float) and score is not None and abs(score - was) >= step:
        return f"Its score went from {was:.0f} to {score:.0f} since the review of {on}."
    return ""
