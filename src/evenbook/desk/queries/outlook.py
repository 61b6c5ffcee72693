"""Everybody's weeks ahead: as they were kept with a run, or worked out where these no longer hold.

What is kept holds while nothing was written since that could have been seen in the week, and while the
team, its leave, pools and handovers are what they were: so a page says the same whichever way it came, and
what a late fact changes is seen at once, if slower, until it is kept anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from evenbook.book.among import Among, Ids
from evenbook.book.known import Teammate, handed_over, in_pools, teammates
from evenbook.book.profiles import adjustment_rows, leave_rows
from evenbook.closures.queries.requirements import due_between
from evenbook.desk.models import AheadBook, AheadRun
from evenbook.desk.queries.ahead import Known, horizon, known
from evenbook.frames.queries import written_before, written_to
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.queries import Week
from evenbook.throughput.rules.ahead import Cell
from evenbook.throughput.rules.ahead_effort import PERSON

ALWAYS = ("book_account",)
"""Tables whose rows say nothing of when they were known."""


@dataclass(frozen=True)
class Outlook:
    """The weeks ahead of people of the team.

    Attributes:
        week: of which week.
        days: the last day of each week ahead.
        people: who is, or comes to be, in the team, as far as it was asked.
        teams: the teams of everybody who is.
        cells: by person, a cell a week.
        renewals: by person, the days of the renewals ahead of what they work on then.
        books: by person, how many accounts they work on in the first of the weeks.
        carrying: who carries something, or is in a pool or to be handed something.
        due: by person, required artifacts that fall due in each week; of whom it was asked.
    """

    week: Week
    days: tuple[date, ...]
    people: Mapping[int, Teammate]
    teams: frozenset[str]
    cells: Mapping[int, tuple[Cell, ...]]
    renewals: Mapping[int, Sequence[date]]
    books: Mapping[int, int]
    carrying: frozenset[int]
    due: Mapping[int, tuple[int, ...]]


def outlook(viewer: Viewer, week: Week, people: Iterable[int] | None, *, fresh: bool) -> Outlook:
    """Return the weeks ahead of these people, or of everybody: as kept where ``fresh``, else worked out.

    Who may see whose, the caller has judged.
    """
    wanted = None if people is None else frozenset(people)
    if fresh:
        return _kept(viewer, week, wanted)
    return worked_out(viewer, known(viewer, week, wanted), wanted, with_due=True)


def everybody(viewer: Viewer, week: Week) -> Outlook:
    """Return everybody's weeks ahead, worked out."""
    return worked_out(viewer, known(viewer, week), None, with_due=True)


def worked_out(viewer: Viewer, found: Known, people: frozenset[int] | None, *, with_due: bool) -> Outlook:
    """Return the weeks ahead of these people, or of everybody, from what is known."""
    team = {who: each for who, each in found.people.items() if people is None or who in people}
    working = {who for each in found.carried for kind, who in each.workers if kind == PERSON}
    pooled = {row.person for row in found.carrying.members}
    receiving = {row.receiver for rows in found.carrying.handed.values() for row in rows}
    return Outlook(
        week=found.week,
        days=found.horizon.days,
        people=team,
        teams=_teams(found.people.values()),
        cells=found.weeks(team).cells,
        renewals={who: [day for day, _ in rows] for who, rows in found.renewals().items()},
        books=found.books(),
        carrying=frozenset(working | pooled | receiving),
        due=_due(viewer, found) if with_due else {},
    )


def _due(viewer: Viewer, found: Known) -> dict[int, tuple[int, ...]]:
    """Return by person how many required artifacts fall due in each week, of what they work on then."""
    workers = {each.account: each.workers for each in found.accounts}
    days = found.horizon.days
    first = days[0] - timedelta(days=6)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for account, on in due_between(viewer, found.week.run.id, Ids.of(workers), first=first, last=days[-1]):
        place = (on - first).days // 7
        kind, who = workers[account][place]
        if kind == PERSON:
            counts[who][place] += 1
    return {who: tuple(of[place] for place in range(len(days))) for who, of in counts.items()}


def _teams(people: Iterable[Teammate]) -> frozenset[str]:
    return frozenset(each.team for each in people if each.team)


def _kept(viewer: Viewer, week: Week, people: frozenset[int] | None) -> Outlook:
    rows = AheadBook.objects.filter(run=week.run.id)
    if people is not None:
        rows = rows.filter(Among(F("person"), Ids.of(people)))
    found = list(rows.values_list("person_id", "carries", "accounts", "weeks", "renewals", "due"))
    days = horizon(viewer, week).days
    team = {each.id: each for each in teammates(viewer, here_from=week.run.as_of, here_until=days[-1])}
    return Outlook(
        week=week,
        days=days,
        people={person: team[person] for person, *_ in found if person in team},
        teams=_teams(team.values()),
        cells={person: tuple(Cell.of_kept(each) for each in cells) for person, _, _, cells, *_ in found},
        renewals={person: [date.fromisoformat(day) for day in of] for person, *_, of, _ in found},
        books={person: accounts for person, _, accounts, *_ in found},
        carrying=frozenset(person for person, carries, *_ in found if carries),
        due={person: tuple(due) for person, *_, due in found},
    )


def is_fresh(viewer: Viewer, week: Week) -> bool:
    """Return whether the weeks ahead are kept with a run, and nothing that they rest on has changed since."""
    kept = AheadRun.objects.filter(run=week.run.id).values_list("written", "basis").first()
    if kept is None:
        return False
    written, basis = kept
    if written_before(week.ends_at, since=written) or written_to(ALWAYS, since=written):
        return False
    return bool(basis == basis_of(viewer, week))


def basis_of(viewer: Viewer, week: Week) -> str:
    """Return the digest of what the weeks ahead rest on besides accounts: team, leave, pools, handovers."""
    last, before = horizon(viewer, week).days[-1], week.ends_at
    held = (
        in_force(week.run.as_of).number,
        teammates(viewer, here_from=week.run.as_of, here_until=last),
        leave_rows(viewer, None, before=before, since=week.run.as_of + timedelta(days=1), until=last),
        handed_over(viewer, before=before, until=last),
        in_pools(viewer, until=last),
        adjustment_rows(viewer, None, before=before),
    )
    return hashlib.sha256(repr(held).encode()).hexdigest()
