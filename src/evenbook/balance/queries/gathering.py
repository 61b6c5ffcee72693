"""The books of a week as balancing takes them: accounts with what they ask, people with what they can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenbook.balance.models import AccountLock
from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.queries.pooled import members_of, queues_of
from evenbook.balance.rules.books import ESCALATION, LOCK, RECENT, RENEWAL, Books, Client, Holder, Shares
from evenbook.balance.rules.document import Names
from evenbook.balance.rules.pools import (
    POOL,
    Members,
    PoolsFound,
    divided,
    holder_of,
    pooled,
    pools_found,
)
from evenbook.book.among import Ids
from evenbook.book.known import Skills, Teammate, names_of, owned_since, skills_of, teammates, values_told
from evenbook.book.profiles import leave_rows
from evenbook.book.queries import Queue, people_seen
from evenbook.capacity.books import ByRoles, Weighed, by_roles, weighed
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.sustained import team_of
from evenbook.people.viewer import Viewer
from evenbook.records.queries import escalated
from evenbook.runs.queries import Week
from evenbook.states.numbers import StatesNumbers
from evenbook.states.queries import accounts_with
from evenbook.states.rules.book_limit import book_limit

TOLD = ("industry", "language", "time_zone")

MANY = 10_000
"""A book so large that its limit of red and yellow is a share."""


@dataclass(frozen=True)
class Gathered:
    """The books of a week with the names of those in them, and the most that a person may carry.

    ``pools`` are by their ids among those who own accounts.
    """

    week: Week
    books: Books
    accounts: Mapping[int, tuple[str, str]]
    people: Mapping[int, Teammate]
    pools: Mapping[int, Queue]
    numbers: BalanceNumbers
    limit: float

    @property
    def names(self) -> Names:
        """The keys and names of all who are in the books."""
        people = {who.id: (who.key, who.name) for who in self.people.values()}
        pools = {who: (f"{POOL}{each.key}", each.title) for who, each in self.pools.items()}
        return Names(self.accounts, people | pools)


@dataclass(frozen=True)
class _Team:
    """Who is there: all of the team on a day, those of them who are seen, what each can sustain, pools."""

    here: Mapping[int, Teammate]
    seen: frozenset[int]
    members: Members
    able: Mapping[int, Able]


@dataclass(frozen=True)
class Able:
    """Hours a month that somebody sustains over the weeks ahead, and whether they leave in them."""

    hours: float
    leaves: bool


def gathered(viewer: Viewer, week: Week) -> Gathered:
    """Return the books of the people, pools and accounts that the viewer may see, as a run found them.

    A pool is among them where all of its members are; accounts of any other stay with it. What somebody owns
    who has left is nobody's. An account weighs what its roles leave to its owner, and a person has the hours
    for owning that their own roles leave them, and pools that are not among the books.
    """
    numbers = week.policy.of(BalanceNumbers)
    limit = week.policy.of(CapacityNumbers).load_red_above / 100
    roles = by_roles(viewer, week.run.id)
    team, every = _team(viewer, week, numbers), _left_to_owners(weighed(viewer, week.run.id), roles)
    queues = queues_of(viewer, team.members, seen=team.seen)
    hours = {who: each.hours for who, each in team.able.items()}
    among = [each.id for each in queues]
    pools = pools_found(team.members, hours, _pooled(every), among=among, by_roles=roles.pooled)
    people = _people(team, every, pools, numbers)
    holders = _holders(viewer, week, people, team)
    whole = {
        who: replace(
            each,
            hours=max(0.0, each.hours - roles.carried.get(who, 0.0) - pools.by_roles.get(who, 0.0)),
            elsewhere=pools.elsewhere.get(who, 0.0),
        )
        for who, each in holders.items()
    }
    shared = [pooled(each, whole, highest_tier=numbers.pool_tier) for each in pools.among]
    rows = _rows(every, people, shared, numbers)
    owners = {*people, *(each.id for each in shared)}
    clients = _clients(viewer, week, rows, numbers, owners=owners)
    every_holder = divided([*whole.values(), *shared], pools.among, clients, limit=limit)
    shares = _shares(week.policy.of(StatesNumbers), clients)
    accounts = names_of(viewer, Ids.of(each.id for each in clients))
    books = Books(clients, every_holder, shares)
    return Gathered(week, books, accounts, people, {-each.id: each for each in queues}, numbers, limit)


def _pooled(every: list[Weighed]) -> dict[int, float]:
    """Return the hours a month of the accounts of each pool."""
    found: dict[int, float] = {}
    for row in every:
        if row.pool_id is not None:
            found[row.pool_id] = found.get(row.pool_id, 0.0) + row.effort_hours
    return found


def _people(
    team: _Team, every: list[Weighed], pools: PoolsFound, numbers: BalanceNumbers
) -> dict[int, Teammate]:
    """Return the people among the books: who is given accounts, owns any, or is in one of the pools."""
    named = {each.role for each in numbers.tiers_by_role}
    wanted = {row.person_id for row in every} | {who for pool in pools.among for who in pool.sustained}
    return {
        who: row
        for who, row in team.here.items()
        if who in team.seen and (row.role in named or who in wanted)
    }


def _rows(
    every: list[Weighed], people: Mapping[int, Teammate], pools: list[Holder], numbers: BalanceNumbers
) -> list[Weighed]:
    """Return the accounts of these people and pools, and those of nobody that one of them could have."""
    served = [each.lowest_tier for each in numbers.tiers_by_role]
    served += [each.lowest_tier for each in pools if not each.leaves]
    lowest, found = max(served, default=4), {-each.id: each for each in pools}
    rows = []
    for row in every:
        pool = None if row.pool_id is None else found.get(row.pool_id)
        if row.person_id in people or (pool is not None and (not pool.leaves or row.tier <= lowest)):
            rows.append(row)
        elif row.pool_id is None and row.tier <= lowest:
            rows.append(row)
    return rows


def _left_to_owners(rows: tuple[Weighed, ...], roles: ByRoles) -> list[Weighed]:
    return [
        replace(row, effort_hours=max(0.0, row.effort_hours - roles.taken[row.account_id]))
        if row.account_id in roles.taken
        else row
        for row in rows
    ]


def _shares(numbers: StatesNumbers, clients: list[Client]) -> Shares:
    colored = sum(each.colored for each in clients) / len(clients) if clients else 0.0
    any_book = book_limit(0, colored, numbers)
    return Shares(book_limit(MANY, colored, numbers) / MANY, any_book)


def _team(viewer: Viewer, week: Week, numbers: BalanceNumbers) -> _Team:
    """Return who is there: whose books the viewer may see, and who else is in a pool."""
    day, last = week.run.as_of, week.run.as_of + timedelta(weeks=numbers.ahead_weeks)
    here = {each.id: each for each in teammates(viewer, here_from=day, here_until=day)}
    seen = people_seen(viewer) & here.keys()
    members = members_of(viewer, day, last, here=here)
    wanted = seen | {who for pool in members.values() for who in pool}
    some = [each for who, each in here.items() if who in wanted]
    away = leave_rows(viewer, None, before=week.ends_at, since=day, until=last)
    team = team_of(viewer, week, some, away, years=range(day.year, last.year + 1))
    able = {}
    for who in some:
        leaves = who.left_on is not None and who.left_on <= last
        hours = team.sustained(who.id, last, numbers.ahead_weeks).hours or 0.0
        able[who.id] = Able(0.0 if leaves else hours, leaves)
    return _Team(here, frozenset(seen), members, able)


def _holders(viewer: Viewer, week: Week, people: Mapping[int, Teammate], team: _Team) -> dict[int, Holder]:
    served = {each.role: each.lowest_tier for each in week.policy.of(BalanceNumbers).tiers_by_role}
    skills, found = skills_of(viewer, people), {}
    for who in people.values():
        able = team.able[who.id]
        holder = _holder(who, skills[who.id], week.run.as_of, hours=able.hours, leaves=able.leaves)
        found[who.id] = replace(holder, lowest_tier=served.get(who.role, 0))
    return found


def _holder(who: Teammate, skills: Skills, day: date, *, hours: float, leaves: bool) -> Holder:
    return Holder(
        id=who.id,
        hours=hours,
        languages=frozenset(each.casefold() for each in skills.languages),
        industries=frozenset(each.casefold() for each in skills.industries),
        zone=_hours_from_utc(skills.time_zone, day),
        days=None if who.started_on is None else (day - who.started_on).days,
        leaves=leaves,
    )


def _hours_from_utc(zone: str, day: date) -> float | None:
    try:
        offset = ZoneInfo(zone).utcoffset(datetime(day.year, day.month, day.day, 12)) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return offset.total_seconds() / 3600 if offset is not None else None


def _clients(
    viewer: Viewer, week: Week, rows: list[Weighed], numbers: BalanceNumbers, *, owners: set[int]
) -> list[Client]:
    ids, before = Ids.of(row.account_id for row in rows), week.ends_at
    told = {name: values_told(viewer, name, ids, before=before) for name in TOLD}
    since, holds = owned_since(viewer, ids, before=before), _holds(viewer, week, rows, numbers)
    colored = {
        account
        for color in ("red", "yellow")
        for account in accounts_with(viewer, week.run.id, color=color).values_list("account_id", flat=True)
    }
    by_region = {each.region.casefold(): each.hours for each in numbers.region_hours}
    common = {each.casefold() for each in numbers.spoken_by_all}
    found = []
    for row in rows:
        account, language = row.account_id, told["language"].get(row.account_id, "").casefold()
        zone = _hours_from_utc(told["time_zone"].get(account, ""), week.run.as_of)
        days = _days_since(since.get(account), week.run.as_of)
        owner = holder_of(row.person_id, row.pool_id)
        found.append(
            Client(
                id=account,
                effort=row.effort_hours,
                arr=(row.arr_cents or 0) / 100,
                tier=row.tier,
                complexity=row.complexity or float(numbers.simple_complexity),
                colored=account in colored,
                industry=told["industry"].get(account, "").casefold(),
                language="" if language in common else language,
                zone=by_region.get(row.region.casefold()) if zone is None else zone,
                owner=owner if owner in owners else None,
                owned_days=days,
                holds=frozenset(holds.get(account, set()) | _recent(days, numbers)),
            )
        )
    return found


def _days_since(at: datetime | None, day: date) -> int | None:
    return None if at is None else max(0, (day - at.astimezone(UTC).date()).days)


def _recent(days: int | None, numbers: BalanceNumbers) -> set[str]:
    return {RECENT} if days is not None and days < numbers.keep_days else set()


def _holds(viewer: Viewer, week: Week, rows: list[Weighed], numbers: BalanceNumbers) -> dict[int, set[str]]:
    """Return by account the rules that keep it where it is."""
    day, found = week.run.as_of, dict[int, set[str]]()
    last = day + timedelta(days=numbers.renewal_days)
    for row in rows:
        if row.renews_on is not None and day <= row.renews_on <= last:
            found.setdefault(row.account_id, set()).add(RENEWAL)
    for account in escalated(viewer, before=week.ends_at):
        found.setdefault(account, set()).add(ESCALATION)
    for account in locked(viewer, before=week.ends_at):
        found.setdefault(account, set()).add(LOCK)
    return found


def locked(viewer: Viewer, *, before: datetime) -> frozenset[int]:
    """Return the accounts that were locked at an instant; ids alone."""
    rows = AccountLock.objects.filter(locked_at__lt=before).exclude(withdrawn_at__lt=before)
    return frozenset(rows.values_list("account_id", flat=True))
