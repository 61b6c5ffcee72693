"""The calendar of the weeks ahead: a row a person or team, what stands out, and what a week is made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.book.among import Ids
from evenbook.book.known import Teammate, names_of
from evenbook.book.profiles import LeaveRow
from evenbook.book.queries import teams_seen
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.closures.queries.requirements import due_between
from evenbook.desk.queries.ahead import Known, asked_for, horizon, known, whose
from evenbook.desk.queries.outlook import Outlook, is_fresh, outlook, worked_out
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.numbers.ahead import AheadNumbers
from evenbook.throughput.numbers.triggers import TriggersNumbers
from evenbook.throughput.rules.ahead import Cell, absences, renewal_clusters, runs_over
from evenbook.throughput.rules.ahead_carried import Part
from evenbook.throughput.rules.clusters import Cluster
from evenbook.throughput.rules.pace import load_tone

MOST_APART = 300
"""Up to so many people the books of these alone are read; of more all books are."""

RENEWALS, ABSENCES, OVER, UNCOVERED = "renewals", "absences", "over", "uncovered"


@dataclass(frozen=True)
class WeekCell:
    """A week of a row: what is carried, what can be sustained, in hours a month, and what lies in it.

    ``can`` is None where nobody of the row is in the team then. Of ``days`` of work ``away`` are leave and
    ``off`` public holidays.
    """

    last_on: date
    load: float | None
    tone: str
    effort: float
    can: float | None
    days: int
    away: int
    off: int
    uncovered: float
    renewals: int
    is_new: bool

    @property
    def is_away(self) -> bool:
        """Whether nobody of the row works on any day of the week."""
        return self.can is not None and self.days > 0 and self.away + self.off >= self.days

    @property
    def word(self) -> str:
        """What the load is called, besides its color."""
        return {"bad": "over", "warn": "near", "good": "within"}.get(self.tone, "")


@dataclass(frozen=True)
class Row:
    """A person or a team in the weeks ahead."""

    kind: str
    key: str
    name: str
    team: str
    cells: tuple[WeekCell, ...]

    @property
    def peak(self) -> float:
        """The highest load of the weeks."""
        return max((each.load for each in self.cells if each.load is not None), default=0.0)


@dataclass(frozen=True)
class StandsOut:
    """What stands out: whose it is, from which day to which, and how much of what.

    ``count`` is renewals, people away, or weeks over; ``share`` of the book or of the team's days, or the
    highest load.
    """

    kind: str
    of: str
    key: str
    first_on: date
    last_on: date
    count: int
    share: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class WeeksAhead:
    """The weeks ahead: their last days, the rows, and what stands out, the soonest first; of which team."""

    by: str
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    stands_out: tuple[StandsOut, ...]
    teams: tuple[str, ...]
    outlook: Outlook
    team: str = ""


@dataclass(frozen=True)
class DuePart:
    """A part of a week's effort: which account, in which stage, how it is carried; None: several."""

    account_key: str
    account_name: str
    stage: str
    before: str
    how: str
    owner_name: str
    hours: float
    renews_on: date | None
    due: int
    accounts: int = 1


@dataclass(frozen=True)
class OpenedWeek:
    """What a week ahead of a person or a team is made of.

    ``week`` and ``monthly_hours`` say how a person's capacity came about, ``working_share`` is theirs; a
    team has ``people`` instead.
    """

    kind: str
    key: str
    name: str
    cell: WeekCell
    parts: tuple[DuePart, ...]
    uncovered: tuple[DuePart, ...] = ()
    leaves: tuple[LeaveRow, ...] = ()
    week: Cell | None = None
    monthly_hours: float = 0.0
    working_share: float = 1.0
    people: int = 0


def weeks_ahead(
    viewer: Viewer, week: Week, *, team: str = "", person: str = "", begins: bool = False
) -> WeeksAhead:
    """Return the weeks ahead of whom the viewer may see, of one team or one person alone if asked.

    ``begins``: where nothing is asked and more weeks would have to be worked out than a page has time for,
    begin with the first team.
    """
    by, seen = whose(viewer, week)
    fresh, teams = is_fresh(viewer, week), teams_seen(viewer)
    if begins and not team and not fresh and by == "csm" and seen is not None and len(seen) > MOST_APART:
        team = next(iter(teams), "")
    wanted = asked_for(viewer, week, seen, team=team, person=person)
    apart = wanted if wanted is not None and len(wanted) <= MOST_APART else None
    found = outlook(viewer, week, apart, fresh=fresh)
    shown = _shown(found, seen, teams, team=team, person=person)
    rows = _team_rows(found, shown) if by == "team" else [_row(found, each) for each in shown]
    named = None if by == "team" else {each.id: each.name for each in shown}
    out = _stands_out(found, shown, named=named)
    listed = sorted(found.teams & set(teams))
    return WeeksAhead(by, found.days, tuple(rows), out, tuple(listed), found, team)


