"""Coverage worked out account by account in plain Python, for the product's SQL to be held against.

Shares nothing with ``evenbook``: rows and policy are plain dictionaries, all instants aware and in UTC.
It is slow on purpose: a day is worked out from the rows that could be seen before it was over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.closures.known import NEVER, Known, Row, World
from tests.closures.reference_usage import COMPLETE

INSTANT = timedelta(microseconds=1)
PASSED_DAYS = 30
"""So long after its day a renewal that was neither booked nor lost is still the next one."""


class Standing(NamedTuple):
    """Whether an artifact is there, and the day that goes with it."""

    status: str
    on: date | None


def coverage_as_of(world: World, day: date) -> dict[tuple[str, str], Standing]:
    """Return by account and kind of artifact how each stands at the end of a day."""
    known = Known(world, day)
    asked = next(rules for rules in known.rules if rules.holds_at(known.ends_at - INSTANT)).closures
    return {
        (known.accounts[account]["key"], row["kind"]): standing(known, account, asked, row)
        for account in served(known)
        for row in asked["requirements"]
        if row["tier"] == known.tier_at(account, known.ends_at - INSTANT)
    }


def served(known: Known) -> Iterator[int]:
    """Yield the accounts of whom something is asked: begun and not churned."""
    for account, row in known.accounts.items():
        is_there = known.visible_at(account) < known.ends_at
        if is_there and (row["started_at"] is None or row["started_at"] < known.ends_at):
            if not known.is_churned(account, known.ends_at - INSTANT):
                yield account


def standing(known: Known, account: int, asked: Row, row: Row) -> Standing:
    """Return how one artifact of an account stands."""
    valid = timedelta(days=row["valid_days"])
    written_on = last_written(known, account, row["kind"])
    if row["needed"] == "renewal":
        renews_on = next_renewal(known, account)
        if renews_on is None:
            return Standing("not_yet_due", None)
        owed_on = renews_on - timedelta(days=asked["renewal_brief_days"])
        return judged(known.day, brief_until(asked, renews_on, written_on, valid), owed_on)
    begun = served_from(known, account)
    owed_on = begun + timedelta(days=row["first_days"]) if begun else None
    uses = [written_on]
    if row["needed"] == "usage":
        uses.append(last_used(known, account))
    return judged(known.day, max((use + valid for use in uses if use), default=None), owed_on)


def judged(day: date, until: date | None, owed_on: date | None) -> Standing:
    if until is not None:
        is_current = until >= day
        return Standing("current", until) if is_current else Standing("expired", until + timedelta(days=1))
    if owed_on is not None and owed_on >= day:
        return Standing("not_yet_due", owed_on)
    return Standing("missing", owed_on)


def last_written(known: Known, account: int, kind: str) -> date | None:
    """Return the day of the last artifact of a kind; one that was replaced or taken back is none."""
    rows = [row for row in known.artifacts_of.get((account, kind), []) if row["hidden_at"] is None]
    return max((known.day_of(row["happened_at"]) for row in rows), default=None)


def brief_until(asked: Row, renews_on: date, written_on: date | None, valid: timedelta) -> date | None:
    """Return until when a renewal brief holds: its days, or the first refresh that it is too old for."""
    if written_on is None:
        return None
    ahead = (renews_on - written_on).days
    if ahead > asked["renewal_brief_days"] + asked["renewal_early_days"]:
        return None
    ends = [written_on + valid]
    for mark in asked["renewal_refreshes"]:
        if ahead - mark["days_before"] > asked["renewal_refresh_early_days"]:
            ends.append(renews_on - timedelta(days=mark["days_before"]))
    return min(ends)


def next_renewal(known: Known, account: int) -> date | None:
    """Return the first renewal of the contracts that run and are neither booked, nor lost, nor long past."""
    found = []
    for row in known.contracts.get(account, []):
        on = row["renews_on"] or row["ends_on"]
        ends = [row[name] or NEVER for name in ("hidden_at", "renewed_at", "lost_at")]
        if on is None or min(ends) < known.ends_at:
            continue
        runs = row["starts_on"] is None or row["starts_on"] <= known.day
        if runs and (known.day - on).days <= PASSED_DAYS:
            found.append(on)
    return min(found, default=None)


def served_from(known: Known, account: int) -> date | None:
    """Return the day from which an account is owed what its tier asks: its start, or its move into the tier."""
    rows = sorted(known.values.get((account, "tier"), []), key=lambda row: (row["happened_at"], row["id"]))
    moved_at = None
    for before, row in zip([None, *rows], rows, strict=False):
        if before is None or before["value"] != row["value"]:
            moved_at = row["happened_at"]
    told = [at for at in (known.accounts[account]["started_at"], moved_at) if at and at.year > 1970]
    return known.day_of(max(told)) if told else None


def last_used(known: Known, account: int) -> date | None:
    """Return the last day of use, the weeks that the feed did not deliver left out; None: none was seen."""
    week_on = known.day - timedelta(days=known.day.weekday() + 7)
    rows = sorted(known.usage.get(account, []), key=lambda row: row["known_at"])
    values = {row["week_on"]: row["value"] for row in rows if row["week_on"] <= week_on}
    last_on = max((week for week, value in values.items() if value > 0), default=None)
    if last_on is None:
        return None
    feed = sorted(known.feeds.get(rows[0]["source"], []), key=lambda row: row["known_at"])
    shares = {row["week_on"]: row["share"] for row in feed}
    empty = sum(last_on < week <= week_on and share >= COMPLETE for week, share in shares.items())
    return week_on + timedelta(days=6 - 7 * empty)
