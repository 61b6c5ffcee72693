"""The detector's last states as a table, so that a run can go on where the last one ended.

More than one is carried: a week that is delivered late is read again from the state before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from evenbook.engine.fleet_state import FleetNumbers, FleetState

NOTHING_SEEN = {"carried_week_on": date(1, 1, 1), "carried_until": datetime(1, 1, 1)}
"""What queries are told of the carry on a run over the whole history."""

WEEK, FLEET = "carried_week", "fleet"
CARRIED = 3
"""How many states are carried: a feed may be two weeks late before the whole history is run again."""

AFTER = f"""
from usage_state
union all by name
select *
from usage_carry
where {WEEK} < coalesce((select min({WEEK}) from usage_state), {WEEK} + 1)
  and {WEEK} + {CARRIED} > (select max({WEEK}) from (from usage_state union all by name from usage_carry))
"""
"""The states that the next run may go on from: those that this one came through and, where it came
through fewer than are carried, carried ones from before."""


def stored(states: Iterable[FleetState]) -> pa.Table:
    """Return states as a table: one row a state and account, the fleet's numbers in the first of each.

    A fleet without accounts has nothing to carry and gives no rows.
    """
    parts = [_as_table(state) for state in states]
    return pa.concat_tables(parts) if parts else _as_table(FleetState.before(0))


def restored(carry: pa.Table) -> dict[int, FleetState]:
    """Return the states that ``stored`` put away, by their week; none for a table without rows."""
    weeks = carry[WEEK].to_numpy()
    return {int(week): _as_state(carry.filter(pa.array(weeks == week))) for week in np.unique(weeks)}


def _as_table(state: FleetState) -> pa.Table:
    columns = state.to_columns()
    size = len(columns["account"])
    plain = [json.dumps(state.fleet.to_numbers()), *[""] * (size - 1)][:size]
    arrays = {name: pa.array(held) for name, held in columns.items()}
    arrays[WEEK] = pa.array(np.full(size, state.fleet.week, dtype=np.int64))
    return pa.table({**arrays, FLEET: pa.array(plain, type=pa.string())})


def _as_state(rows: pa.Table) -> FleetState:
    plain = next(text for text in rows[FLEET].to_pylist() if text)
    columns = {name: np.asarray(rows[name]) for name in rows.column_names if name not in {FLEET, WEEK}}
    return FleetState.from_columns(columns, FleetNumbers.from_numbers(json.loads(plain)))