def opened_week(viewer: Viewer, week: Week, kind: str, key: str, *, day: date) -> OpenedWeek | None:
    """Return what a week of a person or a team is made of; None where there is none to be seen.

    A team's is told by how the work is carried, never by person.
    """
    by, seen = whose(viewer, week)
    if by != kind or day not in horizon(viewer, week).days:
        return None
    wanted = asked_for(viewer, week, seen, **{"team" if kind == "team" else "person": key})
    held = known(viewer, week, wanted if wanted is not None and len(wanted) <= MOST_APART else None)
    found, place = worked_out(viewer, held, wanted, with_due=False), held.horizon.days.index(day)
    shown = [
        each
        for each in _shown(found, seen, teams_seen(viewer))
        if (each.team if kind == "team" else each.key) == key
    ]
    if not shown:
        return None
    if kind == "team":
        (row,) = _team_rows(found, shown)
        return _opened_team(row, [found.cells[each.id][place] for each in shown], place)
    return _opened_person(viewer, held, found, shown[0], place=place)


HOW = {
    "own": "Their own accounts",
    "cover": "Covered for others",
    "handed": "Handed over to them",
    "pool": "Pools",
}


def _opened_team(row: Row, cells: Sequence[Cell], place: int) -> OpenedWeek:
    hours = {how: sum(getattr(each, how) for each in cells) for how in HOW}
    parts = tuple(
        DuePart("", HOW[how], "", "", how, "", taken, None, 0) for how, taken in hours.items() if taken
    )
    people = sum(each.can.hours is not None for each in cells)
    return OpenedWeek("team", row.key, row.name, row.cells[place], parts, people=people)


def _opened_person(viewer: Viewer, found: Known, of: Outlook, who: Teammate, *, place: int) -> OpenedWeek:
    mine: list[Part] = []
    lost: list[Part] = []
    for account in found.carried:
        for part in found.carrying.account(account, place):
            if part.person == who.id:
                mine.append(part)
            elif part.person is None and part.owner == who.id:
                lost.append(part)
    day = found.horizon.days[place]
    first_on, usual = day - timedelta(days=6), found.week.policy.of(CapacityNumbers).monthly_hours
    row = _row(of, who)
    return OpenedWeek(
        "csm",
        who.key,
        who.name,
        row.cells[place],
        _parts(viewer, found, mine, place),
        uncovered=_parts(viewer, found, lost, place),
        leaves=tuple(
            each
            for each in found.leaves
            if each.person_id == who.id and each.first_on <= day and each.last_on >= first_on
        ),
        week=of.cells[who.id][place],
        monthly_hours=usual if who.monthly_hours is None else who.monthly_hours,
        working_share=who.working_share,
    )


def _shown(
    found: Outlook,
    seen: frozenset[int] | None,
    teams: Sequence[str],
    *,
    team: str = "",
    person: str = "",
) -> list[Teammate]:
    """Return the people that rows are made of: who carries something, or is there to carry."""
    kept = []
    for each in found.people.values():
        is_seen = each.team in teams if seen is None else each.id in seen
        is_asked = (not team or each.team == team) and (not person or each.key == person)
        carries = each.role == "csm" or each.id in found.carrying
        if is_seen and is_asked and carries:
            kept.append(each)
    return kept


def _row(found: Outlook, who: Teammate) -> Row:
    numbers, renewals = found.week.policy.of(CapacityNumbers), found.renewals.get(who.id, ())
    shown = []
    for day, each in zip(found.days, found.cells[who.id], strict=True):
        count = sum(day - timedelta(days=7) < on <= day for on in renewals)
        shown.append(_cell(day, [each], numbers, renewals=count))
    return Row("csm", who.key, who.name, who.team, tuple(shown))


def _team_rows(found: Outlook, shown: Sequence[Teammate]) -> list[Row]:
    numbers = found.week.policy.of(CapacityNumbers)
    teams: dict[str, list[int]] = defaultdict(list)
    for each in shown:
        teams[each.team].append(each.id)
    rows = []
    for name, people in sorted(teams.items()):
        days = Counter(on for who in people for on in found.renewals.get(who, ()))
        cells = []
        for place, day in enumerate(found.days):
            count = sum(n for on, n in days.items() if day - timedelta(days=7) < on <= day)
            cells.append(_cell(day, [found.cells[who][place] for who in people], numbers, renewals=count))
        rows.append(Row("team", name, name, name, tuple(cells)))
    return rows


