"""Saying how a week's load feels."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.documents.wording import one_line
from evenbook.kit.dates import monday_of
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.throughput.models import Pulse
from evenbook.throughput.rules.pulse import FELT, LONGEST_WORD


class PulseRefused(EvenbookError):
    """What was said is no step of the scale, is too long, or is nobody's own load."""

    kind = "pulse-refused"


def forget_pulses(before: date) -> int:
    """Delete what was said of weeks before a day; return how many. Safe to repeat."""
    return Pulse.objects.filter(week_on__lt=before).delete()[0]


def say_pulse(felt: int, word: str = "", *, by: Viewer, today: date, now: datetime) -> bool:
    """Keep how this week's load feels to the viewer; the last word of a week stands.

    The audit trail names who spoke, not what they said. Return whether anything was otherwise before.

    Args:
        felt: a step from 1 to 5.
        word: why, in at most 140 characters; may be empty.
        by: whose load it is.
        today: the day where the organization works.
        now: when it is said.

    Raises:
        PulseRefused: no step of the scale, a word that is too long, or nobody of the team speaks.
    """
    person, word = person_of(by), one_line(word)
    if person is None or by.user_id is None or not by.may_write:
        raise PulseRefused("Only somebody of the team has a load to feel.", fix="Sign in as yourself.")
    if felt not in FELT:
        raise PulseRefused(f"{felt} is no step from 1 to {max(FELT)}.", fix="Choose one of the five.")
    if len(word) > LONGEST_WORD:
        raise PulseRefused(f"The word has more than {LONGEST_WORD} characters.", fix="Say it shorter.")
    week_on = monday_of(today)
    with transaction.atomic():
        row = Pulse.objects.filter(person=person, week_on=week_on).first()
        if row is not None and (row.felt, row.word) == (felt, word):
            return False
        Pulse.objects.update_or_create(
            person=person,
            week_on=week_on,
            defaults={"user_id": by.user_id, "felt": felt, "word": word, "said_at": now},
        )
        record(by, "pulse.said", Thing("person", person.key, person.name), at=now)
    return True
