"""Accounts and people as of a day, in pandas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

Frames = Mapping[str, Any]
"""Table name to data frame: the facts, the policy's tables and the holidays."""


@dataclass(frozen=True)
class Day:
    """What a week is worked out from."""

    as_of: date
    ends_at: pd.Timestamp
    week_on: date
    frames: Frames
    numbers: Mapping[str, Any]
    found: dict[str, Any] = field(default_factory=dict)

    def ago(self, days: float) -> pd.Timestamp:
        """Return the end of the day so many days earlier."""
        return self.ends_at - pd.Timedelta(days=int(days))

    def number(self, name: str) -> Any:
        """Return a number of the policy."""
        return self.numbers[name]


def seen(day: Day, name: str) -> Any:
    """Return the rows of a table that the day can see."""
    rows = day.frames[name]
    known = rows[rows["visible_at"] < day.ends_at]
    if "hidden_at" not in rows:
        return known
    return known[known["hidden_at"].isna() | (known["hidden_at"] >= day.ends_at)]


def latest(rows: Any, keys: list[str], *, by: list[str]) -> Any:
    """Return the last row of each group, by the columns ``by``."""
    return rows.sort_values(by, kind="stable").drop_duplicates(keys, keep="last")


def accounts(day: Day) -> Any:
    """Return one row an account: its attributes, owner, revenue, renewal, products; indexed by account."""
    base = seen(day, "account").set_index("account")[["key", "parent", "started_at"]]
    joined = (
        base.join(_values(day))
        .join(_owners(day))
        .join(_revenue(day))
        .join(_renewals(day))
        .join(_products(day))
    )
    said = joined["status"].eq("churned") & ~(joined["gained_at"] > joined["status_at"])
    spent = (joined["contract_cents"] <= 0) & joined["lost_at"].notna()
    joined["active"] = ~(said | spent)
    joined["churned_at"] = joined["status_at"].where(said, joined["lost_at"].where(spent))
    joined["arr_cents"] = joined["contract_cents"].where(joined["active"], 0.0)
    for name in ("regulated", "strategic"):
        joined[name] = joined[name].eq(True)
    joined["products"] = joined["held"].fillna(joined["products"])
    return joined


def _values(day: Day) -> Any:
    last = latest(seen(day, "account_value"), ["account", "name"], by=["happened_at", "row_id"])
    wide = last.pivot(index="account", columns="name", values="value")
    names = (
        "tier",
        "segment",
        "stage",
        "products",
        "complexity",
        "regulated",
        "strategic",
        "seats",
        "status",
    )
    wide = wide.reindex(columns=[*names, "integrations", "use_cases"])
    for name in ("tier", "products", "complexity", "seats", "integrations", "use_cases"):
        wide[name] = pd.to_numeric(wide[name], errors="coerce")
    for name in ("regulated", "strategic"):
        wide[name] = wide[name].isin(["yes", "true", "1"])
    dated = last.pivot(index="account", columns="name", values="happened_at").reindex(
        columns=["status", "tier"]
    )
    dated = dated.astype("datetime64[us]")
    return wide.join(dated.rename(columns={"status": "status_at", "tier": "tier_since"}))


def _owners(day: Day) -> Any:
    rows = seen(day, "ownership")
    last = latest(rows[rows["role"] == "owner"], ["account"], by=["happened_at", "row_id"])
    owned = last.set_index("account")[["person", "pool", "happened_at"]]
    return owned.rename(columns={"happened_at": "owner_since"})


def _revenue(day: Day) -> Any:
    rows = seen(day, "movement")
    return pd.DataFrame(
        {
            "contract_cents": rows.groupby("account")["change_cents"].sum(),
            "gained_at": rows[rows["change_cents"] > 0].groupby("account")["happened_at"].max(),
            "lost_at": rows[rows["change_cents"] < 0].groupby("account")["happened_at"].max(),
        }
    )


def _renewals(day: Day) -> Any:
    rows = seen(day, "contract")
    due = pd.to_datetime(rows["renews_on"].fillna(rows["ends_on"]))
    open_still = (
        due.notna()
        & ~(pd.to_datetime(rows["starts_on"]) >= day.ends_at)
        & ~(rows["lost_at"] < day.ends_at)
        & ~(rows["renewed_at"] < day.ends_at)
        & (due + pd.Timedelta(days=31) >= day.ends_at)
    )
    return due[open_still].groupby(rows["account"][open_still]).min().rename("renews_on").to_frame()


