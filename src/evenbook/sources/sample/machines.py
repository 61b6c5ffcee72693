"""What the sample's people say of themselves, operator or seller, and which machine they are staffed to."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenbook.sources.sample.team import PLACE
from evenbook.sources.sample.world import World, dated, ids

MACHINES = (
    ("amara", "operator", "retention"), ("ben", "operator", "retention"), ("chidi", "seller", "expansion"),
    ("dana", "operator", "retention"), ("farah", "seller", "retention"), ("haruka", "operator", ""),
)  # fmt: skip
"""What each says of themselves, and what they are staffed to; Tomás and Nuala have not said."""


def machines(world: World) -> pa.Table:
    """Return what people say of themselves and what they are staffed to, told half a year ago."""
    told = [
        (PLACE[part], kind, value)
        for part, stated, staffed in MACHINES
        for kind, value in (("stated", stated), ("staffed", staffed))
        if value and world.team.csms > PLACE[part]
    ]
    day = np.full(len(told), np.floor(world.axis.cut) - 340)
    return pa.table(
        {
            "person_id": ids(np.array([person for person, _, _ in told], dtype=np.int64)),
            **dated(world.axis, day + 0.4, day + 0.4),
            "kind": pa.array([kind for _, kind, _ in told], pa.string()),
            "value": pa.array([value for _, _, value in told], pa.string()),
            "first_on": world.axis.dates(day),
        }
    )
