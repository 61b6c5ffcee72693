"""What an instance knew on a day: rows, policy, tiers, owners and working days, in plain Python.

Shares nothing with ``evenbook``: rows and policy are plain dictionaries, all instants aware and in UTC.
``reference`` works loops out from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Row = dict[str, Any]

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass
class World:
    """All rows of an instance, whenever they became known. Rows of a merged account stand under its heir.

    Each row has ``id``; rows of histories have ``account`` (an id), ``happened_at`` and ``known_at``;
    versioned ones also ``source``, ``external_id`` and ``known_until``.

    Args:
        zone: the organization's time zone.
        policies: versions, oldest first: from when each holds, and its sections ``closures`` and ``records``.
        loaded_on: the day of the first load, where the policy names no start; None: nothing was loaded.
        accounts: ``key``, ``started_at``, ``known_at``; none that was merged into another.
        account_values: ``name``, ``value``.
        ownerships: ``role``, ``person``, ``pool``.
        movements: ``change_cents``.
        people: ``region``, ``left_on``.
        leaves: ``person``, ``first_on``, ``last_on``, ``known_at``.
        roles: ``person``, ``role``, ``first_on``, ``known_at``.
        usage: weeks of the measure that is watched: ``source``, ``week_on``, ``value``, ``known_at``.
        feeds: how complete each week of it was: ``source``, ``week_on``, ``share``, ``known_at``.
        interactions: ``kind``, ``status``, ``minutes``, ``customer_present``, ``carries_answer``.
        tickets: ``kind``, ``priority``, ``escalated_at``.
        contracts: ``renews_on``, ``ends_on``, ``renewed_at``, ``lost_at``; for coverage also ``starts_on``.
        artifacts: ``kind``, and ``closes``, the key of the one loop that it closes.
        holidays: public holidays by region.
        run_days: the days that were worked out; churn is seen at the end of one. Empty: every day.
        assumed_tiers: by account and run day, where nobody set one.
        used: what was found of the last use by account and run day, kept from one day to the next.
        silent: what was found of a silence by loop, account and run day, kept likewise.
        spent: what was seen of churn by account and the end of a run day, kept likewise.
    """

    zone: str
    policies: list[tuple[datetime, Row]]
    loaded_on: date | None = None
    accounts: list[Row] = field(default_factory=list)
    account_values: list[Row] = field(default_factory=list)
    ownerships: list[Row] = field(default_factory=list)
    movements: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    leaves: list[Row] = field(default_factory=list)
    roles: list[Row] = field(default_factory=list)
    usage: list[Row] = field(default_factory=list)
    feeds: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    artifacts: list[Row] = field(default_factory=list)
    holidays: dict[str, set[date]] = field(default_factory=dict)
    run_days: list[date] = field(default_factory=list)
    assumed_tiers: dict[tuple[int, date], int] = field(default_factory=dict)
    used: dict[tuple[int, date], date | None] = field(default_factory=dict)
    silent: dict[tuple[str, int, date], tuple[date, int] | None] = field(default_factory=dict)
    spent: dict[tuple[int, datetime], datetime] = field(default_factory=dict)


class Stretch(NamedTuple):
    """A time in which one tier was set."""

    from_at: datetime
    until_at: datetime
    tier: int | None


@dataclass(frozen=True)
class Rules:
    """One version of the policy and the time in which it holds. No loop opens before ``start_at``."""

    from_at: datetime
    until_at: datetime
    start_at: datetime
    closures: Row
    records: Row

    @cached_property
    def counts(self) -> dict[str, str]:
        return {row["kind"]: row["counts"] for row in self.records["kinds"]}

    def loops(self, *opened_by: str) -> list[Row]:
        return [loop for loop in self.closures["loops"] if loop["opened_by"] in opened_by]

    def holds_at(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at

    def is_meaningful(self, talk: Row) -> bool:
        """Return whether a completed interaction counts as contact."""
        counts = self.counts.get(talk["kind"])
        if counts == "minutes":
            long_enough = (talk["minutes"] or 0) >= self.records["meaningful_minutes"]
            return bool(talk["customer_present"] and talk["minutes"] is not None and long_enough)
        return counts == "always" or (counts == "answer" and bool(talk["carries_answer"]))


class Known:
    """What could be seen before a day was over, and what follows from it."""

    def __init__(self, world: World, day: date) -> None:
        self.day, self.zone = day, ZoneInfo(world.zone)
        self.ends_at = self.start_of(day + timedelta(days=1))
        self.accounts = {row["id"]: row for row in world.accounts}
        self.values = by(self._seen(world.account_values), "account", "name")
        held = self._seen(world.ownerships)
        self.owners = by((row for row in held if row["role"] == "owner"), "account")
        self.roles_held = by((row for row in held if row["role"] != "owner"), "account", "role")
        self.newest = world.policies[-1][1]
        self.movements = by(self._seen(world.movements), "account")
        self.talks = by(self._seen(world.interactions), "source", "external_id")
        self.tickets = by(self._seen(world.tickets), "source", "external_id")
        self.contracts = by(self._seen(world.contracts), "account")
        self.artifacts = self._seen(world.artifacts)
        self.linked = by((row for row in self.artifacts if row.get("closes")), "closes")
        self.unlinked = by((row for row in self.artifacts if not row.get("closes")), "account", "kind")
        self.regions = {row["id"]: row["region"] for row in world.people}
        self.left_on = {row["id"]: row["left_on"] for row in world.people if row.get("left_on")}
        self.used, self.silent, self.spent = world.used, world.silent, world.spent
        self.leaves = [row for row in world.leaves if row["known_at"] < self.ends_at]
        told = sorted(world.roles, key=lambda row: (row["known_at"], row["id"]))
        self.roles = by((row for row in told if row["known_at"] < self.ends_at), "person")
        self.usage = by((row for row in world.usage if row["known_at"] < self.ends_at), "account")
        self.feeds = by((row for row in world.feeds if row["known_at"] < self.ends_at), "source")
        self.holidays, self.assumed_tiers = world.holidays, world.assumed_tiers
        self.run_days = sorted({each for each in world.run_days if each < day} | {day})
        self.every_day_is_run = not world.run_days
        self.run_ends = [self.start_of(each + timedelta(days=1)) for each in self.run_days]
        self.tiers = {account: self._tier_stretches(account) for account in self.accounts}
        self.rules = list(self._rules(world))

    def _seen(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that could be seen by then; a version replaced before it happened never could."""
        found = []
        for row in rows:
            visible_at = max(row["happened_at"], row["known_at"])
            hidden_at = row.get("known_until") or NEVER
            if visible_at < self.ends_at and visible_at < hidden_at:
                still = None if hidden_at >= self.ends_at else hidden_at
                found.append({**row, "visible_at": visible_at, "hidden_at": still})
        return sorted(found, key=lambda row: (row["visible_at"], row["id"]))

    def _rules(self, world: World) -> Iterator[Rules]:
        begins = [BEGINNING, *(from_at for from_at, _ in world.policies[1:]), NEVER]
        for (from_at, until_at), (_, policy) in zip(pairwise(begins), world.policies, strict=True):
            start_on = policy["closures"]["start_on"] or world.loaded_on
            start_at = self.start_of(start_on) if start_on else NEVER
            yield Rules(from_at, until_at, start_at, policy["closures"], policy["records"])

    def start_of(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def run_day_after(self, at: datetime) -> tuple[date, datetime]:
        """Return the first run day that ends after an instant, and when it ends."""
        if self.every_day_is_run:
            day = self.day_of(at)
            return day, self.start_of(day + timedelta(days=1))
        place = bisect_right(self.run_ends, at)
        return self.run_days[place], self.run_ends[place]

    def visible_at(self, account: int) -> datetime:
        """Return from when an account itself could be seen."""
        row = self.accounts[account]
        found: datetime = max(row["started_at"] or row["known_at"], row["known_at"])
        return found

    def _tier_stretches(self, account: int) -> list[Stretch]:
        rows = self.values.get((account, "tier"), [])
        changes: dict[datetime, int | None] = {}
        for count, row in enumerate(rows, start=1):
            newest = max(rows[:count], key=lambda each: (each["happened_at"], each["id"]))
            changes[row["visible_at"]] = tier_of(newest["value"])
        ends = [*list(changes)[1:], NEVER]
        return [Stretch(at, end, tier) for (at, tier), end in zip(changes.items(), ends, strict=False)]

    def tier_at(self, account: int, at: datetime) -> int | None:
        """Return the tier that was set, else the one assumed on the first run day after."""
        for each in self.tiers[account]:
            if each.from_at <= at < each.until_at and each.tier is not None:
                return each.tier
        return self.assumed_tiers.get((account, self.run_day_after(at)[0]))

    def is_churned(self, account: int, at: datetime) -> bool:
        """Return whether the next run day saw that the account had churned by ``at``."""
        _, ends_at = self.run_day_after(at)
        if (account, ends_at) not in self.spent:
            self.spent[account, ends_at] = self._churned_at(account, ends_at)
        return self.spent[account, ends_at] <= at

    def _churned_at(self, account: int, ends_at: datetime) -> datetime:
        """Return when an account had churned as it was seen at the end of a run day; NEVER: it had not."""
        if self.visible_at(account) >= ends_at:
            return NEVER
        moves = [row for row in self.movements.get(account, []) if row["visible_at"] < ends_at]
        said = [row for row in self.values.get((account, "status"), []) if row["visible_at"] < ends_at]
        gained_at = max((row["happened_at"] for row in moves if row["change_cents"] > 0), default=BEGINNING)
        lost_at = max((row["happened_at"] for row in moves if row["change_cents"] < 0), default=None)
        last = max(said, key=lambda row: (row["happened_at"], row["id"]), default=None)
        if last and last["value"] == "churned" and gained_at <= last["happened_at"]:
            said_at: datetime = last["happened_at"]
            return said_at
        is_spent = sum(row["change_cents"] for row in moves) <= 0
        return lost_at if is_spent and lost_at is not None else NEVER

    @cached_property
    def talks_of(self) -> dict[int, list[Row]]:
        """Return every version of the interactions by account."""
        return by((row for rows in self.talks.values() for row in rows), "account")

    @cached_property
    def artifacts_of(self) -> dict[tuple[int, str], list[Row]]:
        """Return the artifacts by account and kind."""
        return by(self.artifacts, "account", "kind")

    def region_at(self, account: int, at: datetime, role: str = "") -> str:
        """Return the region of whoever had the role, else worked the account, else owned it.

        Empty for a pool or nobody. Who works it is told by its stage on the next run day.
        """
        rows = self.roles_held.get((account, role or self.stage_role(account, at)), [])
        for listed in (rows, self.owners.get(account, [])):
            seen = [row for row in listed if row["visible_at"] <= at]
            last = max(seen, key=lambda row: (row["happened_at"], row["id"]), default=None)
            if last and (last["person"] is not None or last["pool"] is not None):
                return self.regions.get(last["person"]) or ""
        return ""

    def stage_role(self, account: int, at: datetime) -> str:
        """Return which role works the account in the stage that it has on the run day after an instant."""
        roles = {row["stage"]: row["role"] for row in self.newest.get("book", {}).get("stage_roles", ())}
        any_given = any(account == of for of, _ in self.roles_held)
        return roles.get(self.stage_on(account, *self.run_day_after(at)), "") if roles and any_given else ""

    def stage_on(self, account: int, day: date, ends_at: datetime) -> str:
        """Return the stage of an account that runs, as a run day saw it; empty of one that has churned."""
        if self.visible_at(account) >= ends_at or self._churned_at(account, ends_at) != NEVER:
            return ""
        said = [row for row in self.values.get((account, "stage"), []) if row["visible_at"] < ends_at]
        last = max(said, key=lambda row: (row["happened_at"], row["id"]), default=None)
        numbers, started_at = self.newest["book"], self.accounts[account]["started_at"]
        if last and last["value"] in ("onboarding", "adoption", "value", "renewal"):
            stage: str = last["value"]
        elif started_at is None or started_at + timedelta(days=numbers["adoption_days"]) < ends_at:
            stage = "value"
        else:
            is_past = started_at + timedelta(days=numbers["onboarding_days"]) < ends_at
            stage = "adoption" if is_past else "onboarding"
        window = timedelta(days=self.newest["capacity"]["renewal_window_days"])
        renews_on = self.renews_on(account, day, ends_at)
        is_soon = renews_on is not None and day - window <= renews_on <= day + window
        return "renewal" if is_soon and stage != "onboarding" else stage

    def renews_on(self, account: int, day: date, ends_at: datetime) -> date | None:
        """Return the next renewal as a run day saw it: the first that is neither booked, lost nor long past."""
        found = []
        for row in self.contracts.get(account, []):
            on = row["renews_on"] or row["ends_on"]
            until_at = min(row[name] or NEVER for name in ("hidden_at", "lost_at", "renewed_at"))
            is_told = on is not None and row["visible_at"] < ends_at <= until_at
            if is_told and (row.get("starts_on") or day) <= day <= on + timedelta(days=30):
                found.append(on)
        return min(found, default=None)

    def is_working(self, day: date, region: str) -> bool:
        return day.weekday() < 5 and day not in self.holidays.get(region, ())

    def working_day(self, day: date, days: int, region: str) -> date:
        """Return the working day so many after ``day``; for none, itself or the next one."""
        if days == 0:
            return day if self.is_working(day, region) else self.working_day(day, 1, region)
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day, region)
        return day

    def working_day_before(self, day: date, region: str) -> date:
        day -= timedelta(days=1)
        while not self.is_working(day, region):
            day -= timedelta(days=1)
        return day

    def due_on(
        self, account: int, opened_at: datetime, days: int, unit: str = "working", role: str = ""
    ) -> date:
        opened_on = self.day_of(opened_at)
        if unit == "calendar":
            return opened_on + timedelta(days=days)
        return self.working_day(opened_on, days, self.region_at(account, opened_at, role))


def by(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Return rows by the value of a column, or by those of several, in the order in which they came."""
    found: dict[Any, list[Row]] = {}
    value = itemgetter(*columns)
    for row in rows:
        found.setdefault(value(row), []).append(row)
    return found


def tier_of(value: str) -> int | None:
    """Return the tier that a text names, 1 to 4."""
    return int(value) if value.strip() in {"1", "2", "3", "4"} else None
