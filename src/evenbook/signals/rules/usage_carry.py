"""The detector's state as a table, so that a run can go on where the last one ended."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from evenbook.engine.fleet_state import FleetNumbers, FleetState

FLEET = "fleet"


def stored(state: FleetState | None) -> pa.Table:
    """Return the state as a table: one row an account, the fleet's numbers in the first row.

    A fleet without accounts has nothing to carry and gives a table without rows.
    """
    columns = (state or FleetState.before(0)).to_columns()
    size = len(columns["account"])
    table = pa.table({name: pa.array(held) for name, held in columns.items()})
    plain = json.dumps(state.fleet.to_numbers()) if state is not None else ""
    return table.append_column(FLEET, pa.array([plain, *[""] * (size - 1)][:size], type=pa.string()))


def restored(carry: pa.Table) -> FleetState | None:
    """Return the state that ``stored`` put away, or None for a table without rows."""
    if not carry.num_rows:
        return None
    plain = next(text for text in carry[FLEET].to_pylist() if text)
    columns = {name: np.asarray(carry[name]) for name in carry.column_names if name != FLEET}
    return FleetState.from_columns(columns, FleetNumbers.from_numbers(json.loads(plain)))
