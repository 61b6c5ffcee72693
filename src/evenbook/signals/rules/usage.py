"""Usage of every account, read by the detector week by week, as each as-of day could see it.

A reading of a day takes the weeks that were over by then, with the values and the feeds that
were known by then. When a later day learns of an earlier week, the weeks from that one on are
read again; so no answer depends on when it was asked for. A week that a feed did not deliver is
missing, not zero: a broken feed says nothing of the accounts on it. Nor does a *hollow* one: a feed
that says that nobody used anything, though enough of its accounts (policy) did in the last week that
counted, has stopped counting; its customers have not all stopped at once.

The carry is the detector's state after the last week read. A run that is given one goes on from
there and gives to the bit what a run over the whole history gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.engine.detection import Readings, step
from evenbook.engine.detector_params import RING_WEEKS, DetectorParams
from evenbook.engine.fleet_state import FleetState
from evenbook.frames.step import Numbers
from evenbook.kit.errors import EvenbookError
from evenbook.signals.rules.usage_carry import CARRIED, restored, stored

FIRST_MONDAY = date(1970, 1, 5)
"""The Monday that weeks are counted from."""

KEPT_STATES = 6
"""How many weeks back a state is kept, for weeks that are delivered late."""

NOT_YET = 2**31 - 1
"""A week that never comes: the first week of an account whose usage was not seen yet."""

FLAGS = ("ready", "seen", "fell", "rose", "low_short", "low_long")
COUNTS = ("zero_weeks", "weeks_seen", "since_fall")
LEVELS = (
    "score_short",
    "score_long",
    "fall_short",
    "fall_long",
    "usual",
    "recent",
    "recent_long",
    "mean12",
    "seen_sum",
    "exposure",
    "exposure_squares",
    "seen_mean",
    "expected_mean",
    "seen_mean_long",
    "expected_mean_long",
    "dispersion",
)
SCHEMA = pa.schema(
    [("as_of", pa.date32()), ("account", pa.int64()), ("week", pa.int32()), ("index", pa.float64())]
    + [("index_variance", pa.float64())]
    + [(name, pa.bool_()) for name in FLAGS]
    + [(name, pa.int32()) for name in COUNTS]
    + [(name, pa.float64()) for name in LEVELS]
)

FEEDS = pa.schema(
    [("as_of", pa.date32()), ("source", pa.string()), ("counted_on", pa.date32())]
    + [("none_since_on", pa.date32())]
)


class StaleCarry(EvenbookError):
    """History before the carry became known after it was made."""

    kind = "stale-carry"


def usage_reading(tables: Mapping[str, pa.Table], numbers: Numbers) -> dict[str, pa.Table]:
    """Return the readings of every account as of each day, and the carry after the last.

    Args:
        tables: ``usage_measure``, ``usage_taken``, ``usage_merged``, ``usage_source``, ``feed``, ``weeks``;
            ``usage_carried``: the states to go on from, none on a full run.
        numbers: the policy's numbers, and ``carried_until``, the instant up to which those states
            had seen.

    Returns:
        ``usage_reading``: one row a day and account whose usage could be seen by then, the columns
        of ``engine.detection.Readings``. ``feed_reading``: one row a day and feed that ever counted:
        the last week that did, ``counted_on``, or null and the Monday since which none did.
        ``usage_state``: the detector's last states that this run came through, a row an account, and
        the fleet's numbers as JSON.

    Raises:
        StaleCarry: a week before the carry became known after it.
    """
    reader = _Reader(tables, numbers)
    days = tables["weeks"].sort_by("as_of").select(["as_of", "ends_at", "week_on"]).to_pylist()
    parts = [part for day in days if (part := reader.read(day)) is not None]
    return {
        "usage_reading": pa.concat_tables(parts) if parts else SCHEMA.empty_table(),
        "feed_reading": pa.concat_tables([FEEDS.empty_table(), *reader.feeds]),
        "usage_state": stored(reader.made()),
    }


class _Reader:
    """Goes through the as-of days in order, letting in what each day could see."""

    def __init__(self, tables: Mapping[str, pa.Table], numbers: Numbers) -> None:
        self._params = DetectorParams(
            target=float(numbers["signals_usage_false_alarms"]),
            short_weeks=int(numbers["signals_usage_short_weeks"]),
            long_weeks=int(numbers["signals_usage_long_weeks"]),
            warmup_weeks=int(numbers["signals_usage_warmup_weeks"]),
            rearm_weeks=int(numbers["signals_usage_rearm_weeks"]),
        )
        self._fleet = _Fleet(tables, numbers)
        self._kept = restored(tables["usage_carried"])
        self._made: set[int] = set()
        self._went_on = bool(self._kept)
        self.state = self._kept[max(self._kept)] if self._kept else None
        if self._went_on:
            self._fleet.let_in(np.datetime64(numbers["carried_until"], "us"))
        self._last: Readings | None = None
        self._hollow_least = int(numbers["signals_hollow_accounts"])
        self.feeds: list[pa.Table] = []

    def read(self, day: Mapping[str, Any]) -> pa.Table | None:
        """Return the readings of one as-of day; None while no usage could be seen."""
        until = (day["week_on"] - FIRST_MONDAY).days // 7
        changed = self._fleet.let_in(np.datetime64(day["ends_at"], "us"))
        if self.state is None:
            if self._fleet.earliest > until:
                return None
            self.state = FleetState.before(self._fleet.earliest)
        elif changed <= self.state.fleet.week:
            self._go_back(changed)
        while self.state.fleet.week < until:
            self._forward(self.state)
        if self._last is not None:
            self.feeds.append(self._fleet.counted(day["as_of"], self.state))
        return _as_table(day["as_of"], self._last, self.state)

    def made(self) -> list[FleetState]:
        """Return the last states that were not given, the oldest first."""
        return [self._kept[week] for week in sorted(self._made & self._kept.keys())[-CARRIED:]]

    def _forward(self, state: FleetState) -> None:
        week = state.fleet.week + 1
        here = self._fleet.first_week <= week
        hollow = self._fleet.hollow(week, state, least=self._hollow_least)
        seen = self._fleet.seen_of(week, without=hollow)
        self.state, self._last = step(
            state,
            self._fleet.values_of(week)[here],
            accounts=self._fleet.accounts[here],
            seen=seen[here],
            week=week,
            params=self._params,
        )
        self._kept[week] = self.state
        self._made.add(week)
        self._kept.pop(week - KEPT_STATES, None)

    def _go_back(self, changed: int) -> None:
        """Return to the state before the week ``changed``, or to a fresh start."""
        if changed - 1 in self._kept:
            self.state = self._kept[changed - 1]
        elif self._went_on:
            raise StaleCarry(
                "Usage of weeks before the last run became known after it.",
                fix="Run the whole history again.",
            )
        else:
            self.state = FleetState.before(min(changed, self._fleet.earliest))
        self._kept = {week: kept for week, kept in self._kept.items() if week < changed}


class _Fleet:
    """The usage that could be seen so far: values by week, and the weeks each feed delivered."""

    def __init__(self, tables: Mapping[str, pa.Table], numbers: Numbers) -> None:
        sources = tables["usage_source"].sort_by("account")
        self.accounts = sources["account"].to_numpy().astype(np.int64)
        self.feeds = sorted(pc.unique(sources["source"]).to_pylist())
        self._feed_of = _places(sources["source"], self.feeds)
        self.first_week = sources["known_from"].fill_null(NOT_YET).to_numpy().astype(np.int64)
        self._rows = _by_visibility(tables["usage_taken"], self.accounts)
        self._feeds = _feeds_by_visibility(_watched(tables), numbers, self.feeds)
        self._merged = _by_visibility(tables["usage_merged"], self.accounts)
        self._row = self._feed = self._merged_row = 0
        self._values: dict[int, npt.NDArray[np.float32]] = {}
        self._added: dict[int, dict[tuple[int, int], np.float32]] = {}
        self._delivered = np.zeros((len(self.feeds), 0), dtype=np.bool_)

    @property
    def earliest(self) -> int:
        """The first week of any account, among what could be seen so far."""
        return int(self.first_week.min(initial=NOT_YET))

    def values_of(self, week: int) -> npt.NDArray[np.float32]:
        """Return what each account used in a week, with those merged into it; zero without a row."""
        values = self._own(week)
        if week in self._added:
            values = values.copy()
            for (account, _), value in sorted(self._added[week].items()):
                values[account] += value
        return values

    def _own(self, week: int) -> npt.NDArray[np.float32]:
        if week not in self._values:
            self._values[week] = np.zeros(self.accounts.size, dtype=np.float32)
        return self._values[week]

    def seen_of(self, week: int, *, without: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return whose feed delivered the week and is not one of ``without``."""
        if not 0 <= week < self._delivered.shape[1]:
            return np.zeros(self.accounts.size, dtype=np.bool_)
        return (self._delivered[:, week] & ~without)[self._feed_of]

    def hollow(self, week: int, state: FleetState, *, least: int) -> npt.NDArray[np.bool_]:
        """Return which feeds know of no usage in the week, though ``least`` accounts had some before."""
        now = np.bincount(self._feed_of[self.values_of(week) > 0], minlength=len(self.feeds))
        then = self._counted(self._feeds_of(state), (state.zero_weeks == 0) & (state.weeks_seen > 0))
        found: npt.NDArray[np.bool_] = (now == 0) & (then >= least)
        return found

    def counted(self, as_of: date, state: FleetState) -> pa.Table:
        """Return the last week of each feed that counted, as the state holds it."""
        feed_of = self._feeds_of(state)
        last = np.full(len(self.feeds), -1, dtype=np.int64)
        for back in range(RING_WEEKS - 1, -1, -1):
            week = state.fleet.week - back
            last[self._counted(feed_of, state.seen[week % RING_WEEKS]) > 0] = week
        ever = np.flatnonzero(self._counted(feed_of, state.weeks_seen > 0))
        columns = {
            "as_of": [as_of] * ever.size,
            "source": [self.feeds[feed] for feed in ever],
            "counted_on": [_monday(week) if week >= 0 else None for week in last[ever].tolist()],
            "none_since_on": [_monday(state.fleet.week - RING_WEEKS)] * ever.size,
        }
        return pa.table(columns, schema=FEEDS)

    def _feeds_of(self, state: FleetState) -> npt.NDArray[np.int64]:
        """Return the feed of each of the state's accounts; one past the last for accounts that are gone."""
        if np.array_equal(state.accounts, self.accounts):
            return self._feed_of
        place = np.minimum(np.searchsorted(self.accounts, state.accounts), self.accounts.size - 1)
        return np.where(self.accounts[place] == state.accounts, self._feed_of[place], len(self.feeds))

    def _counted(
        self, feed_of: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Return how many of the chosen accounts hang on each feed."""
        return np.bincount(feed_of[chosen], minlength=len(self.feeds) + 1)[:-1]

    def let_in(self, ends_at: np.datetime64) -> int:
        """Take in what became visible before ``ends_at``; return the earliest week it changed."""
        return min(self._let_rows_in(ends_at), self._let_merged_in(ends_at), self._let_feeds_in(ends_at))

    def _let_rows_in(self, ends_at: np.datetime64) -> int:
        stop = int(np.searchsorted(self._rows["visible"], ends_at, side="left"))
        week, account, value = (self._rows[name][self._row : stop] for name in ("week", "account", "value"))
        self._row = stop
        if not week.size:
            return NOT_YET
        for one in np.unique(week):
            chosen = week == one
            self._own(int(one))[account[chosen]] = value[chosen]
        np.minimum.at(self.first_week, account, week)
        return int(week.min())

    def _let_merged_in(self, ends_at: np.datetime64) -> int:
        """Take in what merged accounts used: beside the account's own, and each by itself."""
        stop = int(np.searchsorted(self._merged["visible"], ends_at, side="left"))
        names = ("week", "account", "merged", "value")
        rows = [self._merged[name][self._merged_row : stop] for name in names]
        self._merged_row = stop
        for week, account, merged, value in zip(*rows, strict=True):
            self._added.setdefault(int(week), {})[int(account), int(merged)] = value
        np.minimum.at(self.first_week, rows[1], rows[0])
        return int(rows[0].min(initial=NOT_YET))

    def _let_feeds_in(self, ends_at: np.datetime64) -> int:
        stop = int(np.searchsorted(self._feeds["visible"], ends_at, side="left"))
        earliest = NOT_YET
        for place in range(self._feed, stop):
            number, week = int(self._feeds["feed"][place]), int(self._feeds["week"][place])
            self._widen(week)
            if self._delivered[number, week] != self._feeds["whole"][place]:
                self._delivered[number, week] = self._feeds["whole"][place]
                earliest = min(earliest, week)
        self._feed = stop
        return earliest

    def _widen(self, week: int) -> None:
        more = week + 1 - self._delivered.shape[1]
        if more > 0:
            self._delivered = np.pad(self._delivered, ((0, 0), (0, more)))


def _monday(week: int) -> date:
    return FIRST_MONDAY + timedelta(weeks=week)


def _by_visibility(taken: pa.Table, accounts: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    """Return the usage rows in the order in which they could be seen; accounts by their place."""
    visible = taken["visible_at"].to_numpy().astype("datetime64[us]")
    order = np.argsort(visible, kind="stable")
    merged = {"merged": taken["merged"].to_numpy()[order]} if "merged" in taken.column_names else {}
    return merged | {
        "account": np.searchsorted(accounts, taken["account"].to_numpy()[order]),
        "week": taken["week"].to_numpy()[order].astype(np.int64),
        "value": taken["value"].to_numpy()[order].astype(np.float32),
        "visible": visible[order],
    }


def _places(names: pa.ChunkedArray, among: list[str]) -> npt.NDArray[np.int64]:
    """Return the place of each name in a list that holds them all."""
    places: npt.NDArray[np.int64] = pc.index_in(names, value_set=pa.array(among, pa.string())).to_numpy()
    return places.astype(np.int64)


def _watched(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return what was said of the feeds of the measure that is watched."""
    measure = tables["usage_measure"]["measure"].to_pylist()
    feed = tables["feed"]
    return feed.filter(pc.equal(feed["measure"], pa.scalar(measure[0] if measure else None, pa.string())))


def _feeds_by_visibility(feed: pa.Table, numbers: Numbers, feeds: list[str]) -> dict[str, npt.NDArray[Any]]:
    """Return what was said of the feeds that accounts hang on, in the order in which it was known."""
    feed = feed.filter(pc.is_in(feed["source"], value_set=pa.array(feeds, pa.string())))
    feed = feed.sort_by([("visible_at", "ascending"), ("week_on", "ascending")])
    days = feed["week_on"].to_numpy().astype("datetime64[D]")
    return {
        "feed": _places(feed["source"], feeds),
        "week": ((days - np.datetime64(FIRST_MONDAY, "D")).astype(np.int64) // 7).astype(np.int64),
        "whole": feed["share"].to_numpy() >= float(numbers["records_feed_complete_share"]),
        "visible": feed["visible_at"].to_numpy().astype("datetime64[us]"),
    }


def _as_table(as_of: Any, readings: Readings | None, state: FleetState) -> pa.Table | None:
    if readings is None:
        return None
    size = readings.accounts.size
    columns: dict[str, Any] = {
        "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), size),
        "account": readings.accounts,
        "week": np.full(size, readings.week, dtype=np.int32),
        "index": np.full(size, readings.index),
        "index_variance": np.full(size, readings.index_variance),
    }
    columns["since_fall"] = state.since_fall[np.searchsorted(state.accounts, readings.accounts)]
    columns |= {name: getattr(readings, name) for name in (*FLAGS, *COUNTS, *LEVELS) if name not in columns}
    arrays = [pa.array(columns[name], type=kind, from_pandas=True) for name, kind in _kinds()]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _kinds() -> list[tuple[str, pa.DataType]]:
    return [(one.name, one.type) for one in SCHEMA]
