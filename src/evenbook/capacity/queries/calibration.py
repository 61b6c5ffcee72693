"""Calibrations: what the hours said, what was adopted, and what it does to the load of each person.

What was learned is of all people together and hidden from nobody, like the policy that it becomes. The
effect on a person is theirs, of those who may see their load, and of nobody else where policy keeps figures
to teams.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evenbook.book.access import may_see_any_team, may_see_team, people_ids_seen_by, person_of
from evenbook.capacity.models import Calibration, CalibrationEffect
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.rules.proposal import Proposal
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest, may_change

State = Calibration.State
STATES = dict(State.choices)


@dataclass(frozen=True)
class CalibrationRow:
    """A calibration. ``is_outdated``: the policy has changed since, and it can't be adopted any more."""

    id: int
    as_of: date
    policy_version: int
    made_at: datetime
    made_by: str
    state: str
    proposal: Proposal
    adopted_at: datetime | None
    adopted_by: str
    adopted_version: int | None
    is_outdated: bool
    may_adopt: bool

    @property
    def waits(self) -> bool:
        """Whether somebody could adopt it."""
        return self.state == State.PROPOSED and not self.is_outdated

    @property
    def stands(self) -> str:
        """How it stands, in words."""
        if self.state == State.PROPOSED and self.is_outdated:
            return "The policy has changed since"
        return STATES[self.state]

    @property
    def changed(self) -> int:
        """How many numbers of the policy it would change."""
        return len(self.proposal.changes())


@dataclass(frozen=True)
class Load:
    """Hours a month that somebody, or a team, carries before and after, over what they can sustain.

    ``people`` is how many it is of; a person without capacity has no load.
    """

    key: str
    name: str
    accounts: int
    people: int
    capacity_hours: float
    hours_now: float
    hours_then: float

    @property
    def now(self) -> float | None:
        """The load now, a share of capacity."""
        return self.hours_now / self.capacity_hours if self.capacity_hours else None

    @property
    def then(self) -> float | None:
        """The load with the proposal, a share of capacity."""
        return self.hours_then / self.capacity_hours if self.capacity_hours else None


@dataclass(frozen=True)
class Effects:
    """The effect of a calibration, as far as the viewer may see it.

    Attributes:
        people: each person, whose load grows most first; none but the viewer where policy keeps to teams.
        teams: each team, by name.
        everybody: all people together, None where the viewer may not see that.
        is_kept_to_teams: whether policy hides single people.
    """

    people: tuple[Load, ...]
    teams: tuple[Load, ...]
    everybody: Load | None
    is_kept_to_teams: bool


def calibrations(viewer: Viewer, *, offset: int = 0, limit: int | None = None) -> tuple[CalibrationRow, ...]:
    """Return calibrations, the newest first."""
    rows = Calibration.objects.order_by("-pk")[offset : None if limit is None else offset + limit]
    number, may_adopt = latest().number, may_change(viewer)
    return tuple(_row(each, number, may_adopt=may_adopt) for each in rows)


def how_many_calibrations(viewer: Viewer) -> int:
    """Return how many calibrations there are."""
    return Calibration.objects.count()


def calibration(viewer: Viewer, number: int | None = None) -> CalibrationRow | None:
    """Return one calibration, the newest without a number; None where there is none."""
    rows = Calibration.objects.order_by("-pk")
    row = rows.first() if number is None else rows.filter(pk=number).first()
    return None if row is None else _row(row, latest().number, may_adopt=may_change(viewer))


def last_adopted(viewer: Viewer, before: CalibrationRow) -> date | None:
    """Return the day of the last adopted calibration that read some of the same weeks, None without one.

    Hours that were read twice are believed twice, so a page says so.
    """
    since = before.as_of - timedelta(weeks=before.proposal.weeks)
    rows = Calibration.objects.filter(state=State.ADOPTED, pk__lt=before.id, as_of__gt=since)
    row = rows.order_by("-pk").first()
    return row.as_of if row else None


def effects(viewer: Viewer, number: int) -> Effects:
    """Return what a calibration does to the loads that the viewer may see."""
    rows = list(CalibrationEffect.objects.filter(calibration=number).select_related("person"))
    own, seen = person_of(viewer), people_ids_seen_by(viewer)
    to_teams = latest().policy.of(CapacityNumbers).team_level_only
    shown = [
        row
        for row in rows
        if row.person_id in seen and (not to_teams or (own is not None and own.pk == row.person_id))
    ]
    people = sorted(
        (_load([row], row.person.key, row.person.name) for row in shown),
        key=lambda each: (each.hours_now - each.hours_then, each.name),
    )
    teams: dict[str, list[CalibrationEffect]] = defaultdict(list)
    for row in rows:
        teams[row.person.team].append(row)
    known = sorted(name for name in teams if name and may_see_team(viewer, name))
    sees_all = may_see_any_team(viewer) and len(known) == len([name for name in teams if name])
    return Effects(
        people=tuple(people),
        teams=tuple(_load(teams[name], name, name) for name in known),
        everybody=_load(rows, "all", "Everybody") if rows and sees_all and viewer.sees_all else None,
        is_kept_to_teams=to_teams,
    )


def _load(rows: Iterable[CalibrationEffect], key: str, name: str) -> Load:
    given = list(rows)
    return Load(
        key=key,
        name=name,
        accounts=sum(each.accounts for each in given),
        people=len(given),
        capacity_hours=sum(each.capacity_hours for each in given),
        hours_now=sum(each.hours_now for each in given),
        hours_then=sum(each.hours_then for each in given),
    )


def _row(row: Calibration, number: int, *, may_adopt: bool) -> CalibrationRow:
    return CalibrationRow(
        id=row.pk,
        as_of=row.as_of,
        policy_version=row.policy_version,
        made_at=row.made_at,
        made_by=row.made_by,
        state=row.state,
        proposal=Proposal.from_json(row.contents),
        adopted_at=row.adopted_at,
        adopted_by=row.adopted_by,
        adopted_version=row.adopted_version,
        is_outdated=row.policy_version != number,
        may_adopt=may_adopt,
    )
