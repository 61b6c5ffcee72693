"""The first links of the burnout chain in pandas: reactive minutes, reviews and onboarding steps skipped."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evenbook.site.bench.notebook.accounts import Day, seen


def week(day: Day) -> dict[str, Any]:
    """Return the parts and wholes of each measure."""
    talks = seen(day, "interaction")
    talks = talks[(talks["status"] == "completed") & (talks["happened_at"] < day.ends_at)]
    owned = day.found["accounts"]
    book = owned[owned["active"]].assign(tier=day.found["tiers"])
    return {
        "reactive": _reactive(day, talks),
        "reviews_skipped": _reviews(day, talks, book),
        "onboarding_skipped": _onboarding(day, talks, book),
    }


def _first(day: Day) -> Any:
    return day.ago(7 * day.number("chain_weeks"))


def _reactive(day: Day, talks: Any) -> Any:
    rows = talks[talks["person"].notna() & (talks["minutes"] > 0) & (talks["happened_at"] >= _first(day))]
    sets_the_day = rows["kind"].isin(day.frames["policy_chain_reactive"]["value"])
    nowhere = {"tier": pd.NA, "segment": pd.NA, "pool": pd.NA}
    return rows.assign(part=rows["minutes"].where(sets_the_day, 0.0), whole=rows["minutes"], **nowhere)


def _reviews(day: Day, talks: Any, book: Any) -> Any:
    held = talks[talks["kind"].isin(day.frames["policy_chain_review_kinds"]["value"])]
    recent = held["happened_at"] >= _first(day)
    before = held[~recent].groupby("account")["happened_at"].max().reindex(book.index)
    lately = held[recent].groupby("account")["happened_at"].max().reindex(book.index)
    every = book["tier"].map(day.frames["policy_chain_reviews"].set_index("tier")["every_days"])
    since = pd.concat([before, book["started_at"], book["tier_since"]], axis=1).max(axis=1)
    since = since.clip(lower=held["happened_at"].min()).fillna(held["happened_at"].min())
    due = since + pd.to_timedelta(every, unit="D")
    rows = _theirs(book.assign(due_at=due, part=lately.isna().astype("int64"), whole=1))
    return rows[(rows["due_at"] < day.ends_at) & (len(held) > 0)]


def _onboarding(day: Day, talks: Any, book: Any) -> Any:
    asked = day.frames["policy_chain_onboarding"]
    written = seen(day, "artifact")
    columns = ["account", "kind", "happened_at"]
    told = pd.concat([talks[columns], written[columns]]).rename(columns={"kind": "step"})
    told = told[told["step"].isin(asked["step"])]
    kept = set(written["kind"]) | set(seen(day, "interaction").query("status == 'completed'")["kind"])
    rows = book.reset_index().merge(asked[asked["step"].isin(kept)], on="tier")
    rows["due_at"] = rows["started_at"] + pd.to_timedelta(rows["by_day"], unit="D")
    rows = rows[(rows["due_at"] < day.ends_at) & (rows["due_at"] >= _first(day))].reset_index(drop=True)
    both = rows.reset_index()[["index", "account", "step", "started_at"]].merge(told, on=["account", "step"])
    both = both[both["happened_at"] < day.ends_at]
    done = both[both["happened_at"] >= both["started_at"] - pd.Timedelta(days=30)]["index"].unique()
    return _theirs(rows.assign(part=(~rows.index.isin(done)).astype("int64"), whole=1))


def _theirs(rows: Any) -> Any:
    """Leave out the person of what fell due before they owned the account."""
    return rows.assign(person=rows["person"].where(~(rows["owner_since"] > rows["due_at"])))
