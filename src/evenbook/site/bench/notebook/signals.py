"""Signals, scores and states as of a day, in pandas; detector and state machine are the product's."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from evenbook.site.bench.notebook.accounts import Day, seen
from evenbook.states.rules.fold import stand


def talks(day: Day) -> Any:
    """Return the completed interactions that the day can see: which are meaningful, which are theirs."""
    rows = seen(day, "interaction")
    rows = rows[rows["status"] == "completed"]
    counts = rows["kind"].map(day.frames["policy_records_kinds"].set_index("kind")["counts"])
    long_enough = rows["customer_present"].eq(True) & (
        rows["minutes"] >= day.number("records_meaningful_minutes")
    )
    meaningful = (
        (counts == "always")
        | ((counts == "minutes") & long_enough)
        | ((counts == "answer") & rows["carries_answer"].eq(True))
    )
    return rows.assign(is_meaningful=meaningful.fillna(False), is_word=~counts.isin(["never", "internal"]))


def conditions(day: Day) -> Any:
    """Return how each active account does, in plain figures; indexed by account."""
    book = day.found["accounts"]
    rows = book[book["active"] & ~(book["started_at"] >= day.ends_at)]
    rows = rows[["started_at", "renews_on", "arr_cents", "seats", "tier"]]
    read = day.found["usage"]
    columns = [
        "seen",
        "ready",
        "weeks_seen",
        "zero_weeks",
        "mean12",
        "usual",
        "recent",
        "seen_mean",
        "since_fall",
        "feed_has_stopped",
    ]
    rows = rows.join(read[columns]).join(_support(day)).join(day.found["contact"]).join(_sentiment(day))
    rows = rows.join(_champion(day)).join(_contraction(day)).join(_opinion(day))
    rows["ready"] = rows["ready"].eq(True)
    rows["seen"] = rows["seen"].eq(True)
    rows["seats_used"] = (rows["seen_mean"] / rows["seats"]).where(rows["ready"] & (rows["seats"] > 0))
    told = not seen(day, "ticket").empty or (day.frames["ticket"]["visible_at"] < day.ends_at).any()
    rows["tickets_recent"] = rows["tickets_recent"].fillna(0) if told else float("nan")
    rows["tickets_normal"] = _usual_tickets(day, rows)
    rows["open_escalations"] = rows["open_escalations"].fillna(0)
    first = day.frames["interaction"]["visible_at"].min()
    since = rows["last_meaningful_at"].fillna(rows["started_at"].fillna(first).clip(lower=first))
    days = pd.Timestamp(day.as_of) - since.dt.normalize()
    rows["contact_days"] = days.dt.days if first < day.ends_at else float("nan")
    _quiet(day, rows)
    rows["renewal_days"] = (rows["renews_on"] - pd.Timestamp(day.as_of)).dt.days
    spoken = day.frames["interaction"]
    named = spoken[spoken["contact"].fillna("") != ""]["visible_at"].min()
    heard = rows["champion_heard_at"].clip(lower=named)
    rows["champion_heard_at"] = heard.where(heard.notna() & (named < day.ends_at))
    return rows


def _quiet(day: Day, rows: Any) -> None:
    """Note how long each account was not heard of, the way its tier is judged, and the limit."""
    limits = day.frames["policy_signals_quiet_limits"].set_index("tier")
    tier = rows["tier"].fillna(3)
    rows["quiet_limit_days"], rows["judged_by"] = tier.map(limits["days"]), tier.map(limits["judged_by"])
    after = (pd.Timestamp(day.as_of) - pd.Timestamp(day.week_on)).days - 6
    age = (pd.Timestamp(day.as_of) - rows["started_at"].dt.normalize()).dt.days
    unused = (after + 7 * rows["zero_weeks"]).where(rows["weeks_seen"] > 0)
    unused = unused.where(unused.isna() | age.isna() | (unused < age), age)
    either = pd.concat([unused, rows["contact_days"]], axis=1).min(axis=1)
    by_usage = unused.where(rows["judged_by"] == "usage", either).where(~rows["feed_has_stopped"].eq(True))
    rows["quiet_days"] = rows["contact_days"].where(rows["judged_by"] == "contact", by_usage)


def _support(day: Day) -> Any:
    rows = seen(day, "ticket")
    short = 7 * day.number("signals_ticket_weeks")
    long = short + 7 * day.number("signals_ticket_normal_weeks")
    at = rows["happened_at"]
    recent = rows[at >= day.ago(short)].groupby("account").size()
    before = rows[(at < day.ago(short)) & (at >= day.ago(long))].groupby("account").size()
    is_open = (rows["escalated_at"] < day.ends_at) & ~(rows["solved_at"] < day.ends_at)
    normal = before * day.number("signals_ticket_weeks") / day.number("signals_ticket_normal_weeks")
    escalated = rows[is_open].groupby("account")["escalated_at"]
    return pd.DataFrame(
        {
            "tickets_recent": recent,
            "tickets_normal": normal,
            "open_escalations": escalated.size(),
            "escalated_at": escalated.max(),
        }
    )


def _usual_tickets(day: Day, rows: Any) -> Any:
    """Return the tickets that are usual in the short window, so far as the account is known."""
    first = day.frames["ticket"]["visible_at"].min()
    since = rows["started_at"].fillna(first).clip(lower=first).dt.normalize()
    short, long = day.number("signals_ticket_weeks"), day.number("signals_ticket_normal_weeks")
    weeks = ((day.ends_at - since).dt.days / 7 - short).clip(upper=long)
    return (rows["tickets_normal"].fillna(0) * long / weeks).where((weeks >= short) & (first < day.ends_at))


def contact(day: Day) -> Any:
    """Return when each account was last spoken with, and how many people took part lately."""
    said = day.found["talks"]
    last = said[said["is_meaningful"]].groupby("account")["happened_at"].max()
    heard = said[(said["contact"].fillna("") != "") & said["is_word"]]
    heard = heard[heard["happened_at"] >= day.ago(day.number("capacity_stakeholder_days"))]
    return pd.DataFrame(
        {"last_meaningful_at": last, "stakeholders": heard.groupby("account")["contact"].nunique()}
    )


def _sentiment(day: Day) -> Any:
    said = day.found["talks"]
    scored = said[
        said["sentiment"].notna() & (said["happened_at"] >= day.ago(day.number("signals_sentiment_days")))
    ]
    scored = scored.sort_values(["happened_at", "row_id"], ascending=False)
    calls = int(day.number("signals_sentiment_calls"))
    place = scored.groupby("account").cumcount()
    now = scored[place < calls].groupby("account")["sentiment"].agg(["mean", "size"])
    before = (
        scored[(place >= calls) & (place < 2 * calls)].groupby("account")["sentiment"].agg(["mean", "size"])
    )
    return pd.DataFrame(
        {
            "sentiment_at": scored[place == 0].set_index("account")["happened_at"],
            "sentiment_now": now["mean"].where(now["size"] == calls),
            "sentiment_before": before["mean"].where(before["size"] == calls),
        }
    )


def _champion(day: Day) -> Any:
    people = seen(day, "contact")
    people = people[people["is_champion"].eq(True)]
    said = day.found["talks"]
    heard = said[said["is_word"]].groupby(["account", "contact"])["happened_at"].max().rename("heard")
    people = people.join(heard, on=["account", "contact"])
    people["left"] = people["left_at"].where(people["left_at"] < day.ends_at)
    people["last"] = people[["happened_at", "heard"]].max(axis=1)
    people["here"] = people["left"].isna()
    people["order"] = people["left"].fillna(people["last"])
    best = (
        people.sort_values(["here", "order", "name"])
        .drop_duplicates("account", keep="last")
        .set_index("account")
    )
    gone = people.groupby("account")["here"].any()
    left = people.groupby("account")["left"].max().where(~gone)
    return pd.DataFrame(
        {"champion": best["name"], "champion_heard_at": best["last"], "champion_left_at": left}
    )


def _contraction(day: Day) -> Any:
    rows = seen(day, "movement")
    rows = rows[rows["kind"].isin(["contraction", "expansion"])]
    rows = rows[rows["happened_at"] >= day.ago(day.number("signals_contraction_days"))]
    rows = rows.groupby(["account", "happened_at"], as_index=False)["change_cents"].sum()
    rows = rows[rows["change_cents"] < 0]
    return pd.DataFrame(
        {
            "contraction_cents": -rows.groupby("account")["change_cents"].sum(),
            "contracted_at": rows.groupby("account")["happened_at"].max(),
        }
    )


def _opinion(day: Day) -> Any:
    rows = seen(day, "score")
    rows = rows[rows["happened_at"] >= day.ago(day.number("signals_score_fresh_days"))]
    rows = rows.sort_values(["happened_at", "value"])
    health = rows[rows["kind"] == "health"].groupby("account")[["value", "happened_at"]].last()
    survey = (
        rows[rows["kind"].isin(["nps", "csat", "ces"])].groupby("account")[["value", "happened_at"]].last()
    )
    return pd.DataFrame(
        {
            "health": health["value"],
            "health_at": health["happened_at"],
            "survey": survey["value"],
            "survey_at": survey["happened_at"],
        }
    )


def signals(day: Day) -> Any:
    """Return one row a standing signal: ``account``, ``kind``, ``observed_at``."""
    raised = {**_of_usage(day), **_of_contact(day), **_of_money_and_opinion(day)}
    parts = [
        pd.DataFrame(
            {"account": observed.index[mask], "kind": kind, "observed_at": observed[mask].to_numpy()}
        )
        for kind, (mask, observed) in raised.items()
    ]
    return pd.concat(parts, ignore_index=True)


Raised = dict[str, tuple[Any, Any]]
WEEK = pd.Timedelta(days=7)


def _of_usage(day: Day) -> Raised:
    rows, n = day.found["conditions"], day.numbers
    ends = pd.Series(day.ends_at, index=rows.index)
    over = pd.Series(pd.Timestamp(day.week_on) + WEEK, index=rows.index)
    fresh = 7 * rows["since_fall"] <= n["signals_usage_drop_days"]
    fell = rows["ready"] & fresh & (rows["recent"] < rows["usual"] * n["states_leave_above"])
    small = rows["mean12"].fillna(0) < n["signals_small_users"]
    weeks = small.map({True: n["signals_silent_weeks_small"], False: n["signals_silent_weeks"]})
    silent = rows["seen"] & (rows["zero_weeks"] < rows["weeks_seen"]) & (rows["zero_weeks"] >= weeks)
    ratio = (rows["tickets_recent"] / rows["tickets_normal"].clip(lower=1)).fillna(0)
    many = (rows["tickets_recent"] >= n["signals_ticket_volume_least"]) & (
        ratio >= n["signals_ticket_volume_ratio"]
    )
    return {
        "usage_drop": (fell, over - WEEK * (rows["since_fall"].fillna(1) - 1)),
        "usage_silent": (silent, over - WEEK * (rows["zero_weeks"].fillna(0) - weeks)),
        "seats_unused": (
            rows["seats_used"] < n["signals_seats_used_below"],
            over - WEEK * n["signals_usage_short_weeks"],
        ),
        "ticket_escalated": (rows["open_escalations"] > 0, rows["escalated_at"]),
        "ticket_volume": (many, ends - WEEK * n["signals_ticket_weeks"]),
    }


def _of_contact(day: Day) -> Raised:
    rows, n = day.found["conditions"], day.numbers
    ends = pd.Series(day.ends_at, index=rows.index)
    quiet = n["signals_champion_silent_days"]
    left, heard = rows["champion_left_at"], rows["champion_heard_at"]
    fell = rows["sentiment_before"] - rows["sentiment_now"]
    over = (rows["quiet_days"] - rows["quiet_limit_days"]).fillna(0)
    return {
        "champion_left": (left >= day.ago(n["signals_champion_left_days"]), left),
        "champion_silent": (left.isna() & (heard < day.ago(quiet)), heard + pd.Timedelta(days=quiet)),
        "contact_gap": (
            rows["quiet_days"] > rows["quiet_limit_days"],
            ends - pd.to_timedelta(over, unit="D"),
        ),
        "sentiment_negative": (
            rows["sentiment_now"] < n["signals_sentiment_negative_below"],
            rows["sentiment_at"],
        ),
        "sentiment_falling": (fell >= n["signals_sentiment_fall"], rows["sentiment_at"]),
    }


def _of_money_and_opinion(day: Day) -> Raised:
    rows, n = day.found["conditions"], day.numbers
    near = n["signals_renewal_near_days"]
    untalked = (rows["contact_days"] >= near) & (rows["judged_by"] != "usage")
    since = pd.Timestamp(day.ends_at) - pd.to_timedelta(rows["contact_days"].fillna(near) - near, unit="D")
    paid = rows["arr_cents"] + rows["contraction_cents"]
    cut = (rows["contraction_cents"] >= n["signals_contraction_share"] * paid) & (rows["arr_cents"] > 0)
    return {
        "renewal_near": (
            rows["renewal_days"].between(0, near) & untalked,
            (rows["renews_on"] - pd.Timedelta(days=near)).clip(lower=since),
        ),
        "contraction": (cut, rows["contracted_at"]),
        "detractor": (rows["survey"] <= n["signals_detractor_at_most"], rows["survey_at"]),
        "health_low": (rows["health"] < n["signals_health_low_below"], rows["health_at"]),
    }


def states(day: Day, carry: dict[str, pa.Table]) -> Any:
    """Return the state of each account, and put what the machine remembers into ``carry``."""
    answer = stand({"state_input": _state_input(day), "state_carry": carry["state_carry"]}, day.numbers)
    carry["state_carry"] = answer["state_carry_after"]
    return answer["state_as_of"].to_pandas().set_index("account")


def scores(day: Day) -> Any:
    """Return the points off each active account's score."""
    rows, raised = day.found["conditions"], day.found["signals"]
    terms = day.frames["policy_states_score_terms"].set_index("term")
    costs = day.frames["policy_states_score_signals"].set_index("kind")
    known = {
        "usage": rows["ready"],
        "seats": rows["seats_used"].notna(),
        "tickets": rows["tickets_recent"].notna(),
        "interactions": rows["quiet_days"].notna(),
        "contacts": rows["champion"].notna(),
        "sentiment": rows["sentiment_now"].notna(),
        "revenue": rows["arr_cents"].notna(),
        "scores": rows["health"].notna() | rows["survey"].notna(),
    }
    weight = sum(known[needs] * terms.loc[terms["needs"] == needs, "cap"].sum() for needs in known)
    cost = raised.assign(term=raised["kind"].map(costs["term"]), points=raised["kind"].map(costs["points"]))
    total = cost.groupby(["account", "term"])["points"].sum().unstack().reindex(rows.index)
    points = pd.Series(0.0, index=rows.index)
    for term in total.columns:
        taken = total[term].clip(upper=terms.loc[term, "cap"]).where(known[terms.loc[term, "needs"]])
        points += (taken * 1000 / weight).add(1e-7).round().div(10).fillna(0)
    usage = total["usage"].notna() & known[terms.loc["usage", "needs"]] if "usage" in total else False
    day.found["weights"] = pd.DataFrame({"weight": weight, "has_usage": usage}, index=rows.index)
    return points.clip(upper=100).where(weight > 0)


