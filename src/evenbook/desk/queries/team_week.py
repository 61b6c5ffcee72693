"""The team's week: each person's load and reach, what is not covered, the top of the sheet, retention.

Rows are people and pools; teams where the viewer may see no single person, or where policy keeps
load at the level of teams.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evenbook.book.access import may_see_people
from evenbook.book.queries import members, people_seen, pools_seen, teams_seen
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries import Wanted, account_rows, book_sizes, how_many
from evenbook.capacity.queries.roles import role_sizes
from evenbook.closures.queries import OPEN, with_gaps
from evenbook.desk.queries.accounts import ListedAccount, listed
from evenbook.hotsheet.queries import OfWhom, SheetRow, SheetTotals, sheet, sheet_totals
from evenbook.kit.dates import week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.values import Measured, measured, trends
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import RunInfo, Week
from evenbook.throughput.queries import SEVEN, Pace, paces, seven
from evenbook.throughput.rules.pace import load_tone, running

LOAD = "effort_load"
"""The measure of load: effort carried ÷ capacity, 1 is full."""

WEEKLY = (LOAD, "unmonitored", "covered")
RETENTION = ("nrr", "grr", "logo")
SHOWN = 10
TOP = 5
NOTHING = Measured(None, 0)


@dataclass(frozen=True)
class Line:
    """One row of the week: a person, a pool or a team.

    ``weeks_over`` counts red weeks up to now, ``load_mean`` is the mean of the last weeks, and
    ``asks_review`` and ``has_room`` say that the load was high or low for as long as policy asks.
    ``accounts`` are those owned, ``in_roles`` those on which a person has a role of their own.
    """

    kind: str
    key: str
    name: str
    accounts: int
    load: Measured
    unmonitored: Measured
    covered: Measured
    strategic: Measured
    ceiling: Measured
    time_to_detect: Measured
    sentiment: Measured
    follow_ups: Measured
    quality: Measured
    trend: tuple[float | None, ...]
    tone: str
    unmonitored_tone: str
    weeks_over: int
    asks_review: bool
    has_room: bool
    load_mean: float | None
    in_roles: int = 0

    @property
    def subject(self) -> tuple[str, str]:
        """The kind of subject and its key."""
        return self.kind, self.key

    @property
    def is_person(self) -> bool:
        """Whether it is somebody with a load."""
        return self.kind == "csm" and self.load.value is not None

    @property
    def load_percent(self) -> float | None:
        """The load in percent of capacity."""
        return None if self.load.value is None else 100 * self.load.value


@dataclass(frozen=True)
class Covered:
    """How a tier is covered, in accounts."""

    accounts: int
    uncovered: int

    @property
    def share(self) -> float | None:
        """The covered share, None for an empty tier."""
        return (self.accounts - self.uncovered) / self.accounts if self.accounts else None


@dataclass(frozen=True)
class TeamWeek:
    """The team's week. ``by`` says what a line is: csm or team; with ``is_own`` it is the viewer's alone.

    ``retention_of`` is the kind of subject and the subject that retention is given for; ``whose``
    narrows the coverage matrix to what is counted here.
    """

    by: str
    is_own: bool
    weeks: int
    lines: tuple[Line, ...]
    accounts: int
    people: int
    tier_one: Covered
    not_covered: tuple[ListedAccount, ...]
    top: tuple[SheetRow, ...]
    sheet: SheetTotals
    retention: dict[str, Measured]
    retention_of: tuple[str, str]
    whose: str
    retention_weeks: int
    targets: dict[str, float]

    @property
    def over(self) -> tuple[Line, ...]:
        """The lines above what they can sustain."""
        return tuple(line for line in self.lines if line.tone == "bad")

    @property
    def near(self) -> tuple[Line, ...]:
        """The lines near it."""
        return tuple(line for line in self.lines if line.tone == "warn")

    @property
    def loads(self) -> tuple[float, ...]:
        """The loads of the people or teams."""
        return tuple(
            line.load.value for line in self.lines if line.load.value is not None and line.kind != "pool"
        )

    @property
    def spread(self) -> float | None:
        """The highest load less the lowest, in points of percent."""
        return 100 * (max(self.loads) - min(self.loads)) if len(self.loads) > 1 else None


def team_week(viewer: Viewer, week: Week) -> TeamWeek:
    """Return the team's week as far as the viewer may see it."""
    run = week.run
    by = row_kind(viewer, week)
    numbers = week.policy.of(MeasuresNumbers)
    leads_some = viewer.role == "leader" and not viewer.sees_all
    first = Wanted(tier="1", shared=not leads_some)
    gaps = replace(first, among=(with_gaps(viewer, run.id),))
    rows = account_rows(viewer, run.id, wanted=gaps, limit=SHOWN)
    sizes, roles = book_sizes(viewer, run.id), role_sizes(viewer, run.id) if by == "csm" else {}
    lines = _lines(viewer, week, by, sizes=sizes, roles=roles)
    kept_by, retention = _retention(viewer, run, leads_some=leads_some)
    return TeamWeek(
        by=by,
        is_own=viewer.role == "csm",
        weeks=numbers.trend_weeks,
        lines=lines,
        accounts=sizes.get(("all", "all"), 0),
        people=sum(line.is_person for line in lines),
        tier_one=Covered(how_many(viewer, run.id, wanted=first), how_many(viewer, run.id, wanted=gaps)),
        not_covered=listed(viewer, week, rows),
        top=sheet(viewer, run.id, of=OfWhom(), limit=TOP),
        sheet=sheet_totals(viewer, run.id, of=OfWhom()),
        retention=retention,
        retention_of=kept_by,
        whose=OPEN if leads_some else "",
        retention_weeks=numbers.retention_weeks,
        targets={"nrr": numbers.nrr_target, "grr": numbers.grr_target, "logo": numbers.logo_target},
    )


