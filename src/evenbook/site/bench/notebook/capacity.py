"""Effort, capacity and who carries what as of a day, in pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evenbook.site.bench.notebook.accounts import Day, latest, seen

STAGES = ("onboarding", "adoption", "value", "renewal")
BAD = ("declining", "at_risk", "silent", "recovering")


def efforts(day: Day) -> Any:
    """Return the hours a month of each active account, and who works it; indexed by account."""
    book = day.found["accounts"]
    rows = book[book["active"]].copy()
    rows["tier"] = day.found["tiers"]
    rows["stage"] = _stages(day, rows)
    rows[["person", "pool"]] = _workers(day, rows)
    levels = _levels(day, rows)
    product = pd.Series(1.0, index=rows.index)
    multipliers = day.frames["policy_capacity_multipliers"]
    for factor, level in levels.items():
        product *= level.map(_by_level(multipliers, factor)).astype("float64")
    base = rows["tier"].map(day.frames["policy_capacity_base_hours"].set_index("tier")["hours"])
    rows["hours"] = (base * product.clip(upper=day.number("capacity_max_multiplier"))).round(6)
    return rows[["person", "pool", "tier", "stage", "hours"]]


def parts(day: Day) -> Any:
    """Return the hours a month by who has them: a row for each account and person or pool."""
    work = day.found["efforts"].reset_index().rename(columns={"index": "account"})
    given = _given(day).merge(day.frames["policy_book_role_shares"], on="role")
    given = given.merge(work[["account", "stage", "tier", "hours"]], on=["account", "stage"])
    if given.empty:
        return work
    millionths = (given["hours"] * 1e6).round().astype("int64")
    taken = millionths * (given["share"] * 1e6).round().astype("int64") // 1_000_000
    beside = given.assign(taken=taken, works=False)
    left = work.set_index("account")
    gone = beside.groupby("account")["taken"].sum()
    own = left.loc[gone.index].assign(works=True)
    own["taken"] = (own["hours"] * 1e6).round().astype("int64") - gone
    columns = ["account", "person", "pool", "tier", "works", "taken"]
    rows = pd.concat([own.reset_index()[columns], beside[columns]])
    rows = rows.groupby(["account", "person", "pool"], dropna=False, as_index=False).agg(
        tier=("tier", "first"), works=("works", "any"), taken=("taken", "sum")
    )
    somebody = rows["person"].notna() | rows["pool"].notna()
    rows = rows[(rows["taken"] > 0) | (rows["works"] & somebody)]
    return pd.concat([work[~work["account"].isin(gone.index)], rows.assign(hours=rows["taken"] / 1e6)])


def _given(day: Day) -> Any:
    """Return who has which role besides the owner's on which account."""
    given = seen(day, "ownership")
    given = latest(given[given["role"] != "owner"], ["account", "role"], by=["happened_at", "row_id"])
    return given[given["person"].notna() | given["pool"].notna()][["account", "role", "person", "pool"]]


def _by_level(multipliers: Any, factor: str) -> Any:
    rows = multipliers[multipliers["factor"] == factor]
    if factor in {"stakeholders", "complexity", "products"}:
        steps = rows.sort_values("at_least")
        counts = np.arange(101)
        found = np.searchsorted(steps["at_least"].to_numpy(), counts, side="right") - 1
        values = steps["multiplier"].to_numpy()[np.maximum(found, 0)]
        return pd.Series(values, index=counts)
    return rows.set_index("level")["multiplier"]


def _stages(day: Day, rows: Any) -> Any:
    started = rows["started_at"]
    young = ~(started + pd.Timedelta(days=day.number("book_onboarding_days")) < day.ends_at)
    adopting = ~(started + pd.Timedelta(days=day.number("book_adoption_days")) < day.ends_at)
    derived = np.where(started.isna() | ~adopting, "value", np.where(young, "onboarding", "adoption"))
    usual = rows["stage"].where(rows["stage"].isin(STAGES), pd.Series(derived, index=rows.index))
    away = (rows["renews_on"] - pd.Timestamp(day.as_of)).dt.days.abs()
    soon = away <= day.number("capacity_renewal_window_days")
    return usual.where(~soon | (usual == "onboarding"), "renewal")


def _workers(day: Day, rows: Any) -> Any:
    roles = day.frames["policy_book_stage_roles"].set_index("stage")["role"]
    asked = pd.DataFrame({"account": rows.index, "role": rows["stage"].map(roles).to_numpy()})
    found = asked.merge(_given(day), how="left", on=["account", "role"])
    found = found.set_index("account")
    someone = found["person"].notna() | found["pool"].notna()
    return found[["person", "pool"]].where(someone, rows[["person", "pool"]])