def green(day: Day) -> Any:
    """Return whether each account is green, by account; of a churned one nothing is said."""
    stands, n = day.found["states"], day.numbers
    weights = day.found["weights"].reindex(stands.index)
    read = day.found["usage"].reindex(stands.index)
    costs = day.frames["policy_states_score_signals"]
    fall = costs.loc[costs["kind"] == "usage_drop", "points"].max()
    lasts = stands["state"].isin(["declining", "at_risk"]) & ~weights["has_usage"].eq(True)
    lasts &= read["ready"].eq(True) & (read["recent"] < stands["frozen"] * n["states_leave_above"])
    lasting = (fall * 100 / weights["weight"]).round(1).where(lasts, 0.0)
    score = (100 - day.found["scores"].reindex(stands.index) - lasting).clip(lower=0)
    low = stands["state"].isin(["at_risk", "declining", "silent", "recovering"])
    low |= (score < n["states_yellow_from"]) | (score < n["states_green_from"])
    return (~low)[stands["state"] != "churned"]


def _state_input(day: Day) -> pa.Table:
    book, read = day.found["accounts"], day.found["usage"]
    rows = book[~(book["started_at"] >= day.ends_at)][["active", "started_at"]].sort_index()
    rows["age_days"] = (pd.Timestamp(day.as_of) - rows.pop("started_at").dt.normalize()).dt.days
    figures = ["usual", "recent", "score_short", "seen_sum", "exposure", "exposure_squares", "dispersion"]
    rows = rows.join(read[["seen", "ready", *figures, "mean12", "zero_weeks", "weeks_seen"]])
    for name in ("seen", "ready"):
        rows[name] = rows[name].eq(True)
    for name in ("mean12", "zero_weeks", "weeks_seen"):
        rows[name] = rows[name].fillna(0)
    rows["points"] = day.found["scores"].reindex(rows.index).fillna(0)
    whole = {name: "int64" for name in ("zero_weeks", "weeks_seen")}
    rows = rows.astype({**{name: "float64" for name in (*figures, "age_days", "mean12", "points")}, **whole})
    rows.insert(0, "as_of", day.as_of)
    return pa.Table.from_pandas(rows.reset_index(names="account"), preserve_index=False)
