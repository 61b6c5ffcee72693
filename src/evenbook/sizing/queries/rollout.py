"""How far the roll-out has come: what people say is done, and what the records show of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from evenbook.book.access import opened
from evenbook.book.known import Teammate
from evenbook.book.machines import EXPANSION as MACHINE
from evenbook.book.machines import RETENTION, machines
from evenbook.people.viewer import Viewer
from evenbook.records.meetings import held_of_kind
from evenbook.records.sales import EXPANSION, sales_under_way
from evenbook.runs.queries import Week, week_days
from evenbook.sizing.models import RolloutStep
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.queries.measured import require, team_on
from evenbook.sizing.queries.sized import Sized
from evenbook.sizing.rules.bases import QUARTER_DAYS, Scope, measured
from evenbook.sizing.rules.inputs import inputs_of, settled
from evenbook.sizing.rules.rollout import MONDAYS, Marked, Seen, Step, steps
from evenbook.sizing.rules.verdict import verdict

REVIEW = "business_review"


def rollout(viewer: Viewer, week: Week, answer: Sized) -> tuple[Step, ...]:
    """Return the steps of the roll-out as of a week.

    Args:
        viewer: who asks.
        week: the week.
        answer: any answer of the week: the whole base that it was measured on is read.
    """
    require(viewer)
    return steps(_seen(viewer, week, answer), marks(viewer))


def marks(viewer: Viewer) -> dict[str, Marked]:
    """Return which steps somebody says are done."""
    rows = RolloutStep.objects.all()
    return {row.step: Marked(row.step, row.choice, row.note, row.done_at.date(), row.done_by) for row in rows}


def closers(viewer: Viewer, week: Week) -> tuple[tuple[str, str], ...]:
    """Return the key and name of everybody in the team, of whom one can be the closer."""
    return tuple((each.key, each.name) for each in team_on(viewer, week))


def _seen(viewer: Viewer, week: Week, answer: Sized) -> Seen:
    numbers, found = week.policy.of(SizingNumbers), measured(answer.base, Scope())
    ends, quarter = week.ends_at, timedelta(days=QUARTER_DAYS)
    accounts = opened(viewer, (each.account for each in answer.base.facts))
    sold = [
        each
        for each in sales_under_way(viewer, before=ends, won_since=ends - quarter)
        if each.kind == EXPANSION
    ]
    now = [each for each in sold if each.won_at is None]
    team = team_on(viewer, week)
    names = {each.id: each.name for each in team}
    split = _split(viewer, week, team)
    return Seen(
        found=found,
        verdict=verdict(inputs_of(settled({}, found, numbers)), numbers),
        closers=Counter(names.get(each.person_id or 0, "nobody of the team") for each in now),
        open_expansions=len(now),
        products=len({each.product for each in sold if each.product}),
        products_opened=len(
            {each.product for each in sold if each.product and each.opened_at >= ends - quarter}
        ),
        retention=split[RETENTION],
        expansion=split[MACHINE],
        reviews=held_of_kind(viewer, accounts, REVIEW, since=ends - quarter, before=ends),
        reviews_before=held_of_kind(
            viewer, accounts, REVIEW, since=ends - 2 * quarter, before=ends - quarter
        ),
        mondays=_mondays(viewer, week),
    )


def _split(viewer: Viewer, week: Week, team: Sequence[Teammate]) -> Counter[str]:
    """Return how many of the team work which machine: as they are staffed, else as their role says."""
    numbers = week.policy.of(SizingNumbers)
    said = machines(viewer, week.run.as_of, before=week.ends_at)
    counted = [each for each in team if each.role in {*numbers.roles, *numbers.expansion_roles}]
    by_role = {each.id: MACHINE if each.role in numbers.expansion_roles else RETENTION for each in counted}
    staffed = {person: each.staffed for person, each in said.items()}
    return Counter(staffed.get(person) or machine for person, machine in by_role.items())


def _mondays(viewer: Viewer, week: Week) -> int:
    """Return in how many of the last weeks, this one counted, a run stored its hot sheet."""
    days = {(week.run.as_of - day).days // 7 for day in week_days(viewer) if day <= week.run.as_of}
    return len(days & set(range(MONDAYS)))