def _levels(day: Day, rows: Any) -> Any:
    seen_by = day.found["contact"].reindex(rows.index)["stakeholders"].fillna(0)
    raised = day.found["signals"]
    falling = raised.loc[raised["kind"].isin(["sentiment_falling", "sentiment_negative"]), "account"].unique()
    state = day.found["states"]["state"].reindex(rows.index)
    since = day.ago(7 * day.number("capacity_dense_weeks"))
    risen = raised[raised["observed_at"] >= since].groupby("account").size()
    return {
        "stage": rows["stage"],
        "stakeholders": seen_by.clip(0, 100).astype("int64"),
        "complexity": _complexity(day, rows, seen_by),
        "products": rows["products"].fillna(1).clip(0, 100).astype("int64"),
        "trajectory": state.where(state.isin(BAD), "steady"),
        "expansion": _expansion(day, rows),
        "regulated": _words(rows["regulated"].eq(True), "yes", "no"),
        "signals": _words(_dense(day, rows, risen), "dense", "usual"),
        "sentiment": _words(pd.Series(rows.index.isin(falling), index=rows.index), "falling", "steady"),
        "follow_ups": _words(_dense(day, rows, _follow_ups(day, since)), "dense", "usual"),
    }


def _words(flags: Any, yes: str, no: str) -> Any:
    return flags.map({True: yes, False: no})


def _dense(day: Day, rows: Any, amounts: Any) -> Any:
    amount = amounts.reindex(rows.index)
    known = amount.dropna()
    tier = rows["tier"].reindex(known.index)
    above = known.groupby(tier).rank(ascending=False, method="max")
    most = day.number("capacity_dense_share") * tier.map(rows["tier"].value_counts())
    return (above <= most).reindex(rows.index).eq(True)


def _follow_ups(day: Day, since: Any) -> Any:
    said = day.found["talks"]
    said = said[said["is_meaningful"] & (said["happened_at"] >= since)]
    items = said.groupby("account")["action_items"].agg(["sum", "size"])
    return (items["sum"] / items["size"])[items["sum"] > 0]


def _complexity(day: Day, rows: Any, seen_by: Any) -> Any:
    points = pd.Series(0, index=rows.index)
    steps = day.frames["policy_capacity_complexity_points"]
    amounts = {"integrations": rows["integrations"], "use_cases": rows["use_cases"], "stakeholders": seen_by}
    for attribute, amount in amounts.items():
        best = pd.Series(0, index=rows.index)
        for step in steps[steps["attribute"] == attribute].itertuples():
            best = best.where(~(amount >= step.at_least), np.maximum(best, step.points))
        points = points + best
    levels = day.frames["policy_capacity_complexity_levels"].sort_values("at_least")
    place = np.searchsorted(levels["at_least"].to_numpy(), points.to_numpy(), side="right") - 1
    derived = pd.Series(levels["level"].to_numpy()[place], index=rows.index)
    unknown = rows["integrations"].isna() & rows["use_cases"].isna()
    derived = derived.where(~unknown, day.number("capacity_complexity_unknown"))
    return rows["complexity"].clip(1, 5).fillna(derived).astype("int64")


def _expansion(day: Day, rows: Any) -> Any:
    deals = seen(day, "opportunity")
    is_open = ~(deals["won_at"] < day.ends_at) & ~(deals["lost_at"] < day.ends_at)
    renewal = deals["kind"].fillna("").str.lower().str.contains("renew")
    deals = deals[is_open & ~renewal]
    stage = deals["stage"].fillna("").str.lower()
    active = pd.Series(False, index=deals.index)
    for word in day.frames["policy_capacity_active_stage_words"]["value"]:
        active |= stage.str.contains(word.lower(), regex=False)
    selling = active.groupby(deals["account"]).any().reindex(rows.index)
    kinds = day.frames["contract"]
    kinds = kinds[(kinds["visible_at"] < day.ends_at) & kinds["product"].fillna("").ne("")][
        "product"
    ].nunique()
    white = (rows["products"] >= 1) & (
        1 - rows["products"] / max(kinds, 1) > day.number("capacity_whitespace_share")
    )
    asks = seen(day, "ticket")
    asks = asks[asks["kind"].fillna("").str.lower().str.contains("feature")]
    asks = (
        asks[asks["happened_at"] >= day.ago(day.number("capacity_feature_ask_days"))]
        .groupby("account")
        .size()
    )
    wanted = (white & (kinds > 0)) | (asks >= day.number("capacity_feature_asks")).reindex(rows.index).eq(
        True
    )
    found = _words(wanted, "emerging", "none")
    return found.mask(selling.notna(), "qualified").mask(selling.eq(True), "active")


