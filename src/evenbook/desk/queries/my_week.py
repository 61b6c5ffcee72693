"""One person's week: what they owe, what stands out in their book, what is not covered, whom they meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from evenbook.book.access import may_see_people
from evenbook.book.queries import TeamMember, me, member, members, people_seen
from evenbook.briefings.queries.handoffs import ToConfirm, to_do
from evenbook.capacity.queries import Totals, Wanted, account_ids, account_rows, book_sizes, totals
from evenbook.capacity.queries.roles import role_sizes
from evenbook.closures.queries import Needs, requirements, with_gaps
from evenbook.closures.queries.briefs import BriefRow, briefs_waiting
from evenbook.closures.queries.causes import causes
from evenbook.closures.queries.cohorts import Cohort, cohorts_in
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.queries.written import FollowUpRow, follow_ups_owed
from evenbook.desk.numbers import DeskNumbers
from evenbook.desk.queries.accounts import LastChanges, ListedAccount, last_changes
from evenbook.desk.queries.roles import Roles, roles_in_week
from evenbook.desk.queries.team_week import LOAD
from evenbook.hotsheet.queries import OfWhom, SheetRow, sheet, sheet_totals
from evenbook.hotsheet.queries.work import Work, work_of
from evenbook.measures.values import Measured, measured
from evenbook.people.viewer import Viewer
from evenbook.records.queries import Meeting, meetings
from evenbook.runs.queries import Week, week_before
from evenbook.states.queries import Stands, standings

GAPS_SHOWN = 30
MOST_SHOWN, MOST_OF_A_KIND = 60, 200
"""Loops listed one by one: an import may open thousands at once, and nobody reads so many rows."""
NOTHING = Measured(None, 0)


@dataclass(frozen=True)
class FirstAccount:
    """An account to turn to first: its row of the hot sheet, where it stands, the work on it."""

    row: SheetRow
    stands: Stands | None
    work: Work | None


@dataclass(frozen=True)
class Group:
    """Loops of one kind that are counted and not listed, with the first day on which one is due."""

    kind: str
    title: str
    count: int
    first_on: date


@dataclass(frozen=True)
class Entry:
    """A line of what is owed: a loop, or a cohort of silent accounts."""

    loop: LoopRow | None = None
    cohort: Cohort | None = None

    @property
    def due_on(self) -> date:
        """When it is due, a cohort when the first of it is."""
        of = self.loop or self.cohort
        assert of is not None
        return of.due_on


@dataclass(frozen=True)
class Owes:
    """What a person owes as of a day: loops and follow-ups due by then, and later ones.

    ``cohorts`` of silent accounts are each one thing, due when the first of them is; their loops are not
    among the others. ``causes`` says of each loop, by its key, what opened it. What is written and
    ``waiting`` for leaders to see it is not among what is owed: nothing of it is left to do. Of very many
    the first are listed, the rest are counted by kind; of one ``kind`` more are listed.
    """

    day: date
    due: tuple[LoopRow, ...]
    later: tuple[LoopRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    causes: dict[str, str]
    waiting: tuple[BriefRow, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    kind: str = ""

    @property
    def due_shown(self) -> tuple[LoopRow, ...]:
        """The loops due that are listed one by one: the first, or those of the kind asked for."""
        return self._shown(self.due)

    @property
    def later_shown(self) -> tuple[LoopRow, ...]:
        """The later loops that are listed one by one."""
        return self._shown(self.later)

    @property
    def due_entries(self) -> tuple[Entry, ...]:
        """The lines of what is due, loops and cohorts, those due first first."""
        return _entries(self.due_shown, self.cohorts_due)

    @property
    def later_entries(self) -> tuple[Entry, ...]:
        """The lines of what is due later."""
        return _entries(self.later_shown, self.cohorts_later)

    @property
    def due_rest(self) -> tuple[Group, ...]:
        """The loops due that are not listed, by kind."""
        return _grouped(self.due, self.due_shown)

    @property
    def later_rest(self) -> tuple[Group, ...]:
        """The later loops that are not listed, by kind."""
        return _grouped(self.later, self.later_shown)

    def _shown(self, rows: tuple[LoopRow, ...]) -> tuple[LoopRow, ...]:
        if self.kind:
            return tuple(row for row in rows if row.kind == self.kind)[:MOST_OF_A_KIND]
        return rows[:MOST_SHOWN]

    @property
    def cohorts_due(self) -> tuple[Cohort, ...]:
        """The cohorts of which one is due by the day."""
        return tuple(each for each in self.cohorts if each.due_on <= self.day)

    @property
    def cohorts_later(self) -> tuple[Cohort, ...]:
        """The cohorts of which none is due yet."""
        return tuple(each for each in self.cohorts if each.due_on > self.day)

    @property
    def open_due(self) -> int:
        """How many are due by the day, a cohort as one."""
        return len(self.due) + len(self.cohorts_due)

    @property
    def open_later(self) -> int:
        """How many are due later, a cohort as one."""
        return len(self.later) + len(self.cohorts_later)

    @property
    def overdue(self) -> int:
        """How many of those due were due before the day."""
        days = [*(row.due_on for row in self.due), *(each.due_on for each in self.cohorts_due)]
        return sum(day < self.day for day in days)

    @property
    def follow_ups_due(self) -> tuple[FollowUpRow, ...]:
        """The follow-ups that are due by the day."""
        return tuple(row for row in self.follow_ups if row.due_on <= self.day)

    @property
    def owed(self) -> int:
        """How many things are due by the day, loops, cohorts and follow-ups; at none, the day is done."""
        return self.open_due + len(self.follow_ups_due)


@dataclass(frozen=True)
class MyWeek:
    """A person's week. ``uncovered`` accounts have gaps; those with most revenue come first.

    The book is what they own or have a role on; ``roles`` says which.
    """

    person: TeamMember
    owes: Owes
    book: Totals
    uncovered: int
    load: Measured
    load_before: Measured
    first: tuple[FirstAccount, ...]
    hot: int
    gaps: tuple[ListedAccount, ...]
    changes: LastChanges
    meetings: tuple[Meeting, ...]
    handoffs: tuple[ToConfirm, ...]
    roles: Roles

    @property
    def covered(self) -> int:
        """How many accounts of the book are covered."""
        return self.book.accounts - self.uncovered


def whose(viewer: Viewer, key: str) -> TeamMember | None:
    """Return whose week to show: the one asked for, where the viewer may see it, else their own."""
    return member(viewer, key) if key else me(viewer)


def choices(viewer: Viewer) -> tuple[TeamMember, ...]:
    """Return the people whose week the viewer may open besides their own."""
    if not may_see_people(viewer):
        return ()
    seen = people_seen(viewer)
    return tuple(person for person in members(viewer) if person.id in seen)


def owners_of_books(viewer: Viewer, week: Week) -> tuple[tuple[TeamMember, int], ...]:
    """Return the people who own accounts in the week, or have a role on one, and how many they own.

    Of those whose week the viewer may open.
    """
    sizes, roles = book_sizes(viewer, week.run.id), role_sizes(viewer, week.run.id)
    counted = ((person, sizes.get(("csm", person.key), 0)) for person in choices(viewer) if person.is_person)
    return tuple((person, size) for person, size in counted if size or person.key in roles)


def my_week(viewer: Viewer, week: Week, person: TeamMember, *, now: datetime, kind: str = "") -> MyWeek:
    """Return the week of a person; what they owe is as of today, or of the day asked for.

    Args:
        viewer: who asks.
        week: the stored week.
        person: whose.
        now: when.
        kind: of which kind of loop more than the first are listed; empty: the first of all.
    """
    run, numbers = week.run, week.policy.of(DeskNumbers)
    book = Wanted(book_of=person.id, book_pools=person.pools)
    gaps = Wanted(book_of=person.id, book_pools=person.pools, among=(with_gaps(viewer, run.id),))
    own = OfWhom(book_of=person.id, book_pools=person.pools)
    lacking = _gaps(viewer, week, gaps)
    roles = roles_in_week(viewer, week, person, listed=[each.row for each in lacking])
    return MyWeek(
        person=person,
        owes=_owes(viewer, week, person, now=now, kind=kind),
        book=totals(viewer, run.id, wanted=book),
        uncovered=totals(viewer, run.id, wanted=gaps).accounts,
        load=_load(viewer, week, person, before=False),
        load_before=_load(viewer, week, person, before=True),
        first=_first(viewer, week, own, limit=numbers.top_accounts, day=week.asked or week.today(now)),
        hot=sheet_totals(viewer, run.id, of=own).rows,
        gaps=tuple(replace(each, said=roles.said.get(each.row.id, "")) for each in lacking),
        changes=last_changes(viewer, week, among=account_ids(viewer, run.id, wanted=book)),
        meetings=meetings(
            viewer, person_id=person.id, first=now, until=now + timedelta(days=numbers.meeting_days)
        ),
        handoffs=to_do(viewer, person.id) if week.asked is None else (),
        roles=roles,
    )


def _owes(viewer: Viewer, week: Week, person: TeamMember, *, now: datetime, kind: str) -> Owes:
    day, is_now = week.asked or week.today(now), week.asked is None
    wanted = LoopsWanted(person_id=person.id, pools=person.pools, as_they_are=is_now)
    found = loops(viewer, week.policy, day, wanted=wanted)
    waiting = briefs_waiting(viewer, [row.id for row in found], today=day) if is_now else {}
    found = [row for row in found if row.id not in waiting]
    cohorts = cohorts_in(viewer, found)
    together = {row.id for each in cohorts for row in each.silent}
    found = [row for row in found if row.id not in together]
    due = tuple(row for row in found if row.due_on <= day)
    later = tuple(row for row in found if row.due_on > day)
    follow_ups = follow_ups_owed(viewer, person.id) if is_now else ()
    owes = Owes(day, due, later, follow_ups, {}, tuple(waiting.values()), cohorts, kind)
    return replace(owes, causes=causes(viewer, week.policy, (*owes.due_shown, *owes.later_shown)))


def _entries(rows: tuple[LoopRow, ...], cohorts: tuple[Cohort, ...]) -> tuple[Entry, ...]:
    found = [*(Entry(cohort=each) for each in cohorts), *(Entry(loop=row) for row in rows)]
    return tuple(sorted(found, key=lambda each: each.due_on))


def _grouped(rows: tuple[LoopRow, ...], shown: tuple[LoopRow, ...]) -> tuple[Group, ...]:
    """Return the rows that are not shown by kind, the largest group first."""
    listed = {row.id for row in shown}
    groups: dict[str, list[LoopRow]] = {}
    for row in rows:
        if row.id not in listed:
            groups.setdefault(row.kind, []).append(row)
    found = (Group(kind, of[0].title, len(of), min(row.due_on for row in of)) for kind, of in groups.items())
    return tuple(sorted(found, key=lambda each: (-each.count, each.kind)))


def _load(viewer: Viewer, week: Week, person: TeamMember, *, before: bool) -> Measured:
    run = week_before(viewer, week.run) if before else week.run
    if run is None:
        return NOTHING
    found = measured(viewer, run.id, run.as_of, measures=[LOAD], kinds=["csm"])
    return found.get((LOAD, "csm", person.key), NOTHING)


def _first(viewer: Viewer, week: Week, own: OfWhom, *, limit: int, day: date) -> tuple[FirstAccount, ...]:
    rows = sheet(viewer, week.run.id, of=own, limit=limit)
    accounts = [row.account_id for row in rows]
    where, work = standings(viewer, week.run.id, accounts), work_of(viewer, accounts, day)
    return tuple(FirstAccount(row, where.get(row.account_id), work.get(row.account_id)) for row in rows)


def _gaps(viewer: Viewer, week: Week, wanted: Wanted) -> tuple[ListedAccount, ...]:
    rows = account_rows(viewer, week.run.id, wanted=wanted, limit=GAPS_SHOWN)
    needs: dict[int, tuple[Needs, ...]] = requirements(viewer, week.run.id, [row.id for row in rows])
    return tuple(ListedAccount(row, None, needs.get(row.id, ())) for row in rows)
