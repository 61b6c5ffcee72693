"""The base of a week as it was measured: accounts, who looks after them, who really came to meet."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from evenbook.book.access import Opened, may_see_any_team, may_see_people, opened, people_ids_seen_by
from evenbook.book.known import Teammate, in_pools, in_role_of, teammates
from evenbook.capacity.books import Served, served
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.records.meetings import Met, live_meetings
from evenbook.records.numbers import RecordsNumbers
from evenbook.runs.queries import Week
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.bases import QUARTER_DAYS, Base, Fact, cycle_days

NONE = Met(0, 0)


class SizingNotYours(EvenbookError):
    """Sizing is for leaders, operations, executives and readers."""

    kind = "sizing-not-yours"
    status = 404


def require(viewer: Viewer) -> None:
    """Let through who may see the figures of a team.

    Raises:
        SizingNotYours: the viewer may not.
    """
    if not may_see_any_team(viewer):
        raise SizingNotYours("Sizing is for whoever leads a team.", fix="Ask your leader, or operations.")


def base(viewer: Viewer, week: Week, *, meetings_per_quarter: float) -> Base:
    """Return the base of a week, of the accounts that the viewer may open.

    Nothing that became known after the day of the week is read.

    Raises:
        SizingNotYours: the viewer may not see it.
    """
    require(viewer)
    rows = served(viewer, week.run.id)
    days = cycle_days(meetings_per_quarter)
    accounts = opened(viewer, (row.account_id for row in rows))
    quarter = _met(viewer, week, accounts, days=QUARTER_DAYS)
    cycle = quarter if days == QUARTER_DAYS else _met(viewer, week, accounts, days=days)
    return Base(
        facts=tuple(
            _fact(row, cycle.get(row.account_id, NONE), quarter.get(row.account_id, NONE)) for row in rows
        ),
        people=csms(viewer, week),
        members=pool_members(viewer, week),
        cycle_days=days,
        has_meetings=bool(cycle) or bool(quarter),
    )


def csms(viewer: Viewer, week: Week) -> dict[int, float]:
    """Return the working share of each person who counts as a CSM on the day of a week.

    Of a leader those whom they lead; of whoever sees everything all of them.
    """
    roles = set(week.policy.of(SizingNumbers).roles)
    seen = None if viewer.sees_all else people_ids_seen_by(viewer)
    return {
        each.id: each.working_share
        for each in team_on(viewer, week)
        if each.role in roles and (seen is None or each.id in seen)
    }


def team_on(viewer: Viewer, week: Week) -> tuple[Teammate, ...]:
    """Return the people of the team on the day of a week, each with the role of that day."""
    day = week.run.as_of
    return in_role_of(viewer, teammates(viewer, here_from=day, here_until=day), day, before=week.ends_at)


def csm_names(viewer: Viewer, week: Week) -> tuple[tuple[str, str], ...]:
    """Return the key and name of each CSM whose load the viewer may see, on the day of a week."""
    if not may_see_people(viewer):
        return ()
    mine = csms(viewer, week)
    return tuple((each.key, each.name) for each in team_on(viewer, week) if each.id in mine)


def pool_members(viewer: Viewer, week: Week) -> dict[int, list[int]]:
    """Return the people of each pool on the day of a week."""
    found: dict[int, list[int]] = defaultdict(list)
    day = week.run.as_of
    for each in in_pools(viewer, until=day):
        if each.until_on is None or each.until_on > day:
            found[each.pool_id].append(each.person_id)
    return dict(found)


def _met(viewer: Viewer, week: Week, accounts: Opened, *, days: int) -> dict[int, Met]:
    return live_meetings(
        viewer,
        accounts,
        since=week.ends_at - timedelta(days=days),
        before=week.ends_at,
        numbers=week.policy.of(RecordsNumbers),
    )


def _fact(row: Served, cycle: Met, quarter: Met) -> Fact:
    return Fact(
        account=row.account_id,
        tier=row.tier,
        segment=row.segment,
        arr=None if row.arr_cents is None else row.arr_cents / 100,
        hours=row.effort_hours,
        person=row.person_id,
        pool=row.pool_id,
        completed=cycle.completed,
        scheduled=quarter.scheduled,
    )
