"""The state machine over many weeks: the same step, week after week, from a carry or from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenbook.frames.step import Numbers
from evenbook.states.rules.machine import CAUSES, STATES, Standing, Thresholds, Week, step

REMEMBERED = tuple(field.name for field in fields(Standing))
FRACTIONS = ("frozen", "steady_level")

NO_STANDINGS = pa.table(
    {"account": pa.array([], pa.int64())}
    | {name: pa.array([], pa.float64() if name in FRACTIONS else pa.int64()) for name in REMEMBERED}
)
"""The carry of a run over the whole history: nobody has stood anywhere yet."""

STATE = pa.schema(
    [("as_of", pa.date32()), ("account", pa.int64()), ("state", pa.string()), ("since_on", pa.date32())]
    + [("frozen", pa.float64())]
)
MOVE = pa.schema(
    [("happened_on", pa.date32()), ("account", pa.int64()), ("from_state", pa.string())]
    + [("to_state", pa.string()), ("cause", pa.string()), ("usual", pa.float64()), ("recent", pa.float64())]
    + [("frozen", pa.float64()), ("points", pa.float64()), ("zero_weeks", pa.float64())]
)


def stand(tables: Mapping[str, pa.Table], numbers: Numbers) -> dict[str, pa.Table]:
    """Return where each account stands as of each day, how it got there, and the carry.

    Args:
        tables: ``state_input``, a row a day and account in any order, and ``state_carry``.
        numbers: the policy's numbers.

    Returns:
        ``state_as_of``: a row a day and account: ``state``, ``since_on``, the ``frozen`` level.
        ``state_move``: a row a change of state, with its cause and the figures of that week.
        ``state_carry_after``: what the machine remembers of each account.
    """
    given, carry = _in_order(tables["state_input"]), tables["state_carry"]
    accounts = np.union1d(given["account"].to_numpy(), carry["account"].to_numpy()).astype(np.int64)
    standing = _restored(carry, accounts)
    when = _thresholds(numbers)
    stood, moved = [STATE.empty_table()], [MOVE.empty_table()]
    for first, stop in _days(given):
        rows = given.slice(first, stop - first)
        place = np.searchsorted(accounts, rows["account"].to_numpy())
        before = _picked(standing, place)
        week = _week(rows)
        as_of = rows["as_of"][0].as_py()
        after, cause = step(before, week, day=as_of.toordinal(), when=when)
        _put(standing, place, after)
        stood.append(_stood(rows, after))
        moved.append(_moved(rows, week, before=before, after=after, cause=cause))
    return {
        "state_as_of": pa.concat_tables(stood),
        "state_move": pa.concat_tables(moved),
        "state_carry_after": _stored(standing, accounts),
    }


def _thresholds(numbers: Numbers) -> Thresholds:
    places = {"onboarding_days": "book", "adoption_days": "book"}
    places |= {name: "signals" for name in ("silent_weeks", "silent_weeks_small", "small_users")}
    names = [field.name for field in fields(Thresholds)]
    return Thresholds(**{name: numbers[f"{places.get(name, 'states')}_{name}"] for name in names})


def _in_order(given: pa.Table) -> pa.Table:
    """Return the rows by day and account: what the engine works out in parts comes back in any order."""
    days, accounts = given["as_of"].to_numpy(), given["account"].to_numpy()
    rises = (days[1:] > days[:-1]) | ((days[1:] == days[:-1]) & (accounts[1:] > accounts[:-1]))
    return given if rises.all() else given.take(pa.array(np.lexsort((accounts, days))))


def _days(given: pa.Table) -> list[tuple[int, int]]:
    """Return where the rows of each day start and stop."""
    days = given["as_of"].to_numpy()
    if not days.size:
        return []
    starts = [0, *(np.flatnonzero(days[1:] != days[:-1]) + 1).tolist()]
    return list(zip(starts, [*starts[1:], days.size], strict=True))


def _week(rows: pa.Table) -> Week:
    def read(name: str) -> npt.NDArray[Any]:
        held: npt.NDArray[Any] = rows[name].to_numpy()
        return held if held.dtype == np.bool_ else held.astype(np.float64)

    return Week(**{field.name: read(field.name) for field in fields(Week)})


def _picked(standing: Standing, place: npt.NDArray[Any]) -> Standing:
    return Standing(**{name: getattr(standing, name)[place] for name in REMEMBERED})


def _put(standing: Standing, place: npt.NDArray[Any], after: Standing) -> None:
    for name in REMEMBERED:
        getattr(standing, name)[place] = getattr(after, name)


def _stood(rows: pa.Table, after: Standing) -> pa.Table:
    return pa.Table.from_arrays(
        [
            rows["as_of"].combine_chunks(),
            rows["account"].combine_chunks(),
            _named(after.state),
            _dates(after.since),
            pa.array(after.frozen, from_pandas=True),
        ],
        schema=STATE,
    )


def _moved(
    rows: pa.Table, week: Week, *, before: Standing, after: Standing, cause: npt.NDArray[Any]
) -> pa.Table:
    at = np.flatnonzero(cause >= 0)
    level = np.where(np.isnan(before.frozen), after.frozen, before.frozen)[at]
    figures = [week.usual[at], week.recent[at], level, week.points[at], week.zero_weeks[at]]
    return pa.Table.from_arrays(
        [
            rows["as_of"].combine_chunks().take(pa.array(at)),
            rows["account"].combine_chunks().take(pa.array(at)),
            _named(before.state[at]),
            _named(after.state[at]),
            pa.array([CAUSES[index] for index in cause[at]], pa.string()),
            *(pa.array(figure, from_pandas=True) for figure in figures),
        ],
        schema=MOVE,
    )


def _named(states: npt.NDArray[Any]) -> pa.Array:
    """Return the states' names; null for an account that was not seen before."""
    names = pa.array([*STATES, None], pa.string())
    return names.take(pa.array(np.where(states < 0, len(STATES), states)))


def _dates(days: npt.NDArray[Any]) -> pa.Array:
    epoch = 719_163  # the ordinal of 1 January 1970
    return pa.array((days - epoch).astype(np.int32)).cast(pa.date32())


def _restored(carry: pa.Table, accounts: npt.NDArray[np.int64]) -> Standing:
    standing = Standing.unknown(accounts.size)
    place = np.searchsorted(accounts, carry["account"].to_numpy())
    for name in REMEMBERED:
        getattr(standing, name)[place] = carry[name].to_numpy()
    return standing


def _stored(standing: Standing, accounts: npt.NDArray[np.int64]) -> pa.Table:
    columns = {"account": accounts} | {name: getattr(standing, name) for name in REMEMBERED}
    return pa.table({name: pa.array(columns[name], from_pandas=True) for name in NO_STANDINGS.column_names})
