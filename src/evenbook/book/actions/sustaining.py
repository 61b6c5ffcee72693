"""What somebody can sustain, as who leads them says: hours more or less, and a ceiling of their own."""

from __future__ import annotations

import math
from datetime import date, datetime

from django.db import transaction

from evenbook.book.access import may_set_capacity_of
from evenbook.book.actions.writing import Written
from evenbook.book.models import CapacityAdjustment, OwnCeiling, Person
from evenbook.book.profiles import NoSuchEntry, ProfileNotYours, ProfileRefused, fitting_day, person_called
from evenbook.kit.dates import start_of
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import happened

MOST_HOURS = 300
MOST_A_WEEK = 200
LONGEST_REASON = 300


def adjust_hours(
    person: str,
    hours: float,
    reason: str,
    *,
    first_on: date,
    last_on: date | None,
    by: Viewer,
    now: datetime,
) -> int:
    """Write down hours a month more or less, and return the number; the same again changes nothing.

    Args:
        person: their key.
        hours: a month; less than zero takes away.
        reason: why, never empty.
        first_on: the first day on which it holds.
        last_on: the last one, None where no end is known.
        by, now: operations, or a leader above them, and when.

    Raises:
        ProfileNotYours: it is not theirs to say.
        ProfileRefused: the hours, the days or the reason can't be.
    """
    with transaction.atomic():
        who, reason = _set_by(person, by), _reason(reason)
        if not math.isfinite(hours) or hours == 0 or abs(hours) > MOST_HOURS:
            raise ProfileRefused(
                f"{hours:g} hours a month can't be meant.",
                fix=f"Give hours between -{MOST_HOURS} and {MOST_HOURS}.",
            )
        _must_be_days(first_on, last_on)
        rows = CapacityAdjustment.objects.filter(person=who, withdrawn_at=None, hours=hours, reason=reason)
        known = rows.filter(first_on=first_on, last_on=last_on).first()
        if known is not None:
            return known.pk
        row = CapacityAdjustment(person=who, hours=hours, reason=reason, first_on=first_on, last_on=last_on)
        row.happened_at, row.known_at = start_of(first_on), now
        return _kept(row, what="adjustment.set", by=by, now=now)


def set_ceiling(
    person: str,
    a_week: float,
    reason: str,
    *,
    first_on: date,
    last_on: date | None,
    by: Viewer,
    now: datetime,
) -> int:
    """Write down how many strategic interactions a week somebody can hold well, in their role's place.

    Args, errors and the answer are those of ``adjust_hours``.
    """
    with transaction.atomic():
        who, reason = _set_by(person, by), _reason(reason)
        if not math.isfinite(a_week) or not 0 < a_week <= MOST_A_WEEK:
            raise ProfileRefused(
                f"{a_week:g} a week can't be meant.", fix=f"Give a number above 0 and up to {MOST_A_WEEK}."
            )
        _must_be_days(first_on, last_on)
        rows = OwnCeiling.objects.filter(person=who, withdrawn_at=None, a_week=a_week, reason=reason)
        known = rows.filter(first_on=first_on, last_on=last_on).first()
        if known is not None:
            return known.pk
        row = OwnCeiling(person=who, a_week=a_week, reason=reason, first_on=first_on, last_on=last_on)
        row.happened_at, row.known_at = start_of(first_on), now
        return _kept(row, what="ceiling.set", by=by, now=now)


def withdraw_adjustment(number: int, *, by: Viewer, now: datetime) -> None:
    """Take an adjustment back from now on. Twice does no harm.

    Raises:
        NoSuchEntry: there is none that they may take back.
    """
    with transaction.atomic():
        rows = CapacityAdjustment.objects.select_for_update(of=("self",)).select_related("person")
        _withdrawn(rows.filter(pk=number).first(), what="adjustment.withdrawn", by=by, now=now)


def withdraw_ceiling(number: int, *, by: Viewer, now: datetime) -> None:
    """Take a ceiling of somebody's own back from now on. Twice does no harm.

    Raises:
        NoSuchEntry: there is none that they may take back.
    """
    with transaction.atomic():
        rows = OwnCeiling.objects.select_for_update(of=("self",)).select_related("person")
        _withdrawn(rows.filter(pk=number).first(), what="ceiling.withdrawn", by=by, now=now)


def _kept(row: CapacityAdjustment | OwnCeiling, *, what: str, by: Viewer, now: datetime) -> int:
    """Keep an entry that nobody has made before, tell of it, and return its number."""
    row.save()
    _told(row, now)
    record(by, what, _thing(row), at=now, after=_said(row))
    happened(what, by=by.name, now=now)
    return row.pk


def _withdrawn(row: CapacityAdjustment | OwnCeiling | None, *, what: str, by: Viewer, now: datetime) -> None:
    if row is None or not may_set_capacity_of(by, row.person_id):
        raise NoSuchEntry(
            "There is no such entry that you may take back.", fix="Look at the person's profile."
        )
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _told(row, now)
    record(by, what, _thing(row), at=now, before=_said(row))
    happened(what, by=by.name, now=now)


def _told(row: CapacityAdjustment | OwnCeiling, now: datetime) -> None:
    written = Written()
    written.add(type(row), [now])
    written.flush(now)


def _set_by(person: str, by: Viewer) -> Person:
    who = person_called(person)
    if not may_set_capacity_of(by, who.pk):
        raise ProfileNotYours(
            f"What {who.name} can sustain is not yours to say.",
            fix="Operations does it, or a leader above them.",
        )
    return who


def _reason(text: str) -> str:
    said = " ".join(text.replace("\x00", "").split())
    if not said:
        raise ProfileRefused("It has no reason.", fix="Say why, for whoever reads it in half a year.")
    if len(said) > LONGEST_REASON:
        raise ProfileRefused("The reason is too long.", fix=f"Say it in {LONGEST_REASON} characters.")
    return said


def _must_be_days(first_on: date, last_on: date | None) -> None:
    fitting_day(first_on)
    if last_on is not None and fitting_day(last_on) < first_on:
        raise ProfileRefused(
            "It ends before it begins.", fix="Name a last day on or after the first, or none."
        )


def _thing(row: CapacityAdjustment | OwnCeiling) -> Thing:
    return Thing(
        "adjustment" if isinstance(row, CapacityAdjustment) else "ceiling", str(row.pk), row.person.name
    )


def _said(row: CapacityAdjustment | OwnCeiling) -> dict[str, object]:
    amount = {"hours": row.hours} if isinstance(row, CapacityAdjustment) else {"a_week": row.a_week}
    last_on = row.last_on.isoformat() if row.last_on else None
    return {**amount, "first_on": row.first_on.isoformat(), "last_on": last_on, "reason": row.reason}
