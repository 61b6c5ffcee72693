"""What is known of somebody of the team: role with its history, hours, leave, adjustments, own ceilings.

Everything dated is read as it was known at the end of a day; what is kept without dates, such as the
working share, is as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from evenbook.book.access import may_act_for, may_see_load_of, may_set_capacity_of
from evenbook.book.models import CapacityAdjustment, Leave, OwnCeiling, Person, PersonRole
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


class ProfileRefused(EvenbookError):
    """Leave, hours or a ceiling that can't be: wrong days, no reason, nobody of that name."""

    kind = "profile-refused"


class ProfileNotYours(EvenbookError):
    """Leave, hours or a ceiling of somebody else, whom one does not lead."""

    kind = "profile-not-yours"
    status = 403


class NoSuchEntry(EvenbookError):
    """A leave, an adjustment or a ceiling that is not there, or that is not theirs to change."""

    kind = "no-such-entry"
    status = 404


@dataclass(frozen=True)
class RoleSpell:
    """A role and the day from which somebody has it; ``assumed`` where that day is when it was first told."""

    role: str
    first_on: date
    assumed: bool


@dataclass(frozen=True)
class LeaveRow:
    """A leave; ``from_calendar`` says that a calendar's file told of it."""

    id: int
    person_id: int
    first_on: date
    last_on: date
    kind: str
    cover_id: int | None
    cover_name: str
    from_calendar: bool


@dataclass(frozen=True)
class AdjustmentRow:
    """Hours a month that are added to what somebody can sustain, or taken from it, and why."""

    id: int
    person_id: int
    first_on: date
    last_on: date | None
    hours: float
    reason: str


@dataclass(frozen=True)
class CeilingRow:
    """A ceiling of somebody's own: strategic interactions a week, and why."""

    id: int
    first_on: date
    last_on: date | None
    a_week: float
    reason: str


