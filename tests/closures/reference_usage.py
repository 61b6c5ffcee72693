"""Silence judged by usage, worked out run day by run day in plain Python; shares nothing with ``evenbook``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.closures.known import Known, Row, Rules

COMPLETE = 0.5
"""The share from which a week of a feed counts as delivered."""


class Silence(NamedTuple):
    """An account that went unused for too long. ``loop`` is its row in the policy."""

    loop: Row
    account: int
    crossed_on: date
    opened_at: datetime


def silences(known: Known) -> Iterator[Silence]:
    """Yield each silence once, at the first run day that sees it."""
    last: dict[tuple[str, int], date] = {}
    for run_on in known.run_days:
        ends_at = known.start_of(run_on + timedelta(days=1))
        rules = next(each for each in known.rules if each.from_at < ends_at <= each.until_at)
        for loop in rules.loops("silence"):
            for account in known.accounts:
                found = silent_since(known, rules, loop, account, run_on)
                if found is None:
                    continue
                since_on, days = found
                before = last.get((loop["loop"], account))
                last[loop["loop"], account] = run_on
                if before is None or since_on >= before:
                    crossed_on = since_on + timedelta(days=days + 1)
                    week_before = ends_at - timedelta(days=7)
                    opened_at = max(known.start_of(crossed_on), week_before, rules.start_at)
                    yield Silence(loop, account, crossed_on, opened_at)


def silent_since(
    known: Known, rules: Rules, loop: Row, account: int, run_on: date
) -> tuple[date, int] | None:
    """Return what ``since`` finds, each once a world: later days change nothing of what a run day saw."""
    asked = (loop["loop"], account, run_on)
    if asked not in known.silent:
        known.silent[asked] = since(known, rules, loop, account, run_on)
    return known.silent[asked]


def since(known: Known, rules: Rules, loop: Row, account: int, run_on: date) -> tuple[date, int] | None:
    """Return since when nobody used an account and the days that are allowed; None while they are not over."""
    ends_at = known.start_of(run_on + timedelta(days=1))
    last_moment = ends_at - timedelta(microseconds=1)
    if known.visible_at(account) >= ends_at or known.is_churned(account, last_moment):
        return None
    tier = known.tier_at(account, last_moment)
    asked = next(
        (
            row
            for row in rules.closures["cadences"]
            if row["loop"] == loop["loop"]
            and row["tier"] == tier
            and row.get("judged_by") in ("usage", "either")
        ),
        None,
    )
    if asked is None or str(tier) not in loop["tiers"]:
        return None
    used_on = last_use(known, account, run_on)
    if used_on is None or (run_on - used_on).days <= asked["every_days"]:
        return None
    days = [used_on, known.day_of(max(known.visible_at(account), rules.start_at))]
    days += [
        known.day_of(row["happened_at"])
        for row in known.artifacts_of.get((account, loop["artifact"]), [])
        if row["visible_at"] < ends_at
    ]
    if asked["judged_by"] == "either":
        days += [known.day_of(at) for at in contacts(known, account, ends_at)]
    silent = (run_on - max(days)).days > asked["every_days"]
    return (max(days), asked["every_days"]) if silent else None


def contacts(known: Known, account: int, ends_at: datetime) -> Iterator[datetime]:
    """Yield when each meaningful contact happened that could be seen at an instant."""
    rules = known.rules[-1]
    for row in known.talks_of.get(account, []):
        holds = row["visible_at"] < ends_at and (row["hidden_at"] or ends_at) >= ends_at
        if holds and row["status"] == "completed" and rules.is_meaningful(row):
            yield row["happened_at"]


def last_use(known: Known, account: int, run_on: date) -> date | None:
    """Return the last day of use as ``used`` finds it, each once a world: later days change nothing of it."""
    if (account, run_on) not in known.used:
        known.used[account, run_on] = used(known, account, run_on)
    return known.used[account, run_on]


def used(known: Known, account: int, run_on: date) -> date | None:
    """Return the last day of use, without the weeks that the feed did not deliver; None: nobody can say."""
    ends_at = known.start_of(run_on + timedelta(days=1))
    week_on = run_on - timedelta(days=run_on.weekday() + 7)
    rows = [
        row for row in known.usage.get(account, []) if row["known_at"] < ends_at and row["week_on"] <= week_on
    ]
    if not rows:
        return None
    told = sorted(rows, key=lambda row: (row["known_at"], row["week_on"]))
    shares = {
        row["week_on"]: row["share"]
        for row in sorted(known.feeds.get(told[0]["source"], []), key=lambda row: row["known_at"])
        if row["known_at"] < ends_at
    }
    delivered = sorted(week for week, share in shares.items() if share >= COMPLETE and week <= week_on)
    if not delivered or delivered[-1] < week_on - timedelta(days=7):
        return None
    values = {row["week_on"]: row["value"] for row in told}
    last = max((week for week, value in values.items() if value > 0), default=None)
    from_week = last if last is not None else min(values) - timedelta(days=7)
    empty = sum(from_week < week for week in delivered)
    return week_on + timedelta(days=6 - 7 * empty) if empty else None