def _retention(
    viewer: Viewer, run: RunInfo, *, leads_some: bool
) -> tuple[tuple[str, str], dict[str, Measured]]:
    """Return whose retention is shown, and it: the team's where a leader leads one, else that of all.

    Several teams have no figure of their own, for shares do not add up; of the whole base everybody
    may see the share, and what they may not open is one row of it.
    """
    found = measured(viewer, run.id, run.as_of, measures=RETENTION, kinds=["team", "all"])
    teams = sorted({subject for _, kind, subject in found if kind == "team"}) if leads_some else []
    of = ("team", teams[0]) if len(teams) == 1 else ("all", "all")
    return of, {name: found.get((name, *of), NOTHING) for name in RETENTION}


def row_kind(viewer: Viewer, week: Week) -> str:
    """Return what a row is: a person, or a team where persons are not to be seen."""
    if viewer.role == "csm":
        return "csm"
    is_closed = week.policy.of(CapacityNumbers).team_level_only
    return "team" if is_closed or not may_see_people(viewer) else "csm"


def _lines(
    viewer: Viewer, week: Week, by: str, *, sizes: dict[tuple[str, str], int], roles: dict[str, int]
) -> tuple[Line, ...]:
    kinds = ["csm", "pool"] if by == "csm" else ["team"]
    found = measured(viewer, week.run.id, week.run.as_of, measures=WEEKLY, kinds=kinds)
    days = week_series(week.run.as_of, week.policy.of(MeasuresNumbers).trend_weeks)
    found |= seven(viewer, week, kinds=kinds)
    past = trends(viewer, days, measure=LOAD, kinds=kinds)
    names = _names(viewer, week, by)
    subjects = {(kind, subject) for _, kind, subject in found} | set(sizes) | {("csm", key) for key in roles}
    gap = (None,) * len(days)
    lines = [
        _line(
            week,
            subject,
            name=names[subject],
            accounts=sizes.get(subject, 0),
            in_roles=roles.get(subject[1], 0) if subject[0] == "csm" else 0,
            found=found,
            trend=past.get(subject, gap),
        )
        for subject in subjects
        if subject in names
    ]
    return tuple(sorted(lines, key=lambda line: (line.kind == "pool", -(line.load.value or 0), line.name)))


def _line(
    week: Week,
    subject: tuple[str, str],
    *,
    name: str,
    accounts: int,
    in_roles: int,
    found: dict[tuple[str, str, str], Measured],
    trend: tuple[float | None, ...],
) -> Line:
    kind, key = subject
    load, unmonitored, covered = (found.get((measure, kind, key), NOTHING) for measure in WEEKLY)
    capacity, limits = week.policy.of(CapacityNumbers), week.policy.of(MeasuresNumbers).unmonitored_limits
    red, room = capacity.load_red_above / 100, capacity.load_room_below / 100
    weeks_over = running(trend, lambda value: value > red)
    is_dark = unmonitored.value is not None and unmonitored.value > min(row.threshold for row in limits)
    return Line(
        kind=kind,
        key=key,
        name=name,
        accounts=accounts,
        in_roles=in_roles,
        load=load,
        unmonitored=unmonitored,
        covered=covered,
        **{measure: found.get((measure, kind, key), NOTHING) for measure in SEVEN},
        trend=trend,
        tone=_load_tone(load.value, capacity),
        unmonitored_tone="warn" if is_dark else "",
        weeks_over=weeks_over,
        asks_review=weeks_over >= capacity.load_review_weeks,
        has_room=running(trend, lambda value: value < room) >= capacity.load_room_weeks,
        load_mean=_mean(trend[-capacity.load_mean_weeks :]),
    )


def paces_of(viewer: Viewer, week: Week, lines: Iterable[Line]) -> dict[tuple[str, str], Pace]:
    """Return how the weeks of these lines run, by subject; a pool holds no calls and has no pace."""
    wanted = [line.subject for line in lines if line.kind != "pool"]
    return paces(viewer, week, wanted)


def _load_tone(load: float | None, numbers: CapacityNumbers) -> str:
    return load_tone(load, green_below=numbers.load_green_below, red_above=numbers.load_red_above)


def _mean(trend: tuple[float | None, ...]) -> float | None:
    known = [value for value in trend if value is not None]
    return sum(known) / len(known) if known else None


def _names(viewer: Viewer, week: Week, by: str) -> dict[tuple[str, str], str]:
    if by == "team":
        return {("team", name): name for name in teams_seen(viewer)}
    seen = people_seen(viewer)
    people = [person for person in members(viewer) if person.id in seen]
    named = {("csm", person.key): person.name for person in people}
    return named | {("pool", pool.key): pool.title for pool in pools_seen(viewer)}
