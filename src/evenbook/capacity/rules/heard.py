"""What conversations were like before the hours, as levels that a fit can weigh.

Four inputs: minutes of calls, mean sentiment, follow-ups a call, people heard. They are taken from the weeks
before those of the hours: within the same weeks the minutes of calls would be the hours themselves.
Each is cut into thirds of its tier, for a tier-1 account always has more of all of them. They have no weight
in the policy, so each level begins at 1 and the data alone move it. Topics are not recorded yet.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenbook.capacity.rules.taxonomy import Columns, Factor, Floats, Places

INPUTS = {
    "call_minutes": "Call minutes",
    "sentiment": "Sentiment level",
    "follow_ups": "Follow-ups a call",
    "people": "People heard",
}
LEVELS = ("none", "low", "middle", "high")
FEWEST = 6
"""Values of a tier from which on thirds are told apart; of fewer all are in the middle."""


def inputs(rows: Columns) -> tuple[tuple[Factor, Places], ...]:
    """Return each input as a factor whose levels all weigh 1, with each account's place among them."""
    tiers = np.array(rows["tier"], dtype=np.int64)
    return tuple(
        (Factor(f"heard_{name}", title, LEVELS, (1.0,) * len(LEVELS)), _thirds(rows[name], tiers))
        for name, title in INPUTS.items()
    )


def _thirds(values: Sequence[float | None], tiers: Places) -> Places:
    known: Floats = np.array([np.nan if each is None else float(each) for each in values], dtype=np.float64)
    found = np.zeros(known.size, dtype=np.int64)
    for tier in np.unique(tiers):
        mine = np.isfinite(known) & (tiers == tier)
        found[mine] = _placed(known[mine])
    return found


def _placed(values: Floats) -> Places:
    """Return 1 to 3 by thirds; equals are in the same third."""
    if values.size < FEWEST:
        return np.full(values.size, 2, dtype=np.int64)
    low, high = np.quantile(values, [1 / 3, 2 / 3])
    place: Places = 1 + (values > low).astype(np.int64) + (values > high).astype(np.int64)
    return place
