"""Saying which of the two machines somebody is made for, and staffing them to one.

Each says it of themselves, or who may set what they sustain says it for them; who staffs is operations
and leaders above them.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evenbook.book.access import may_act_for, may_set_capacity_of
from evenbook.book.actions.writing import Written
from evenbook.book.machines import CHOICES, SAID, STATED, machines
from evenbook.book.models import PersonMachine
from evenbook.book.profiles import ProfileNotYours, ProfileRefused, fitting_day, person_called
from evenbook.kit.dates import start_of
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer


def say_machine(person: str, kind: str, value: str, *, first_on: date, by: Viewer, now: datetime) -> bool:
    """Keep what somebody is made for, or staffed to, from a day on; return whether that is new.

    Args:
        person: their key.
        kind: ``stated`` or ``staffed``.
        value: ``operator`` or ``seller``; ``retention`` or ``expansion``; empty takes it back.
        first_on: the first day on which it holds.
        by, now: who says it, and when.

    Raises:
        ProfileNotYours: there is nobody of this key, or it is not theirs to say.
        ProfileRefused: there is no such kind, no such value, or no such day.
    """
    with transaction.atomic():
        who = person_called(person)
        if not _may(by, who.pk, kind):
            raise ProfileNotYours("This is not yours to say.", fix="Ask them, who leads them, or operations.")
        _must_be_a_choice(kind, value)
        fitting_day(first_on)
        before = machines(by, first_on).get(who.pk)
        held = "" if before is None else (before.stated if kind == STATED else before.staffed)
        if held == value:
            return False
        row = PersonMachine.objects.create(
            person=who,
            kind=kind,
            value=value,
            first_on=first_on,
            happened_at=start_of(first_on),
            known_at=now,
        )
        written = Written()
        written.add(PersonMachine, [max(row.happened_at, now)])
        written.flush(now)
        before_said, after = {kind: SAID[held]}, {kind: SAID[value], "first_on": first_on.isoformat()}
        thing = Thing("person", who.key, who.name)
        record(by, f"machine.{kind}", thing, at=now, before=before_said, after=after)
    return True


def _must_be_a_choice(kind: str, value: str) -> None:
    if kind not in CHOICES or value not in ("", *CHOICES[kind]):
        kinds = "; ".join(f"{name}: {', '.join(values)}" for name, values in CHOICES.items())
        raise ProfileRefused(f"'{value[:40]}' can't be said of a machine.", fix=f"Choose from {kinds}.")


def _may(by: Viewer, person_id: int, kind: str) -> bool:
    return may_act_for(by, person_id) if kind == STATED else may_set_capacity_of(by, person_id)
