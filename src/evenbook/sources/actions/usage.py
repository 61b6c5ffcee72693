"""Landing usage that was folded before: each key resolved once, then account by account.

Weeks that one file begins and another ends are put together from their days.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from evenbook.book.actions.writing import insert_plain
from evenbook.records.actions import land_feed, land_usage
from evenbook.sources.actions.context import Loading
from evenbook.sources.actions.lookups import keep
from evenbook.sources.actions.resolving import account_of
from evenbook.sources.actions.usage_rows import Folded
from evenbook.sources.models import PartialDay
from evenbook.sources.rules.folding import ACTIVE_USERS, Fold, Ints, Sums, code, day_of, keeps_peak, parts
from evenbook.sources.rules.rows import Held, Record, Refusal

ACCOUNTS_AT_ONCE = 500
RANK = {"created": 0, "changed": 1, "unchanged": 2}
Edges = dict[tuple[int, int], dict[str, float]]
"""Values of the weeks at the ends of a file, by account and Monday."""


@dataclass(slots=True)
class Resolved:
    """Whose usage each key is, by its number: an account, or -1 and why there is none."""

    accounts: Ints
    stopped: dict[int, Refusal | Held]


def resolve(folded: Folded, loading: Loading, *, file: str) -> Resolved:
    """Return whose usage each key of a file is."""
    accounts = np.full(len(folded.fold.keys), -1, dtype=np.int64)
    stopped: dict[int, Refusal | Held] = {}
    by_contract: dict[str, int] = {}
    if "contract_id" in folded.fields:
        by_contract = {contract: account for (_, contract), account in loading.contracts.items()}
    for text, number in folded.fold.keys.items():
        name, _, value = text.partition(":")
        found: int | Refusal | Held
        if name == "contract_id":
            account = loading.contracts.get((folded.mapping.source, value), by_contract.get(value))
            found = (
                Refusal("contract_id", f"no contract has the id '{value}'") if account is None else account
            )
        else:
            found = account_of(Record(0, {name: value}), folded.mapping.source, loading, file=file)
        if isinstance(found, int):
            accounts[number] = found
        else:
            stopped[number] = found
    return Resolved(accounts, stopped)


def _no_contract(source: str, contract: str, loading: Loading) -> Refusal | Held:
    key = (source, f"contract:{contract}")
    if key in loading.held:
        return Held(loading.held[key])
    where = f" ({loading.refused[key]} was rejected)" if key in loading.refused else ""
    return Refusal("contract_id", f"no contract has the id '{contract}'{where}")


def land(folded: Folded, resolved: Resolved, loading: Loading) -> Counter[str]:
    """Land a folded file and return how many rows had which outcome."""
    fold = folded.fold
    edges = _edges(folded, resolved)
    weeks = {measure: _by_account(sums, resolved) for measure, sums in fold.weeks.items()}
    rows = _by_account(fold.rows, resolved)
    counts: Counter[str] = Counter()
    accounts = np.unique(resolved.accounts[resolved.accounts >= 0])
    for start in range(0, len(accounts), ACCOUNTS_AT_ONCE):
        piece = accounts[start : start + ACCOUNTS_AT_ONCE]
        first, last = int(piece[0]), int(piece[-1])
        cells = [
            (account, day_of(week), measure, edges.get((account, week), {}).get(measure, value))
            for measure, sums in weeks.items()
            for account, week, value in _between(sums, first, last)
        ]
        landed = land_usage(cells, source=folded.mapping.source, now=loading.now, written=loading.written)
        outcomes: dict[tuple[int, int], str] = {}
        for (account, week_on, _, _), outcome in zip(cells, landed, strict=True):
            at = (account, week_on.toordinal())
            outcomes[at] = min(outcomes.get(at, "unchanged"), outcome, key=lambda each: RANK[each])
        for account, week, number in _between(rows, first, last):
            counts[outcomes.get((account, week), "unchanged")] += int(number)
    _land_feed(folded, loading)
    return counts


def _by_account(sums: Sums, resolved: Resolved) -> Sums:
    """Return numbers by account and day instead of by key; keys of one account go together."""
    keys, days = parts(sums.codes)
    accounts = resolved.accounts[keys]
    chosen = accounts >= 0
    found = Sums(peak=False)
    found.add(code(accounts[chosen], days[chosen]), sums.values[chosen])
    found.fold()
    return found


def _between(sums: Sums, first: int, last: int) -> Iterator[tuple[int, int, float]]:
    """Yield account, day and number for a range of accounts."""
    bounds = np.array([first, last + 1], dtype=np.int64)
    start, end = np.searchsorted(sums.codes, code(bounds, np.zeros(2, np.int64)))
    accounts, days = parts(sums.codes[start:end])
    yield from zip(accounts.tolist(), days.tolist(), sums.values[start:end].tolist(), strict=True)


def _edges(folded: Folded, resolved: Resolved) -> Edges:
    """Put the days of a week that several files deliver together, the newest file's days first."""
    fold, source = folded.fold, folded.mapping.source
    found: Edges = defaultdict(dict)
    if fold.by_week or not fold.last:
        return found
    for week in sorted(fold.edges()):
        for measure, sums in fold.days.items():
            mine = {
                (account, day): value
                for account, day, value in _all(_by_account(sums, resolved))
                if week <= day < week + 7
            }
            merged = {**_days_before(fold, source, measure, week=week), **mine}
            for account, value in _week_values(merged, peak=keeps_peak(measure)).items():
                found[account, week][measure] = value
            _keep_days(source, measure, week, {at: (value, []) for at, value in merged.items()})
        if fold.day_people:
            _people_edge(fold, source, week, resolved=resolved, found=found)
    return found