@dataclass(frozen=True)
class Profile:
    """Somebody of the team; ``may_leave`` and ``may_set`` say what the viewer may change."""

    id: int
    key: str
    name: str
    role: str
    team: str
    started_on: date | None
    left_on: date | None
    working_share: float
    monthly_hours: float | None
    region: str
    time_zone: str
    languages: tuple[str, ...]
    industries: tuple[str, ...]
    products: tuple[str, ...]
    roles: tuple[RoleSpell, ...]
    leaves: tuple[LeaveRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    ceilings: tuple[CeilingRow, ...]
    may_leave: bool
    may_set: bool

    def ceiling_on(self, day: date) -> CeilingRow | None:
        """Return the ceiling of their own that holds on a day; of several the latest."""
        holds = [each for each in self.ceilings if _holds(each, day)]
        return max(holds, key=lambda each: (each.first_on, each.id), default=None)

    def adjustments_on(self, day: date) -> tuple[AdjustmentRow, ...]:
        """Return the adjustments that hold on a day."""
        return tuple(each for each in self.adjustments if _holds(each, day))


def _holds(row: AdjustmentRow | CeilingRow, day: date) -> bool:
    return row.first_on <= day and (row.last_on is None or row.last_on >= day)


def profile(viewer: Viewer, key: str, *, before: datetime) -> Profile | None:
    """Return somebody as they were known before an instant, if the viewer may see their load."""
    row = Person.objects.filter(key=key, is_person=True).first() if "\x00" not in key else None
    if row is None or not may_see_load_of(viewer, row.pk):
        return None
    return Profile(
        id=row.pk,
        key=row.key,
        name=row.name,
        role=row.role,
        team=row.team,
        started_on=row.started_on,
        left_on=row.left_on,
        working_share=row.working_share,
        monthly_hours=row.monthly_hours,
        region=row.region,
        time_zone=row.time_zone,
        languages=tuple(str(each) for each in row.languages),
        industries=tuple(str(each) for each in row.industries),
        products=_products(row),
        roles=_roles(row, before),
        leaves=leave_rows(viewer, [row.pk], before=before),
        adjustments=adjustment_rows(viewer, [row.pk], before=before),
        ceilings=_ceilings(row, before),
        may_leave=may_act_for(viewer, row.pk),
        may_set=may_set_capacity_of(viewer, row.pk),
    )


def leave_rows(
    viewer: Viewer,
    people: Iterable[int] | None,
    *,
    before: datetime,
    until: date | None = None,
    since: date | None = None,
) -> tuple[LeaveRow, ...]:
    """Return the leaves known before an instant and not withdrawn by then, the first one first.

    Who is away, and who covers, is no secret within the team; of whom it is asked, the caller has judged.

    Args:
        viewer: who asks.
        people: whose; None for everybody's.
        before: the instant.
        until: the last day that matters, None for all.
        since: the first day that matters.
    """
    rows = _known(Leave.objects.all(), before).filter(person__is_person=True)
    if people is not None:
        rows = rows.filter(person__in=list(people))
    if until is not None:
        rows = rows.filter(first_on__lte=until)
    if since is not None:
        rows = rows.filter(last_on__gte=since)
    fields = ("pk", "person_id", "first_on", "last_on", "kind", "cover_id", "cover__name", "external_id")
    found = rows.order_by("first_on", "pk").values_list(*fields)
    return tuple(
        LeaveRow(pk, person, first, last, kind, cover, name or "", bool(uid))
        for pk, person, first, last, kind, cover, name, uid in found
    )


def leave_row(viewer: Viewer, number: int) -> LeaveRow | None:
    """Return one leave that the viewer may change, None where there is none."""
    row = Leave.objects.select_related("cover").filter(pk=number).first()
    if row is None or not may_act_for(viewer, row.person_id):
        return None
    cover = row.cover.name if row.cover else ""
    is_from = bool(row.external_id)
    return LeaveRow(row.pk, row.person_id, row.first_on, row.last_on, row.kind, row.cover_id, cover, is_from)


def adjustment_rows(
    viewer: Viewer, people: Iterable[int] | None, *, before: datetime
) -> tuple[AdjustmentRow, ...]:
    """Return the adjustments known before an instant and not withdrawn then; of all without people."""
    rows = _known(CapacityAdjustment.objects.all(), before)
    if people is not None:
        rows = rows.filter(person__in=list(people))
    fields = ("pk", "person_id", "first_on", "last_on", "hours", "reason")
    return tuple(AdjustmentRow(*row) for row in rows.order_by("first_on", "pk").values_list(*fields))


def person_called(key: str) -> Person:
    """Return the person of a key, for actions.

    Raises:
        ProfileRefused: there is nobody of this key.
    """
    row = Person.objects.filter(key=key, is_person=True).first() if "\x00" not in key else None
    if row is None:
        raise ProfileRefused(
            f"There is nobody '{key[:40]}' in the team.",
            fix="Name them by their key, as the list of owners has it.",
        )
    return row


def fitting_day(day: date) -> date:
    """Return a day that somebody typed, if it can be meant.

    Raises:
        ProfileRefused: it can't.
    """
    if not EARLIEST <= day <= LATEST:
        raise ProfileRefused(f"{day.isoformat()} can't be meant.", fix="Write days as 2026-03-09.")
    return day


def _known(rows: QuerySet[Any], before: datetime) -> QuerySet[Any]:
    return rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=before), known_at__lt=before)


def _roles(row: Person, before: datetime) -> tuple[RoleSpell, ...]:
    rows = PersonRole.objects.filter(person=row, known_at__lt=before).order_by("first_on", "pk")
    return tuple(RoleSpell(*values) for values in rows.values_list("role", "first_on", "assumed"))


def _ceilings(row: Person, before: datetime) -> tuple[CeilingRow, ...]:
    rows = _known(OwnCeiling.objects.filter(person=row), before).order_by("first_on", "pk")
    return tuple(
        CeilingRow(*values) for values in rows.values_list("pk", "first_on", "last_on", "a_week", "reason")
    )


def _products(row: Person) -> tuple[str, ...]:
    """Return the products that a source says somebody knows, kept among what it says besides."""
    said = (
        row.custom.get("products")
        or row.custom.get("specialization")
        or row.custom.get("specialisation")
        or ""
    )
    return tuple(part.strip() for part in str(said).replace(",", ";").split(";") if part.strip())
