"""Correcting an artifact: a new version, checked again; its loop stays closed with its first closing time.

Nothing that was known earlier changes: the version before stays, with who wrote it and when, and whatever
is asked as of an earlier day is answered from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.closures.actions.owed import LoopNotYours, held
from evenbook.closures.actions.recording import gone, print_of, track
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.queries.loops import loop_called
from evenbook.closures.queries.written import Written, may_correct, written
from evenbook.closures.rules.answers import follow_ups_of, settled, summary_of
from evenbook.closures.rules.standard import Refusal, allows_channels, form_of, refusals
from evenbook.frames.actions import note_write
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.records.actions import correct_artifact


class NothingToCorrect(EvenbookError):
    """A loop that no artifact written here has closed."""

    kind = "nothing-to-correct"
    status = 409


class CorrectedMeanwhile(EvenbookError):
    """An artifact that somebody else corrected since it was opened."""

    kind = "corrected-meanwhile"
    status = 409


@dataclass(frozen=True)
class Corrected:
    """What became of a correction: the number of the version that holds, or why it was refused."""

    version: int
    is_new: bool
    refusals: tuple[Refusal, ...] = ()


def correct(
    key: str, answers: Any, *, version: int, by: Viewer, tier: int | None, now: datetime
) -> Corrected:
    """Give the artifact that closed a loop a new version; the same answers again make none.

    Args:
        key: the loop's.
        answers: by field, all of them, as they are given.
        version: the number of the version that was corrected, from 1.
        by: who wrote it, or who may close such a loop.
        tier: that serves the account, where it is known.
        now: when.

    Raises:
        NoSuchLoop: there is none that they may see.
        NothingToCorrect: nothing that was written here has closed it.
        LoopNotYours: they neither wrote it nor may close such a loop.
        CorrectedMeanwhile: another version holds now.
    """
    with transaction.atomic():
        loop = held(key, by=by)
        policy = latest().policy
        told = _told(loop, policy, version, by=by, now=now)
        form = form_of(policy.of(ClosuresNumbers), loop.artifact_kind)
        kept = settled(form, answers)
        lacking = _lacking(form, answers, kept, told, policy=policy, tier=tier, now=now)
        if lacking:
            return Corrected(version, False, lacking)
        if kept == settled(form, told.answers):
            return Corrected(version, False)
        _write(loop, form, kept, told, by=by, now=now)
        thing = Thing("loop", str(loop.pk), loop.key)
        record(by, "artifact.corrected", thing, at=now, after={"version": version + 1})
    return Corrected(version + 1, True)


def _told(loop: Loop, policy: Policy, version: int, *, by: Viewer, now: datetime) -> Written:
    """Return the artifact as it stands; refuse whoever may not correct it, or looked at another version."""
    row = loop_called(by, policy, _day(now, policy), loop.key)
    told = written(by, row) if row else None
    if row is None or told is None or not told.versions[0].is_ours:
        raise NothingToCorrect(
            "No artifact that was written here has closed this loop.",
            fix="Close it first; correct what came from another system over there.",
        )
    if not may_correct(by, row, told):
        raise LoopNotYours("This artifact is not yours to correct.", fix=f"Ask {told.author or 'its owner'}.")
    if version != len(told.versions):
        last = told.versions[-1]
        raise CorrectedMeanwhile(
            f"{last.author or 'Somebody'} has corrected it meanwhile: version {len(told.versions)} holds.",
            fix="Look at that version, and correct it where it still needs it.",
        )
    return told


def _lacking(
    form: Sequence[Question],
    answers: Any,
    kept: Mapping[str, Any],
    told: Written,
    *,
    policy: Policy,
    tier: int | None,
    now: datetime,
) -> tuple[Refusal, ...]:
    """Return what does not meet the standard: a day that stood there may have passed, a new one not."""
    today, channels = _day(now, policy), allows_channels(policy.of(ClosuresNumbers), tier)
    found = refusals(form, answers, today=_day(told.at, policy), asynchronous=channels)
    if found:
        return found
    new = _new_of(form, kept, told.answers)
    changed = [row for row in form if row.field in new]
    return refusals(changed, new, today=today, asynchronous=channels) or tuple(gone(changed, new, today))


def _new_of(form: Iterable[Question], kept: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that are other than before; of follow-ups, those rows."""
    new: dict[str, Any] = {}
    for row in form:
        value, was = kept.get(row.field), before.get(row.field)
        if row.asks == "follow_ups":
            value = [each for each in value or () if each not in (was or ())]
        if value and value != was:
            new[row.field] = value
    return new


def _write(
    loop: Loop,
    form: Sequence[Question],
    kept: Mapping[str, Any],
    told: Written,
    *,
    by: Viewer,
    now: datetime,
) -> None:
    author = person_of(by)
    number = correct_artifact(
        told.versions[-1].id,
        summary=summary_of(form, kept),
        fields=kept,
        author_id=author.pk if author else None,
        fingerprint=print_of({"closes": loop.key, "fields": dict(kept)}),
        now=now,
    )
    note_write("records_artifact", 2, earliest_at=now, now=now)
    named = follow_ups_of(form, kept)
    stands = {(each.what, each.who, each.by) for each in named}
    before = FollowUp.objects.filter(artifact__in=[each.id for each in told.versions], is_dropped=False)
    known = {(each.what, each.who, each.due_on): each for each in before}
    track(number, [each for each in named if (each.what, each.who, each.by) not in known])
    dropped = [each.pk for key, each in known.items() if key not in stands and each.done_at is None]
    FollowUp.objects.filter(pk__in=dropped).update(done_at=now, done_by=by.name[:120], is_dropped=True)


def _day(at: datetime, policy: Policy) -> date:
    return at.astimezone(ZoneInfo(policy.of(OrganizationNumbers).time_zone)).date()