def _all(sums: Sums) -> Iterator[tuple[int, int, float]]:
    accounts, days = parts(sums.codes)
    yield from zip(accounts.tolist(), days.tolist(), sums.values.tolist(), strict=True)


def _week_values(days: dict[tuple[int, int], float], *, peak: bool) -> dict[int, float]:
    by_account: dict[int, list[float]] = defaultdict(list)
    for (account, _), value in days.items():
        by_account[account].append(value)
    return {account: max(values) if peak else sum(values) for account, values in by_account.items()}


def _people_edge(fold: Fold, source: str, week: int, *, resolved: Resolved, found: Edges) -> None:
    """Count the different people of a week that several files deliver together."""
    merged: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = PartialDay.objects.filter(
        source=source, measure=ACTIVE_USERS, day_on__gte=day_of(week), day_on__lt=day_of(week + 7)
    )
    delivered = set(fold.covered_days(week))
    for account, day, people in rows.values_list("account_id", "day_on", "people"):
        if day.toordinal() not in delivered:
            merged[account, day.toordinal()].update(people)
    for at, users in fold.day_people.items():
        keys, days = parts(np.array([at], dtype=np.int64))
        account, number = int(resolved.accounts[keys[0]]), int(days[0])
        if account >= 0 and week <= number < week + 7:
            merged[account, number].update(users)
    people_of: dict[int, set[int]] = defaultdict(set)
    for (account, _), users in merged.items():
        people_of[account] |= users
    for account, users in people_of.items():
        found[account, week][ACTIVE_USERS] = float(len(users))
    _keep_days(
        source, ACTIVE_USERS, week, {at: (float(len(users)), sorted(users)) for at, users in merged.items()}
    )


def _days_before(fold: Fold, source: str, measure: str, *, week: int) -> dict[tuple[int, int], float]:
    """Return the days of a week that earlier files delivered and this one doesn't."""
    delivered = set(fold.covered_days(week))
    rows = PartialDay.objects.filter(
        source=source, measure=measure, day_on__gte=day_of(week), day_on__lt=day_of(week + 7)
    )
    return {
        (account, day.toordinal()): value
        for account, day, value in rows.values_list("account_id", "day_on", "value")
        if day.toordinal() not in delivered
    }


def _keep_days(
    source: str, measure: str, week: int, days: dict[tuple[int, int], tuple[float, list[int]]]
) -> None:
    """Keep the days of a week for the file that completes it."""
    first, after = day_of(week), day_of(week + 7)
    PartialDay.objects.filter(source=source, measure=measure, day_on__gte=first, day_on__lt=after).delete()
    columns = ("source", "measure", "account_id", "day_on", "value", "people")
    rows = (
        (source, measure, account, day_of(day), value, people)
        for (account, day), (value, people) in sorted(days.items())
    )
    insert_plain(PartialDay, columns, rows)


def _land_feed(folded: Folded, loading: Loading) -> None:
    """Note how much of each week the feed has delivered by now."""
    fold, source = folded.fold, folded.mapping.source
    if not fold.last:
        return
    today = loading.now.date()
    weeks: list[tuple[str, date, float]] = []
    for measure in fold.weeks:
        known = loading.lookup(source, f"feed-days:{measure}")
        changed: dict[str, dict[str, object]] = {}
        for week in range(fold.first - (fold.first - 1) % 7, fold.last + 1, 7):
            share = fold.share(week, today)
            name = day_of(week).isoformat()
            if not fold.by_week and (share < 1 or name in known):
                before = known.get(name, {}).get("days")
                days = set(before if isinstance(before, list) else ()) | set(fold.covered_days(week))
                changed[name] = {"days": sorted(days)}
                share = max(share, sum(1 for day in days if day < today.toordinal()) / 7)
            if share > 0:
                weeks.append((measure, day_of(week), min(1.0, share)))
        known.update(changed)
        keep(source, f"feed-days:{measure}", changed)
    land_feed(weeks, source=source, now=loading.now, written=loading.written)
