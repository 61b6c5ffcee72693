"""The monthly calibration pack: what a leader takes into the meeting in which the month is looked at.

Everything is as the last run of the month stored it. What was decided or adopted after the month's last day
is left out, so a pack of a past month stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from evenbook.book.queries import TeamMember, me, staff, teams_seen
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.calibration import CalibrationRow, calibrations
from evenbook.decisions.queries import DecisionRow, DecisionsWanted, decisions
from evenbook.decisions.rules import OPEN
from evenbook.kit.dates import week_series
from evenbook.kit.errors import EvenbookError
from evenbook.kit.months import Month
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.values import Measured, series
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import Version, history, in_force
from evenbook.runs.queries import Week, week_days, week_on_or_before
from evenbook.throughput.queries import NOTHING, Subject, paces
from evenbook.throughput.queries.first_weeks import baseline, has_signed, since_baseline
from evenbook.throughput.queries.outcomes import found_effects
from evenbook.throughput.queries.pulse import felt_by_team
from evenbook.throughput.rules.chain import LINKS
from evenbook.throughput.rules.first_weeks import SENTENCE
from evenbook.throughput.rules.monthly import (
    BESIDE_TITLES,
    LAGGING_TITLES,
    LOAD,
    SEVEN_TITLES,
    TITLES,
    Asked,
    FeltWeek,
    Limits,
    PersonMonth,
    Stand,
    days_of,
)
from evenbook.throughput.rules.outcomes import Found

ALL: Subject = ("all", "all")
PERSON = (LOAD, "strategic", "ceiling", *(link.measure for link in LINKS))
MOST_MONTHS = 36

Weekly = Mapping[tuple[str, str, str], tuple[Measured, ...]]


class NoPack(EvenbookError):
    """There is no pack of this month or for this team, or it is not for whoever asks."""

    kind = "no-pack"
    status = 404


@dataclass(frozen=True)
class Pack:
    """A month of a team or of everybody. Parts without data are empty.

    Attributes:
        month: which.
        subject: of whom: all, or a team.
        week: the last week that was stored in the month, with the policy that made it.
        days: the weeks shown, oldest first; ``before_on`` is the last one before the month.
        baseline_on: the day of the baseline, None where it was not taken by then.
        figures: every figure of the subject, by measure.
        people: each person, by load; none where policy keeps figures to teams.
        limits: how load is judged.
        decided: decisions that opened, were taken or waited in the month, as of its end.
        felt: how weeks felt.
        effects: what was seen to come of interventions.
        calibration: the last one by the end of the month.
        versions: of the policy, adopted in the month.
        asked: what is asked of the viewer.
    """

    month: Month
    subject: Subject
    week: Week
    days: tuple[date, ...]
    before_on: date | None
    baseline_on: date | None
    figures: Mapping[str, Stand]
    people: tuple[PersonMonth, ...]
    limits: Limits
    decided: tuple[DecisionRow, ...]
    felt: tuple[FeltWeek, ...]
    effects: tuple[Found, ...]
    calibration: CalibrationRow | None
    versions: tuple[Version, ...]
    asked: tuple[Asked, ...]

    @property
    def of(self) -> str:
        """Of whom it is, in words."""
        return "Everybody" if self.subject == ALL else self.subject[1]

    @property
    def is_running(self) -> bool:
        """Whether the month has days to come after the week shown."""
        return self.week.run.as_of < self.month.last

    def stands(self, titles: Iterable[str]) -> tuple[Stand, ...]:
        """Return the figures of these measures of which anything is known."""
        return tuple(self.figures[name] for name in titles if self.figures[name].is_known)

    @property
    def seven(self) -> tuple[Stand, ...]:
        """The weekly seven, and what explains them."""
        return self.stands((*SEVEN_TITLES, *BESIDE_TITLES))

    @property
    def lagging(self) -> tuple[Stand, ...]:
        """Coverage, health and what lags behind."""
        return self.stands(LAGGING_TITLES)

    @property
    def chain(self) -> tuple[Stand, ...]:
        """The first links of the burnout chain."""
        return self.stands(link.measure for link in LINKS)


def months(viewer: Viewer) -> tuple[Month, ...]:
    """Return the months that have a stored week, the newest first."""
    days = week_days(viewer, limit=400)
    return tuple(sorted({Month.of(day) for day in days}, reverse=True))[:MOST_MONTHS]


def subjects(viewer: Viewer) -> tuple[Subject, ...]:
    """Return of whom the viewer may have a pack: everybody, and the teams that they may see."""
    teams: list[Subject] = [("team", name) for name in teams_seen(viewer)]
    return tuple([ALL, *teams] if viewer.sees_all else teams)


def pack(viewer: Viewer, month: Month | None = None, *, team: str = "") -> Pack:
    """Return the pack of a month, the newest without one; of a team, or of all that the viewer leads.

    Raises:
        NoPack: no week was stored in the month, or the viewer may see no such team, or none at all.
    """
    subject = _subject(viewer, team)
    known = months(viewer)
    month = month or (known[0] if known else None)
    run = week_on_or_before(viewer, month.last) if month else None
    if month is None or run is None or not month.holds(run.as_of):
        when = f"in {month.title}" if month else "yet"
        said = f" There are: {', '.join(each.key for each in known[:6])}." if known else ""
        raise NoPack(f"No week was stored {when}.{said}", fix="Choose another month, or run: evenbook week")
    return _gathered(viewer, month, Week(run, in_force(run.as_of).policy, run.as_of), subject)


def _subject(viewer: Viewer, team: str) -> Subject:
    given = subjects(viewer)
    if not given:
        raise NoPack("The monthly pack is for leaders.", fix="Your own weeks are on your profile.")
    wanted = next((each for each in given if each == ("team", team)), None) if team else given[0]
    if wanted is None:
        raise NoPack(f"There is no team '{team[:60]}' whose pack you may see.", fix="Choose one of yours.")
    return wanted


@dataclass(frozen=True)
class _Whose:
    """Whose month is gathered for whom, and the weeks that are read."""

    viewer: Viewer
    month: Month
    week: Week
    subject: Subject
    days: tuple[date, ...]
    before_on: date | None

    def stand(
        self, weeks: Sequence[Measured] | None, measure: str, *, baseline: float | None = None
    ) -> Stand:
        """Return a figure as it stands, from its weeks."""
        weeks = weeks or (NOTHING,) * len(self.days)
        before = weeks[self.days.index(self.before_on)].value if self.before_on is not None else None
        now = weeks[-1]
        return Stand(measure, now.value, before, baseline, now.count, tuple(each.value for each in weeks))


def _gathered(viewer: Viewer, month: Month, week: Week, subject: Subject) -> Pack:
    days = tuple(week_series(week.run.as_of, max(week.policy.of(MeasuresNumbers).trend_weeks, 6)))
    found = series(viewer, days, measures=TITLES, subjects=[subject])
    whose = _Whose(viewer, month, week, subject, days, _before(month, week, days, found))
    old = _baseline(viewer, week, subject)
    capacity = week.policy.of(CapacityNumbers)
    decided, calibration = _decided(viewer, month, subject), _calibration(viewer, month)
    kept = baseline(viewer)
    return Pack(
        month=month,
        subject=subject,
        week=week,
        days=days,
        before_on=whose.before_on,
        baseline_on=kept.as_of if kept and old else None,
        figures={
            name: whose.stand(found.get((name, *subject)), name, baseline=old.get(name)) for name in TITLES
        },
        people=_people(whose),
        limits=Limits(capacity.load_green_below / 100, capacity.load_red_above / 100),
        decided=decided,
        felt=_felt(whose),
        effects=tuple(each for each in found_effects(viewer, week) if each.is_seen and each.was_comparable),
        calibration=calibration,
        versions=_versions(viewer, month, week),
        asked=_asked(viewer, month, decided, calibration),
    )


def _before(month: Month, week: Week, days: Sequence[date], found: Weekly) -> date | None:
    """Return the last day before the month of which anything is known."""
    _, day = days_of(month, week.run.as_of, days)
    if day is None or all(each[days.index(day)].value is None for each in found.values()):
        return None
    return day


def _baseline(viewer: Viewer, week: Week, subject: Subject) -> dict[str, float | None]:
    """Return the figures of the baseline by measure; none where it was taken after the week."""
    kept = baseline(viewer)
    if kept is None or kept.as_of > week.run.as_of:
        return {}
    since = since_baseline(viewer, week)
    return {each.measure: each.before.value for each in since if (each.kind, each.subject) == subject}


def _people(whose: _Whose) -> tuple[PersonMonth, ...]:
    """Return each person of the subject with a load now or a month before, the most loaded first."""
    viewer, week, own = whose.viewer, whose.week, me(whose.viewer)
    people = [
        each
        for each in staff(viewer)
        if each.is_person and (whose.subject == ALL or each.team == whose.subject[1])
    ]
    if week.policy.of(CapacityNumbers).team_level_only:
        people = [each for each in people if own is not None and each.id == own.id]
    keys: list[Subject] = [("csm", each.key) for each in people]
    found = series(viewer, whose.days, measures=PERSON, subjects=keys)
    pace = paces(viewer, week, keys)
    rows = (_person(whose, found, who, pace[key].weeks_over) for who, key in zip(people, keys, strict=True))
    known = [each for each in rows if each.load.is_known]
    return tuple(sorted(known, key=lambda each: (-(each.load.now or 0), each.name)))


def _person(whose: _Whose, found: Weekly, who: TeamMember, weeks_over: int) -> PersonMonth:
    def weeks(measure: str) -> tuple[Measured, ...] | None:
        return found.get((measure, "csm", who.key))

    return PersonMonth(
        key=who.key,
        name=who.name,
        load=whose.stand(weeks(LOAD), LOAD),
        held=(weeks("strategic") or (NOTHING,))[-1].count,
        ceiling=(weeks("ceiling") or (NOTHING,))[-1].value,
        weeks_over=weeks_over,
        chain=tuple(whose.stand(weeks(link.measure), link.measure) for link in LINKS),
    )


def _decided(viewer: Viewer, month: Month, subject: Subject) -> tuple[DecisionRow, ...]:
    """Return the decisions of a month as they stood at its end: what was opened, taken, done or waited."""
    wanted = DecisionsWanted(waits_before=month.last + timedelta(days=1), touched_since=month.first)
    there = {each.id: each.team for each in staff(viewer)}
    rows = [_known_by(row, month.last) for row in decisions(viewer, wanted=wanted)]
    return tuple(
        row
        for row in rows
        if row.waits_from_on is not None
        and (subject == ALL or row.person_id is None or there.get(row.person_id) == subject[1])
        and (row.state == OPEN or any(map(month.holds, _days_of(row))))
    )


def _days_of(row: DecisionRow) -> tuple[date | None, ...]:
    instants = (row.decided_at, row.done_at)
    return (row.waits_from_on, row.ended_on, *(at.date() if at else None for at in instants))


def _known_by(row: DecisionRow, day: date) -> DecisionRow:
    """Return a decision without what became of it after a day."""
    if row.ended_on is not None and row.ended_on > day:
        row = replace(row, ended_on=None)
    if row.done_at is not None and row.done_at.date() > day:
        row = replace(row, done_at=None, done_by="")
    if row.decided_at is not None and row.decided_at.date() > day:
        row = replace(row, choice="", note="", decided_by="", decided_at=None)
    return row


def _felt(whose: _Whose) -> tuple[FeltWeek, ...]:
    """Return how the weeks that began in the month felt, team by team, each beside its load."""
    days = (whose.month.first + timedelta(days=count) for count in range(31))
    mondays = [day for day in days if day.weekday() == 0 and whose.month.holds(day)]
    found = {day: felt_by_team(whose.viewer, week_on=day) for day in mondays if day <= whose.week.run.as_of}
    told = {team for each in found.values() for team in each}
    teams = sorted(team for team in told if whose.subject in (ALL, ("team", team)))
    loads = series(whose.viewer, whose.days, measures=[LOAD], subjects=[("team", team) for team in teams])
    return tuple(
        FeltWeek(team, monday, each[team], _load_of(loads.get((LOAD, "team", team)), whose.days, monday))
        for monday, each in found.items()
        for team in teams
        if team in each
    )


def _load_of(weeks: tuple[Measured, ...] | None, days: Sequence[date], monday: date) -> float | None:
    place = next(
        (place for place, day in enumerate(days) if monday <= day < monday + timedelta(days=7)), None
    )
    return weeks[place].value if weeks and place is not None else None


def _calibration(viewer: Viewer, month: Month) -> CalibrationRow | None:
    """Return the last calibration by the end of a month, without what became of it later."""
    found = next((each for each in calibrations(viewer) if each.made_at.date() <= month.last), None)
    if found is None or found.adopted_at is None or found.adopted_at.date() <= month.last:
        return found
    return replace(found, adopted_at=None, adopted_by="", adopted_version=None, state="proposed")


def _versions(viewer: Viewer, month: Month, week: Week) -> tuple[Version, ...]:
    """Return the versions of the policy that changed something and were adopted in a month, oldest first."""
    zone = ZoneInfo(week.policy.of(OrganizationNumbers).time_zone)
    found = [
        each
        for each in history(viewer)
        if each.changes and month.holds(each.adopted_at.astimezone(zone).date())
    ]
    return tuple(reversed(found))


def _asked(
    viewer: Viewer, month: Month, decided: Iterable[DecisionRow], calibration: CalibrationRow | None
) -> tuple[Asked, ...]:
    """Return what is asked of the viewer: their open decisions; in the newest month, weights and a name."""
    found = [
        Asked(f"{row.title}: {row.subject}", row.sentence, "decisions", f"?person={row.person_key}")
        for row in decided
        if row.state == OPEN and (row.may_decide or viewer.name in row.owners)
    ]
    if months(viewer)[:1] != (month,):
        return tuple(found)
    if calibration is not None and calibration.waits and calibration.may_adopt:
        why = f"It would change {calibration.changed} numbers of the policy."
        found.append(Asked("Adopt the learned weights, or leave them", why, "calibration"))
    if viewer.role == "leader" and viewer.may_write and not has_signed(viewer):
        found.append(Asked("Put your name under what a ceiling is for", SENTENCE, "first-weeks"))
    return tuple(found)
