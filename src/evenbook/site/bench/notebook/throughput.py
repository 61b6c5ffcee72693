"""The weekly seven in pandas: work against ceilings, calls, and the time to a risk's answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evenbook.measures.restricted import parts
from evenbook.site.bench.notebook.accounts import Day, latest, seen

SPELL = ["account", "signal", "observed_at", "surfaced_on", "last_seen_on", "person", "pool"]
SESSIONS = ("strategic", "onboarding", "escalation")


def week(day: Day, spells: Any) -> tuple[dict[str, Any], Any]:
    """Return the parts and wholes of each measure, and the risks that the next week goes on from."""
    held, team = _held(day), day.found["people"]
    team = team.assign(ceiling=_ceilings(day, team))
    able = team[team["ceiling"].notna()]
    spells = _spells(day, spells)
    risks = _risks(day, spells)
    owned = held.assign(person=held["owner"])
    done = held[held["in_week"] & held["person"].isin(able.index)]
    energy = day.frames["policy_throughput_energies"].set_index("work")["energy"]
    worked = done.assign(part=done["work"].map(energy), whole=0.0)
    closed = risks[risks["answered"] | (risks["days"] > risks["window"])]
    found = {
        "strategic": pd.concat(
            [done[done["is_strategic"]].assign(part=1.0, whole=0.0), _each(able, 0, able["ceiling"])]
        ),
        "ceiling": _each(able, able["ceiling"], 1),
        "present": _each(team, team["week_availability"], 1),
        "energy": pd.concat([worked[worked["part"].notna()], _each(able, 0, 1)]),
        "sentiment": _scored(owned[owned["in_week"]], "sentiment"),
        "sentiment_falling": _falling(day),
        "follow_ups": held[held["is_meaningful"]].assign(part=lambda rows: rows["action_items"], whole=1),
        "quality": _scored(held, "quality"),
        "time_to_detect": risks.assign(part=risks["days"], whole=1),
        "past_window": closed.assign(part=(closed["days"] > closed["window"]).astype("int64"), whole=1),
    }
    return found, spells


def restricted(rows: Any, horizon: float) -> float:
    """Return the restricted mean of a group of risks, in days."""
    return sum(parts(list(rows["days"]), list(rows["answered"]), horizon=horizon)) / len(rows)


def _held(day: Day) -> Any:
    weeks, days = day.number("throughput_talk_weeks"), day.number("throughput_detection_days")
    rows = day.found["talks"]
    rows = rows[rows["happened_at"] >= day.ago(max(7 * weeks, days))]
    book = day.found["accounts"]
    work = rows["kind"].map(day.frames["policy_throughput_kinds"].set_index("kind")["work"])
    long_enough = rows["minutes"] >= day.number("throughput_strategic_minutes")
    rows = rows.assign(
        work=work,
        is_strategic=work.isin(SESSIONS) & rows["customer_present"].eq(True) & long_enough,
        action_items=rows["action_items"].fillna(0),
        in_week=rows["happened_at"] >= day.ago(7),
        owner=rows["account"].map(book["person"]),
        pool=rows["account"].map(book["pool"]),
        tier=rows["account"].map(day.found["tiers"]),
        segment=rows["account"].map(book["segment"]),
    )
    day.found["answers"] = rows[rows["is_meaningful"]]
    return rows[rows["happened_at"] >= day.ago(7 * weeks)]


def _ceilings(day: Day, team: Any) -> Any:
    listed = day.frames["policy_throughput_ceilings"]
    by_tier = listed.sort_values(["a_week", "role"]).drop_duplicates("tier").set_index("tier")["a_week"]
    own = team["role"].map(listed.set_index("role")["a_week"])
    usual = own.fillna(_mostly(day, team).map(by_tier)) * team["ramp"] * team["working_share"]
    return _set_for_them(day).reindex(team.index).fillna(usual).round(6)


def _set_for_them(day: Day) -> Any:
    """Return the ceilings of their own that people have, by person; of several the latest holds."""
    today, rows = pd.Timestamp(day.as_of), seen(day, "own_ceiling")
    first, last = pd.to_datetime(rows["first_on"]), pd.to_datetime(rows["last_on"])
    rows = latest(
        rows[(first <= today) & ~(last < today)], ["person"], by=["first_on", "visible_at", "row_id"]
    )
    return rows.set_index("person")["a_week"]


def _mostly(day: Day, team: Any) -> Any:
    """Return the tier that takes most of each person's hours, own, covered and of their pools."""
    work, members = day.found["parts"], day.found["members"]
    cover = team["cover"].where(team["is_away"], pd.Series(team.index, index=team.index, dtype="float64"))
    own = work.assign(person=work["person"].map(cover))
    own = own[own["person"].isin(team.index[~team["is_away"]])][["person", "tier", "hours"]]
    pooled = work[work["pool"].notna()].groupby(["pool", "tier"])["hours"].sum().reset_index()
    main = pooled.sort_values(["hours", "tier"], ascending=[True, False]).drop_duplicates("pool", keep="last")
    total = pooled.groupby("pool")["hours"].sum()
    share = members.merge(main[["pool", "tier"]], on="pool")
    share = share.assign(hours=share["pool"].map(total) * share["share"])[["person", "tier", "hours"]]
    hours = pd.concat([own, share]).groupby(["person", "tier"])["hours"].sum().reset_index()
    hours = hours.sort_values(["hours", "tier"], ascending=[True, False])
    return hours.drop_duplicates("person", keep="last").set_index("person")["tier"].reindex(team.index)


