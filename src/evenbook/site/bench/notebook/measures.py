"""The measures of a week by subject, in pandas, and the loop over the weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.frames.session import from_rows
from evenbook.kit.dates import last_full_week
from evenbook.signals.rules.usage import FIRST_MONDAY, usage_reading
from evenbook.signals.rules.usage_carry import WEEK, stored
from evenbook.site.bench.notebook import accounts as book
from evenbook.site.bench.notebook import capacity, chain, signals, throughput
from evenbook.site.bench.notebook.accounts import Day, Frames, seen
from evenbook.states.rules import NO_STANDINGS

BY = ("csm", "team", "pool", "tier", "segment", "all")
PEOPLE, HOLDERS = ("csm", "team", "all"), ("csm", "team", "tier", "segment", "all")
GIVEN = {
    "nrr_lazy": ("all",), "month_loss": ("all",), "strategic": PEOPLE, "ceiling": PEOPLE, "present": PEOPLE,
    "energy": PEOPLE, "follow_ups": HOLDERS, "quality": HOLDERS, "reactive": PEOPLE,
    "reviews_skipped": HOLDERS, "onboarding_skipped": HOLDERS,
}  # fmt: skip
"""The subjects of measures that are not given for all kinds."""

WEEKS = {"as_of": "DATE", "ends_at": "TIMESTAMP", "starts_at": "TIMESTAMP", "week_on": "DATE"}


def weeks(frames: Frames, days: Sequence[date], numbers: dict[str, Any]) -> Iterator[Any]:
    """Yield the values of all measures for each day: measure, as_of, subject_kind, subject, value, count."""
    carry, fleet = {"state_carry": NO_STANDINGS, "risks": throughput.nothing()}, _Usage(frames, numbers)
    for as_of in days:
        yield week(_day(frames, as_of, numbers), fleet, carry)


def week(day: Day, fleet: _Usage, carry: dict[str, Any]) -> Any:
    """Return the values of all measures for one day."""
    found = day.found
    found["accounts"], found["talks"], found["usage"] = (
        book.accounts(day),
        signals.talks(day),
        fleet.read(day),
    )
    found["tiers"], found["contact"] = book.tiers(day), signals.contact(day)
    found["conditions"] = signals.conditions(day)
    found["signals"] = signals.signals(day)
    found["scores"] = signals.scores(day)
    found["states"] = signals.states(day, carry)
    found["efforts"], found["people"] = capacity.efforts(day), capacity.people(day)
    found["parts"], found["members"] = capacity.parts(day), capacity.members(day)
    seven, carry["risks"] = throughput.week(day, carry["risks"])
    parts = {
        **_retention(day),
        **_monitoring(day),
        "covered": _covered(day),
        **seven,
        **_outcomes(day),
        **chain.week(day),
    }
    values = [_by_subject(day, rows, name).assign(measure=name) for name, rows in parts.items()]
    return pd.concat([*values, _load(day)], ignore_index=True).assign(as_of=day.as_of)


def _day(frames: Frames, as_of: date, numbers: dict[str, Any]) -> Day:
    ends_at = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return Day(as_of, ends_at, last_full_week(as_of), frames, numbers)


class _Usage:
    """The detector of the product, fed a week at a time from data frames."""

    def __init__(self, frames: Frames, numbers: dict[str, Any]) -> None:
        rows = frames["usage"]
        self._rows = rows[rows["measure"] == numbers["records_usage_measure"]]
        monday = pd.to_datetime(self._rows["week_on"])
        self._rows = self._rows.assign(week=(monday - pd.Timestamp(FIRST_MONDAY)).dt.days // 7)
        first = self._rows.sort_values(["visible_at", "week_on"]).drop_duplicates("account")
        self._source = first.set_index("account")["source"].sort_index()
        self._known = pd.Series(dtype="float64")
        self._carry = stored([])
        self._mark = {"week_on": date(1, 1, 1), "ends_at": datetime(1, 1, 1)}
        feed = frames["feed"]
        self._fixed = {
            "usage_measure": pa.table({"measure": [numbers["records_usage_measure"]]}),
            "feed": pa.Table.from_pandas(feed, preserve_index=False),
        }

    def read(self, day: Day) -> Any:
        """Return the readings of the day, indexed by account."""
        rows, ends = self._rows, day.ends_at
        oldest = (self._mark["week_on"] - FIRST_MONDAY).days // 7
        taken = rows[
            (rows["visible_at"] < ends)
            & ((rows["week"] > oldest) | (rows["visible_at"] >= self._mark["ends_at"]))
        ]
        before = taken[taken["visible_at"] < self._mark["ends_at"]].groupby("account")["week"].min()
        self._known = pd.concat([self._known, before]).groupby(level=0).min()
        given = {
            **self._fixed,
            "usage_carried": self._carry,
            "usage_taken": self._taken(taken),
            "usage_merged": self._taken(taken.head(0)).append_column("merged", pa.array([], pa.int64())),
            "usage_source": self._sources(),
        }
        given["weeks"] = from_rows([_week_row(day)], WEEKS)
        answer = usage_reading(given, {**day.numbers, "carried_until": self._mark["ends_at"]})
        self._carry = answer["usage_state"]
        if self._carry.num_rows:
            week = int(pc.min(self._carry[WEEK]).as_py())
            self._mark = {"week_on": FIRST_MONDAY + timedelta(weeks=week), "ends_at": ends.to_pydatetime()}
        new = taken.groupby("account")["week"].min()
        self._known = pd.concat([self._known, new]).groupby(level=0).min()
        read = answer["usage_reading"].to_pandas().set_index("account")
        return read.assign(feed_has_stopped=self._stopped(answer["feed_reading"], day).reindex(read.index))

    def _stopped(self, feeds: pa.Table, day: Day) -> Any:
        """Return whose feed has not counted for two weeks, by account."""
        counted = pd.to_datetime(feeds.to_pandas().set_index("source")["counted_on"])
        fresh = counted.index[counted >= pd.Timestamp(day.week_on) - pd.Timedelta(days=7)]
        return ~self._source.isin(fresh)

    def _taken(self, rows: Any) -> pa.Table:
        return pa.table(
            {
                "account": pa.array(rows["account"], pa.int64()),
                "week": pa.array(rows["week"], pa.int32()),
                "value": pa.array(rows["value"], pa.float32()),
                "visible_at": pa.array(rows["visible_at"], pa.timestamp("us")),
            }
        )

    def _sources(self) -> pa.Table:
        known = self._known.reindex(self._source.index)
        return pa.table(
            {
                "account": pa.array(self._source.index, pa.int64()),
                "source": pa.array(self._source, pa.string()),
                "known_from": pa.array(known.astype("Int32"), pa.int32()),
            }
        )


def _week_row(day: Day) -> dict[str, Any]:
    ends = day.ends_at.to_pydatetime()
    return {
        "as_of": day.as_of,
        "ends_at": ends,
        "starts_at": ends - timedelta(days=7),
        "week_on": day.week_on,
    }


def _retention(day: Day) -> dict[str, Any]:
    rows = book.retention(day)
    cohort, paying, due = rows[rows["start"] > 0], rows[rows["end"] > 0], rows[rows["due"] > 0]
    booked = rows[(rows["start"] > 0) | (rows["flow"] != 0)]
    month = rows[(rows["month_loss"] != 0) | (rows["month_start"] > 0)]
    return {
        "nrr": cohort.assign(part=cohort["end"], whole=cohort["start"]),
        "grr": cohort.assign(part=cohort["kept"], whole=cohort["start"]),
        "logo": cohort.assign(part=cohort["stayed"].astype("int64"), whole=1),
        "nrr_lazy": booked.assign(part=booked["start"] + booked["flow"], whole=booked["start"]),
        "month_loss": month.assign(part=month["month_loss"], whole=month["month_start"]),
        "renewal_rate": due.assign(part=due[["end", "due"]].min(axis=1), whole=due["due"]),
        "revenue_per_customer": paying.assign(part=paying["end"], whole=1),
        **_bridge(rows, cohort),
    }


def _bridge(rows: Any, cohort: Any) -> dict[str, Any]:
    """Return the steps from the revenue at the start to that at the end."""
    lost, left = cohort["start"] - cohort["kept"], cohort["end"] <= 0
    parts = {
        "expansion": cohort["end"] - cohort["kept"],
        "contraction": lost.where(~left, 0),
        "churned": lost.where(left, 0),
    }
    beside = {
        name: rows[(rows["start"] > 0) | rows[is_so]]
        for name, is_so in (("new_logos", "is_new"), ("returned", "is_returned"))
    }
    return {name: cohort.assign(part=part, whole=cohort["start"]) for name, part in parts.items()} | {
        name: some.assign(part=some["end"].where(some["start"] == 0, 0), whole=some["start"])
        for name, some in beside.items()
    }


def _monitoring(day: Day) -> dict[str, Any]:
    owned = day.found["accounts"]
    rows = owned[owned["active"]][["person", "pool", "segment", "started_at"]].copy()
    rows[["person", "pool"]] = day.found["efforts"][["person", "pool"]]
    rows["tier"] = day.found["tiers"]
    told = day.found["conditions"].reindex(rows.index)
    limits = day.frames["policy_measures_unmonitored_limits"].set_index("tier")
    rows["judged_by"], days = rows["tier"].map(limits["judged_by"]), rows["tier"].map(limits["days"])
    last, month = told["last_meaningful_at"], day.ago(day.number("measures_unmonitored_days"))
    flat = rows[(~(rows["started_at"] > month)) & (rows["judged_by"] == "contact")]
    own = day.ends_at - pd.to_timedelta(days, unit="D")
    used = pd.Timestamp(day.week_on) + pd.to_timedelta(6 - 7 * told["zero_weeks"], unit="D")
    used = used.where(told["weeks_seen"] > told["zero_weeks"])
    by_usage = ~(used >= pd.Timestamp(day.as_of) - pd.to_timedelta(days, unit="D"))
    past = (~(last >= own)).where(rows["judged_by"] == "contact", by_usage)
    judged = (rows["judged_by"] == "contact") | (told["weeks_seen"].fillna(0) > 0)
    old = rows[judged & ~(rows["started_at"] > own)]
    return {
        "unmonitored": flat.assign(part=(~(last.reindex(flat.index) >= month)).astype("int64"), whole=1),
        "past_limit": old.assign(part=past.reindex(old.index).astype("int64"), whole=1),
    }


def _outcomes(day: Day) -> dict[str, Any]:
    owned = day.found["accounts"]
    book = owned[owned["active"]][["person", "pool", "segment"]]
    book = book.assign(tier=day.found["tiers"].reindex(book.index))
    stands = signals.green(day)
    asked = seen(day, "score")
    asked = asked[asked["value"].notna() & (asked["happened_at"] < day.ends_at)]
    asked = asked[asked["happened_at"] >= day.ago(7 * day.number("throughput_survey_weeks"))]
    everybody = owned[["person", "pool", "segment"]].assign(tier=day.found["tiers"].reindex(owned.index))
    told, promoted = asked[asked["kind"] == "csat"], asked[asked["kind"] == "nps"]
    points = 100 * (promoted["value"] >= 90).astype("int64") - 100 * (promoted["value"] <= 60).astype("int64")
    points = points.where(promoted["scale"] != "-100-100", 2 * promoted["value"] - 100)
    return {
        "green": book.join(stands.astype("int64").rename("part"), how="inner").assign(whole=1),
        "csat": told[["account", "value"]]
        .join(everybody, on="account", how="inner")
        .assign(part=lambda rows: rows["value"], whole=1),
        "nps": promoted[["account"]].assign(part=points, whole=1).join(everybody, on="account", how="inner"),
        "escalations": _escalations(day, book),
    }


def _escalations(day: Day, book: Any) -> Any:
    """Return each active account with its escalated tickets; nobody where none was ever escalated."""
    every = day.frames["ticket"]
    ever = every[(every["visible_at"] < day.ends_at) & (every["escalated_at"] < day.ends_at)]
    rows = seen(day, "ticket")
    since = day.ago(7 * day.number("measures_trend_weeks"))
    rows = rows[(rows["escalated_at"] < day.ends_at) & (rows["escalated_at"] >= since)]
    tickets = rows.groupby("account")["event"].nunique().reindex(book.index).fillna(0)
    return book.assign(part=tickets, whole=1) if len(ever) else book.assign(part=0, whole=1).head(0)


def _covered(day: Day) -> Any:
    owned = day.found["accounts"]
    rows = owned[owned["active"] & ~(owned["started_at"] >= day.ends_at)][["segment"]].copy()
    rows[["person", "pool"]] = day.found["efforts"][["person", "pool"]].reindex(rows.index)
    rows["tier"] = day.found["tiers"].reindex(rows.index)
    asked = (
        owned.loc[rows.index, ["started_at", "tier_since", "renews_on"]]
        .assign(tier=rows["tier"])
        .reset_index()
    )
    asked = asked.merge(day.frames["policy_closures_requirements"], on="tier")
    told = seen(day, "artifact")
    told = told.groupby(["account", "kind"])["happened_at"].max().dt.normalize().rename("written_on")
    asked = asked.join(told, on=["account", "kind"])
    return rows.assign(
        part=(~rows.index.isin(asked["account"][_lacking(day, asked)])).astype("int64"), whole=1
    )


def _lacking(day: Day, asked: Any) -> Any:
    as_of, n = pd.Timestamp(day.as_of), day.numbers
    read = day.found["usage"][["zero_weeks", "weeks_seen"]].reindex(asked["account"]).reset_index(drop=True)
    renewal, valid = asked["needed"] == "renewal", pd.to_timedelta(asked["valid_days"], unit="D")
    before = (asked["renews_on"] - asked["written_on"]).dt.days
    early = n["closures_renewal_brief_days"] + n["closures_renewal_early_days"]
    written = asked["written_on"].where(~renewal | (before <= early))
    until = written + valid
    for mark in day.frames["policy_closures_renewal_refreshes"]["days_before"]:
        due = asked["renews_on"] - pd.Timedelta(days=mark)
        counts = renewal & written.notna() & (mark < before - n["closures_renewal_refresh_early_days"])
        until = until.where(~counts | (until < due), due)
    last = pd.Timestamp(day.week_on) + pd.to_timedelta(6 - 7 * read["zero_weeks"], unit="D") + valid
    used = last.where((asked["needed"] == "usage") & (read["zero_weeks"] < read["weeks_seen"]))
    until = pd.concat([until, used], axis=1).max(axis=1)
    served = asked[["started_at", "tier_since"]].max(axis=1).dt.normalize()
    served = served.where(served != pd.Timestamp("1970-01-01"))
    owed = (served + pd.to_timedelta(asked["first_days"], unit="D")).where(
        ~renewal, asked["renews_on"] - pd.Timedelta(days=n["closures_renewal_brief_days"])
    )
    fine = (until >= as_of) | (until.isna() & (owed >= as_of)) | (renewal & asked["renews_on"].isna())
    return ~fine


def _load(day: Day) -> Any:
    rows = capacity.loads(day)
    parts = rows.assign(part=rows["effort_hours"], whole=rows["capacity_hours"])
    found = [
        _folded(parts, "csm", parts["key"], count="accounts"),
        _folded(parts, "team", parts["team"].where(parts["team"] != ""), count="accounts"),
        _folded(parts, "all", pd.Series("all", index=parts.index), count="accounts"),
    ]
    return pd.concat(found, ignore_index=True).assign(measure="effort_load")


def _by_subject(day: Day, rows: Any, measure: str) -> Any:
    people = day.frames["person"].set_index("person")
    pools = day.frames["pool"].set_index("pool")["key"]
    team = rows["person"].map(people["team"])
    tier = rows["tier"].map(lambda tier: str(int(tier)), na_action="ignore")
    keys = {
        "csm": rows["person"].map(people["key"]),
        "team": team.where(team != ""),
        "pool": rows["pool"].map(pools),
        "tier": tier,
        "segment": rows["segment"].where(rows["segment"] != ""),
        "all": pd.Series("all", index=rows.index),
    }
    if measure == "time_to_detect":
        horizon = day.number("throughput_detection_days")
        found = [_restricted(rows, kind, keys[kind], horizon) for kind in BY]
    else:
        counts = "account" if measure in GIVEN else ""
        found = [_folded(rows, kind, keys[kind], counts=counts) for kind in GIVEN.get(measure, BY)]
    return pd.concat(found, ignore_index=True)


def _restricted(rows: Any, kind: str, keys: Any, horizon: float) -> Any:
    made = [
        {"subject": key, "value": throughput.restricted(some, horizon), "count": len(some)}
        for key, some in rows.groupby(keys)
    ]
    return pd.DataFrame(made, columns=["subject", "value", "count"]).assign(subject_kind=kind)


def _folded(rows: Any, kind: str, keys: Any, *, count: str = "", counts: str = "") -> Any:
    """Return the figures of a kind of subject; ``count`` is summed, ``counts`` counted where known."""
    grouped = rows.groupby(keys)
    sums = grouped[["part", "whole"]].sum()
    value = (sums["part"] / sums["whole"]).where(sums["whole"] != 0)
    known = grouped[counts].count() if counts and counts in rows else grouped.size()
    counted = grouped[count].sum() if count else known
    found = pd.DataFrame(
        {"subject": sums.index, "value": value.to_numpy(), "count": counted.astype("int64").to_numpy()}
    )
    return found.assign(subject_kind=kind)


def as_frames(tables: Mapping[str, pa.Table]) -> Frames:
    """Return tables as data frames; the days of contracts become instants, to count with."""
    frames = {name: table.to_pandas() for name, table in tables.items()}
    for column in ("renews_on", "ends_on", "starts_on"):
        frames["contract"][column] = pd.to_datetime(frames["contract"][column])
    return frames