def people(day: Day) -> Any:
    """Return what each person present can sustain, and who covers; indexed by person."""
    rows, today = day.frames["person"], pd.Timestamp(day.as_of)
    started, left = pd.to_datetime(rows["started_on"]), pd.to_datetime(rows["left_on"])
    rows = rows[rows["is_person"].eq(True) & ~(started > today) & ~(left < today)].set_index("person")
    started = pd.to_datetime(rows["started_on"])
    tenure = (today - started).dt.days
    ramp = day.frames["policy_capacity_ramp"].sort_values("from_day")
    place = np.searchsorted(ramp["from_day"].to_numpy(), tenure.fillna(10**6).to_numpy(), side="right") - 1
    monthly = rows["monthly_hours"].fillna(day.number("capacity_monthly_hours"))
    rows["ramp"] = ramp["share"].to_numpy()[place]
    weeks = day.number("capacity_availability_weeks")
    rows["week_availability"] = _availability(day, rows, started, weeks=1)
    hours = monthly * rows["working_share"] * rows["ramp"] * _availability(day, rows, started, weeks=weeks)
    rows["capacity_hours"] = (hours + _adjustments(day, rows)).clip(lower=0).round(6)
    away = seen(day, "leave")
    away = away[(pd.to_datetime(away["first_on"]) <= today) & (pd.to_datetime(away["last_on"]) >= today)]
    away = away.assign(named=away["cover"].notna()).sort_values(["named", "first_on", "last_on", "cover"])
    rows["is_away"] = rows.index.isin(away["person"])
    rows["cover"] = (
        away.drop_duplicates("person", keep="last").set_index("person")["cover"].reindex(rows.index)
    )
    kept = ["key", "team", "role", "working_share", "ramp", "week_availability", "capacity_hours", "is_away"]
    return rows[[*kept, "cover"]]


def _adjustments(day: Day, rows: Any) -> Any:
    today, given = pd.Timestamp(day.as_of), seen(day, "adjustment")
    first, last = pd.to_datetime(given["first_on"]), pd.to_datetime(given["last_on"])
    given = given[(first <= today) & ~(last < today)]
    return given.groupby("person")["hours"].sum().reindex(rows.index).fillna(0)


def _availability(day: Day, rows: Any, started: Any, *, weeks: float) -> Any:
    today = pd.Timestamp(day.as_of)
    days = pd.date_range(end=today, periods=int(7 * weeks))
    working = days[
        days.strftime("%a").str.lower().isin(day.frames["policy_organization_working_days"]["value"])
    ]
    off = []
    for one in seen(day, "leave").itertuples():
        off += [
            (one.person, on)
            for on in working
            if pd.Timestamp(one.first_on) <= on <= pd.Timestamp(one.last_on)
        ]
    rest = day.frames["holiday"]
    rest = rest[pd.to_datetime(rest["day"]).isin(working)]
    regions = rows.reset_index()[["person", "region"]].merge(rest, on="region")
    off += list(zip(regions["person"], pd.to_datetime(regions["day"]), strict=True))
    lost = pd.DataFrame(sorted(set(off)), columns=["person", "day"])
    lost = lost.astype({"person": "int64", "day": "datetime64[us]"}).join(
        started.rename("started"), on="person"
    )
    lost = lost[~(lost["day"] < lost["started"])]
    total = np.array([(working >= first).sum() if pd.notna(first) else len(working) for first in started])
    gone = lost.groupby("person").size().reindex(rows.index).fillna(0)
    share = (1 - gone / np.maximum(total, 1)).clip(lower=0)
    return share.where(total > 0, 1.0)


def members(day: Day) -> Any:
    """Return who of each pool is present, and their share of what it can sustain."""
    team, rows = day.found["people"], day.frames["pool_member"]
    today = pd.Timestamp(day.as_of)
    rows = rows[(pd.to_datetime(rows["since_on"]) <= today) & ~(pd.to_datetime(rows["until_on"]) <= today)]
    rows = rows[["pool", "person"]].drop_duplicates()
    rows["can"] = rows["person"].map(team["capacity_hours"].where(~team["is_away"])).fillna(0)
    rows = rows[rows["can"] > 0]
    return rows.assign(share=rows["can"] / rows.groupby("pool")["can"].transform("sum"))


def loads(day: Day) -> Any:
    """Return the effort that each person carries and what they can sustain; indexed by person."""
    work, team = day.found["parts"], day.found["people"]
    cover = team["cover"].where(team["is_away"], pd.Series(team.index, index=team.index, dtype="float64"))
    here = team.index[~team["is_away"]]
    carrier = work["person"].map(cover)
    carrier = carrier.where(carrier.isin(here))
    own, members = work["hours"].groupby(carrier), day.found["members"]
    hours = members["pool"].map(work["hours"].groupby(work["pool"]).sum()) * members["share"]
    hours = hours.round(6).dropna()
    found = team.copy()
    found["accounts"] = own.size().reindex(team.index).fillna(0)
    pooled = hours.groupby(members["person"].reindex(hours.index)).sum()
    found["effort_hours"] = own.sum().reindex(team.index).fillna(0) + pooled.reindex(team.index).fillna(0)
    busy = (
        found["accounts"].gt(0) | found.index.isin(pooled.dropna().index) | found.index.isin(work["person"])
    )
    return found[busy | found["role"].eq("csm")]