def _products(day: Day) -> Any:
    rows = seen(day, "contract")
    held = (
        (rows["product"] != "")
        & rows["product"].notna()
        & ~(pd.to_datetime(rows["starts_on"]) >= day.ends_at)
        & ~(rows["lost_at"] < day.ends_at)
        & ~(pd.to_datetime(rows["ends_on"]) + pd.Timedelta(days=1) < day.ends_at)
    )
    return rows[held].groupby("account")["product"].nunique().rename("held").to_frame()


def tiers(day: Day) -> Any:
    """Return the tier of each active account: the one set, else its place in the revenue."""
    rows = day.found["accounts"]
    rows = rows[rows["active"]]
    known = rows["arr_cents"].dropna()
    above = known.rank(ascending=False, method="max") - known.groupby(known).transform("size") / 2
    edges = day.frames["policy_tiers_tiers"].sort_values("tier")["top_share"].to_numpy()
    places = np.minimum(np.searchsorted(edges * len(known), above.to_numpy()), len(edges) - 1)
    placed = pd.Series(places + 1, index=known.index).reindex(rows.index)
    placed = placed.fillna(day.number("tiers_unknown_arr_tier")).where(~rows["strategic"], 1)
    return rows["tier"].where(rows["tier"].between(1, 4), placed).astype("int64").rename("tier")


def retention(day: Day) -> Any:
    """Return what each account paid at the start of the window and at its end."""
    rows = seen(day, "movement")
    start = day.ago(7 * day.number("measures_retention_weeks"))
    began = rows[rows["happened_at"] < start].groupby("account")["change_cents"].sum()
    inside = rows[(rows["happened_at"] >= start) & rows["kind"].isin(["expansion", "contraction", "churn"])]
    flow = inside.groupby("account")["change_cents"].sum()
    book = day.found["accounts"]
    found = book[["person", "pool", "tier", "segment", "active"]].copy()
    found["start"] = began.reindex(book.index).fillna(0).clip(lower=0).where(~(book["churned_at"] < start), 0)
    found["end"] = book["arr_cents"].fillna(0)
    found["kept"] = found[["start", "end"]].min(axis=1)
    found["flow"] = flow.reindex(book.index).fillna(0)
    found["stayed"] = (found["start"] > 0) & (found["end"] > 0) & found["active"]
    gained = rows[(rows["happened_at"] < start) & (rows["change_cents"] > 0)]["account"]
    outside = (found["start"] == 0) & (found["end"] > 0)
    found["is_returned"] = outside & found.index.isin(gained)
    found["is_new"] = outside & ~found["is_returned"]
    found["month_start"], found["month_loss"] = _month(rows, day, book.index)
    found["due"] = found["start"].where(found.index.isin(_came_due(day, start)), 0)
    return found[rows.groupby("account").size().reindex(book.index).fillna(0) > 0]


def _month(rows: Any, day: Day, accounts: Any) -> tuple[Any, Any]:
    """Return what each account paid four weeks before, and what was booked as a loss since."""
    ago = day.ago(28)
    began = rows[rows["happened_at"] < ago].groupby("account")["change_cents"].sum()
    lost = rows[(rows["happened_at"] >= ago) & rows["kind"].isin(["contraction", "churn"])]
    loss = -lost.groupby("account")["change_cents"].sum()
    return began.reindex(accounts).fillna(0).clip(lower=0), loss.reindex(accounts).fillna(0)


def _came_due(day: Day, start: Any) -> Any:
    """Return the accounts with a contract that came due in the window."""
    rows = day.frames["contract"]
    due = pd.to_datetime(rows["renews_on"].fillna(rows["ends_on"]))
    lasted = rows["hidden_at"].isna() | (rows["hidden_at"] >= due - pd.Timedelta(days=120))
    return rows[(rows["visible_at"] < day.ends_at) & (due < day.ends_at) & (due >= start) & lasted]["account"]