def _cell(day: date, of: Sequence[Cell], numbers: CapacityNumbers, *, renewals: int) -> WeekCell:
    effort = uncovered = hours = 0.0
    days = away = off = 0
    is_there = is_new = False
    for each in of:
        can = each.can
        effort += each.effort
        uncovered += each.uncovered
        days, away, off = days + can.days, away + can.away, off + can.off
        if can.hours is not None:
            is_there, hours = True, hours + can.hours
            is_new = is_new or can.ramp < 1
    effort = round(effort, 6)
    load = effort / hours if hours else None
    return WeekCell(
        last_on=day,
        load=load,
        tone=load_tone(load, green_below=numbers.load_green_below, red_above=numbers.load_red_above),
        effort=effort,
        can=hours if is_there else None,
        days=days,
        away=away,
        off=off,
        uncovered=round(uncovered, 6),
        renewals=renewals,
        is_new=is_new,
    )


def _stands_out(
    found: Outlook, shown: Sequence[Teammate], *, named: Mapping[int, str] | None
) -> tuple[StandsOut, ...]:
    """Return what stands out; without names, of teams alone."""
    out: list[StandsOut] = []
    for each in shown:
        of, key = (each.name, each.key) if named is not None else (each.team, each.team)
        book = found.books.get(each.id, 0)
        for cluster in _clusters(found, found.renewals.get(each.id, ()), book):
            share = cluster.count / max(book, 1)
            out.append(StandsOut(RENEWALS, of, key, cluster.first_on, cluster.last_on, cluster.count, share))
        if named is not None:
            out += _over(found, each, found.cells[each.id])
    out += _absences(found, shown, named)
    return tuple(sorted(out, key=lambda each: (each.first_on, each.kind, each.of)))


def _clusters(found: Outlook, days: Sequence[date], accounts: int) -> tuple[Cluster, ...]:
    numbers = found.week.policy.of(TriggersNumbers)
    last = found.week.run.as_of + timedelta(days=numbers.cluster_ahead_days)
    return renewal_clusters(
        [day for day in days if day <= last],
        accounts,
        within=numbers.cluster_days,
        least=numbers.cluster_least,
        share=numbers.cluster_share,
    )


def _over(found: Outlook, who: Teammate, cells: Sequence[Cell]) -> list[StandsOut]:
    numbers = found.week.policy.of(CapacityNumbers)
    loads = [None if each.is_away else each.load for each in cells]
    days, out = found.days, []
    for first, last in runs_over(loads, above=numbers.load_red_above / 100, weeks=numbers.load_review_weeks):
        peak = max(load for load in loads[first : last + 1] if load is not None)
        begins = days[first] - timedelta(days=6)
        out.append(StandsOut(OVER, who.name, who.key, begins, days[last], last - first + 1, peak))
    return out


def _absences(found: Outlook, shown: Sequence[Teammate], named: Mapping[int, str] | None) -> list[StandsOut]:
    numbers = found.week.policy.of(AheadNumbers)
    teams: dict[str, dict[int, tuple[Cell, ...]]] = defaultdict(dict)
    for each in shown:
        if each.team:
            teams[each.team][each.id] = found.cells[each.id]
    out = []
    for team, cells in teams.items():
        for absent in absences(cells, least=numbers.absent_least, share=numbers.absent_share):
            last = found.days[absent.week]
            names = tuple(sorted(named[who] for who in absent.people)) if named is not None else ()
            first, count = last - timedelta(days=6), len(absent.people)
            out.append(StandsOut(ABSENCES, team, team, first, last, count, absent.share, names))
    return out


def _parts(viewer: Viewer, found: Known, parts: Iterable[Part], place: int) -> tuple[DuePart, ...]:
    """Return the parts of a week by account, the largest first; what may not be opened is one row."""
    hours: dict[tuple[int, str, int | None], float] = defaultdict(float)
    for part in parts:
        assert part.account is not None
        hours[part.account, part.how, part.owner] += part.hours
    ids = Ids.of(account for account, _, _ in hours)
    names, day = names_of(viewer, ids), found.horizon.days[place]
    coming = due_between(viewer, found.week.run.id, ids, first=day - timedelta(days=6), last=day)
    due = Counter(account for account, _ in coming)
    rows, others = [], []
    for (account, how, owner), taken in sorted(hours.items(), key=lambda each: (-each[1], each[0][0])):
        if account not in names:
            others.append(taken)
            continue
        each, renews_on = found.by_account[account], found.renews.get(account)
        is_near = renews_on is not None and day - timedelta(days=7) < renews_on <= day
        rows.append(
            DuePart(
                *names[account],
                stage=each.stages[place],
                before=each.before,
                how=how,
                owner_name=found.people[owner].name if owner in found.people else "",
                hours=taken,
                renews_on=renews_on if is_near else None,
                due=due[account],
            )
        )
    if others:
        rows.append(DuePart("", "", "", "", "", "", sum(others), None, 0, len(others)))
    return tuple(rows)