def _each(team: Any, part: Any, whole: Any) -> Any:
    """Return a row a person, of no account."""
    rows = pd.DataFrame({"person": team.index, "account": pd.NA}, index=team.index)
    return rows.assign(part=part, whole=whole, tier=pd.NA, segment=pd.NA, pool=pd.NA)


def _scored(rows: Any, column: str) -> Any:
    rows = rows[rows[column].notna()]
    return rows.assign(part=rows[column], whole=1)


def _falling(day: Day) -> Any:
    rows = day.found["conditions"]
    rows = rows[rows["sentiment_before"].notna() & rows["sentiment_now"].notna()]
    fell = rows["sentiment_before"] - rows["sentiment_now"] >= day.number("signals_sentiment_fall")
    book = day.found["accounts"].reindex(rows.index)
    found = book[["person", "pool", "segment"]].assign(tier=day.found["tiers"].reindex(rows.index))
    return found.assign(part=fell.astype("int64"), whole=1, account=rows.index)


def _spells(day: Day, before: Any) -> Any:
    """Return the risks known so far: one that comes back within the days of policy goes on."""
    windows = set(day.frames["policy_throughput_windows"]["signal"])
    told, today = day.found["signals"], pd.Timestamp(day.as_of)
    told = told[told["kind"].isin(windows)].groupby(["account", "kind"])["observed_at"].min().reset_index()
    told = told.rename(columns={"kind": "signal"})
    newest = before.sort_values("last_seen_on").drop_duplicates(["account", "signal"], keep="last")
    lasts = newest[(today - newest["last_seen_on"]).dt.days <= day.number("throughput_merge_days")]
    now = told.merge(lasts[["account", "signal", "surfaced_on"]], how="left", on=["account", "signal"])
    going = now[now["surfaced_on"].notna()][["account", "signal", "surfaced_on"]].assign(still=True)
    kept = before.merge(going, how="left", on=["account", "signal", "surfaced_on"])
    kept["last_seen_on"] = kept["last_seen_on"].where(kept["still"].isna(), today)
    new, book = now[now["surfaced_on"].isna()].copy(), day.found["accounts"]
    new["surfaced_on"] = new["last_seen_on"] = today
    new["person"], new["pool"] = new["account"].map(book["person"]), new["account"].map(book["pool"])
    old = today - pd.Timedelta(days=max(day.number("throughput_merge_days"), _horizon(day)))
    found = pd.concat([kept[SPELL], new[SPELL]], ignore_index=True)
    return found[found["last_seen_on"] >= old]


def nothing() -> Any:
    """Return no risks: what the first week goes on from."""
    kinds = dict.fromkeys(SPELL, "float64") | dict.fromkeys(SPELL[2:5], "datetime64[us]")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (kinds | {"signal": "str"}).items()})


def _horizon(day: Day) -> int:
    return int(day.number("throughput_detection_days"))


def _risks(day: Day, spells: Any) -> Any:
    rows = spells[(spells["observed_at"] < day.ends_at) & (spells["observed_at"] >= day.ago(_horizon(day)))]
    rows = rows.reset_index(drop=True)
    asked = rows.reset_index().merge(_answers(day), on="account")
    first = asked[asked["answered_at"] > asked["observed_at"]].groupby("index")["answered_at"].min()
    answered = first.reindex(rows.index)
    book = day.found["accounts"]
    until = rows["account"].map(book["churned_at"]).fillna(day.ends_at).clip(upper=day.ends_at)
    until = answered.fillna(until)
    windows = day.frames["policy_throughput_windows"].set_index("signal")["days"]
    days = (until - rows["observed_at"]).dt.total_seconds().clip(lower=0) / 86_400
    return rows.assign(
        days=days,
        answered=answered.notna(),
        window=rows["signal"].map(windows).astype("float64"),
        tier=rows["account"].map(day.found["tiers"]),
        segment=rows["account"].map(book["segment"]),
    )


def _answers(day: Day) -> Any:
    said, kinds = day.found["answers"], set(day.frames["policy_throughput_answers"]["value"])
    written = seen(day, "artifact")
    written = written[written["kind"].isin(kinds) & (written["happened_at"] >= day.ago(_horizon(day)))]
    marked = seen(day, "hot_mark")
    marked = marked[marked["happened_at"] >= day.ago(_horizon(day))]
    every = pd.concat([rows[["account", "happened_at"]] for rows in (said, written, marked)])
    return every.rename(columns={"happened_at": "answered_at"})
