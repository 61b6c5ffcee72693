"""The weeks ahead: what each person can sustain and carries, week by week, from what is known on a day.

Everything is read as it was known when the day of the shown week was over, so the calendar of a past
week is the one that could be seen then. Where a viewer may see no single person, or policy keeps load at
the level of teams, a row is a team; a person always sees their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from evenbook.book.access import may_see_any_team
from evenbook.book.among import Ids
from evenbook.book.known import (
    HandedOver,
    InPool,
    Teammate,
    handed_over,
    in_pools,
    roles_held,
    stages_told,
    teammates,
    with_a_role,
)
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import LeaveRow, leave_rows
from evenbook.book.queries import me, people_seen
from evenbook.capacity.books import Booked, booked, products
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.sustained import team_of
from evenbook.capacity.rules.sustained import Team
from evenbook.desk.queries.team_week import row_kind
from evenbook.kit.dates import day_ends_at
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.runs.queries import Week
from evenbook.throughput.numbers.ahead import AheadNumbers
from evenbook.throughput.rules.ahead import Weeks, weeks_ahead
from evenbook.throughput.rules.ahead_carried import Carrying, Handed, Member
from evenbook.throughput.rules.ahead_effort import (
    NOBODY,
    PERSON,
    POOL,
    Ahead,
    Book,
    Horizon,
    Stages,
    Worker,
    parted,
)

Held = tuple[int | None, int | None]
"""A person or a pool, by its id; neither is nobody."""

ROOM = 1e-6
"""How close to the cap an effort is held to be at it."""


@dataclass(frozen=True)
class Known:
    """What is known of the weeks ahead, gathered once: the team, its leave, its books.

    ``accounts`` have the hours of whoever works them, ``parts`` what other roles take of these.
    """

    week: Week
    horizon: Horizon
    people: dict[int, Teammate]
    leaves: tuple[LeaveRow, ...]
    carrying: Carrying
    accounts: tuple[Ahead, ...]
    parts: tuple[Ahead, ...]
    renews: dict[int, date]

    @property
    def carried(self) -> tuple[Ahead, ...]:
        """All that is carried: accounts, and the parts of them that other roles take."""
        return (*self.accounts, *self.parts)

    @cached_property
    def by_account(self) -> dict[int, Ahead]:
        """The accounts by their ids."""
        return {each.account: each for each in self.accounts}

    def weeks(self, people: Iterable[int]) -> Weeks:
        """Return the weeks of these people."""
        return weeks_ahead(self.carried, self.carrying, [each for each in people if each in self.people])

    def renewals(self) -> dict[int, list[tuple[date, int]]]:
        """Return by person the renewals ahead of what they work on then: the day and the account."""
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for account, day in self.renews.items():
            place = next((place for place, last in enumerate(self.horizon.days) if day <= last), None)
            if place is not None and day > self.week.run.as_of:
                kind, who = self.by_account[account].workers[place]
                if kind == PERSON:
                    found[self._holder(account, who, day)].append((day, account))
        return {who: sorted(rows) for who, rows in found.items()}

    def books(self) -> Counter[int]:
        """Return how many accounts each person works on in the first of the weeks."""
        return Counter(who for kind, who in (each.workers[0] for each in self.accounts) if kind == PERSON)

    def _holder(self, account: int, owner: int, day: date) -> int:
        for row in reversed(self.carrying.handed.get(account, [])):
            if row.giver == owner and row.first_on <= day and (row.back_on is None or day < row.back_on):
                return row.receiver
        return owner


def horizon(viewer: Viewer, week: Week) -> Horizon:
    """Return the weeks ahead of a shown week."""
    zone = week.policy.of(OrganizationNumbers).time_zone
    count = week.policy.of(AheadNumbers).weeks
    days = tuple(week.run.as_of + timedelta(weeks=place) for place in range(1, count + 1))
    return Horizon(_naive(week.ends_at), days, tuple(_naive(day_ends_at(day, zone)) for day in days))


def whose(viewer: Viewer, week: Week) -> tuple[str, frozenset[int] | None]:
    """Return what a row is, csm or team, and whose weeks the viewer may see; None: everybody's of the teams.

    Where policy keeps load to teams, somebody who leads sees these, and anybody else themselves.
    """
    by = row_kind(viewer, week)
    own = me(viewer)
    if by == "csm":
        return by, people_seen(viewer)
    if may_see_any_team(viewer):
        return by, None
    return "csm", frozenset({own.id} if own else ())


def asked_for(
    viewer: Viewer, week: Week, seen: frozenset[int] | None, *, team: str = "", person: str = ""
) -> frozenset[int] | None:
    """Return those of the people seen who are in a team, or have a key; None still stands for everybody."""
    if not (team or person):
        return seen
    span = horizon(viewer, week)
    rows = teammates(viewer, here_from=week.run.as_of, here_until=span.days[-1])
    return frozenset(
        each.id
        for each in rows
        if (seen is None or each.id in seen) and (not team or each.team == team) and person in {"", each.key}
    )


def known(
    viewer: Viewer,
    week: Week,
    people: Iterable[int] | None = None,
    *,
    owners: Mapping[int, Held] | None = None,
) -> Known:
    """Return what is known of the weeks ahead of these people, or of everybody.

    Args:
        owners: the person or the pool that would own which account, in the place of whoever does.
    """
    span = horizon(viewer, week)
    before, last = week.ends_at, span.days[-1]
    team = teammates(viewer, here_from=week.run.as_of, here_until=last)
    first = week.run.as_of + timedelta(days=1)
    away = leave_rows(viewer, None, before=before, since=first, until=last)
    moved = handed_over(viewer, before=before, until=last)
    pooled = in_pools(viewer, until=last)
    wanted = None if people is None else frozenset(people)
    rows = _rows(viewer, week, wanted, away, pooled=pooled, moved=moved)
    ids = None if wanted is None else Ids.of(row.account_id for row in rows)
    roles = _given_to(viewer, week, ids)
    there = team_of(viewer, week, team, away, years=range(week.run.as_of.year, last.year + 1))
    accounts = _accounts(viewer, week, _owned(rows, owners or {}), roles=roles, span=span)
    return Known(
        week=week,
        horizon=span,
        people={each.id: each for each in team},
        leaves=away,
        carrying=_carrying(there, span, moved=moved, pooled=pooled),
        accounts=tuple(each for each, _ in accounts),
        parts=tuple(part for _, parts in accounts for part in parts),
        renews={row.account_id: row.renews_on for row in rows if row.renews_on is not None},
    )


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def _roles(week: Week) -> dict[str, str]:
    return {each.stage: each.role for each in week.policy.of(BookNumbers).stage_roles}


def _shares(week: Week) -> dict[tuple[str, str], float]:
    return {(each.stage, each.role): each.share for each in week.policy.of(BookNumbers).role_shares}


def _given(week: Week) -> frozenset[str]:
    """Return the roles that have hours: those that work a stage, and those that take a part in one."""
    return frozenset(_roles(week).values()) | {role for _, role in _shares(week)}


def _given_to(viewer: Viewer, week: Week, accounts: Ids | None) -> dict[int, dict[str, Worker]]:
    """Return who has which of these roles by account, of all or of some."""
    found: dict[int, dict[str, Worker]] = defaultdict(dict)
    for each in roles_held(viewer, _given(week), before=week.ends_at, accounts=accounts):
        found[each.account_id][each.role] = _worker(each.person_id, each.pool_id)
    return found


def _worker(person: int | None, pool: int | None) -> Worker:
    if person is not None:
        return PERSON, person
    return (POOL, pool) if pool is not None else (NOBODY, 0)


def _rows(
    viewer: Viewer,
    week: Week,
    wanted: frozenset[int] | None,
    away: Sequence[LeaveRow],
    *,
    pooled: Iterable[InPool],
    moved: Iterable[HandedOver],
) -> tuple[Booked, ...]:
    """Return the accounts of a run that any of these people can come to carry."""
    if wanted is None:
        return booked(viewer, week.run.id)
    owners = wanted | {each.person_id for each in away if each.cover_id in wanted}
    owners |= {each.giver_id for each in moved if each.receiver_id in owners}
    pools = {each.pool_id for each in pooled if each.person_id in wanted}
    by_role = with_a_role(viewer, _given(week), people=owners, pools=pools)
    return booked(viewer, week.run.id, people=owners, pools=pools, accounts=by_role)


def _stages(week: Week) -> Stages:
    """Return what policy says of stages and their effort."""
    capacity, book = week.policy.of(CapacityNumbers), week.policy.of(BookNumbers)
    return Stages(
        window_days=capacity.renewal_window_days,
        onboarding_days=book.onboarding_days,
        adoption_days=book.adoption_days,
        multipliers={each.level: each.multiplier for each in capacity.multipliers if each.factor == "stage"},
        roles=_roles(week),
        base_hours={each.tier: each.hours for each in capacity.base_hours},
        most=capacity.max_multiplier,
        shares=_shares(week),
    )


def _carrying(
    team: Team, span: Horizon, *, moved: Iterable[HandedOver], pooled: Iterable[InPool]
) -> Carrying:
    return Carrying(
        team,
        span.days,
        [
            Handed(each.account_id, each.giver_id, each.receiver_id, each.first_on, each.back_on)
            for each in moved
        ],
        [Member(each.pool_id, each.person_id, each.since_on, each.until_on) for each in pooled],
    )


def _owned(rows: Sequence[Booked], owners: Mapping[int, Held]) -> Sequence[Booked]:
    """Return the accounts with other owners where they have one, all else as it is."""
    own = {row.account_id: (row.person_id, row.pool_id) for row in rows} | dict(owners)
    now = [(row, *own[row.account_id]) for row in rows]
    return [replace(row, person_id=person, pool_id=pool) for row, person, pool in now]


def _accounts(
    viewer: Viewer,
    week: Week,
    rows: Sequence[Booked],
    *,
    roles: Mapping[int, Mapping[str, Worker]],
    span: Horizon,
) -> tuple[tuple[Ahead, tuple[Ahead, ...]], ...]:
    stages = _stages(week)
    told = stages_told(viewer, Ids.of(each.account_id for each in rows), before=week.ends_at)
    capped = [
        row for row in rows if row.effort_hours >= stages.base_hours.get(row.tier, 0) * stages.most - ROOM
    ]
    is_centered = week.policy.of(CapacityNumbers).centered
    hidden = {} if is_centered else products(viewer, week.run.id, Ids.of(row.account_id for row in capped))
    return tuple(
        parted(
            Book(
                account=row.account_id,
                worker=_worker(row.person_id, row.pool_id),
                tier=row.tier,
                stage=row.stage,
                hours=row.effort_hours,
                renews_on=row.renews_on,
                started_at=_naive(row.started_at) if row.started_at else None,
                told=told.get(row.account_id, ""),
                roles=roles.get(row.account_id, {}),
                product=hidden.get(row.account_id),
            ),
            span,
            stages,
        )
        for row in rows
    )
