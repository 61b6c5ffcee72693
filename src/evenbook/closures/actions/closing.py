"""Closing a loop with an artifact that meets its standard; until then what was typed is a draft."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.book.directory import has_left, person_named
from evenbook.closures.actions.owed import held, must_be_open, must_be_theirs
from evenbook.closures.models import Draft, FollowUp, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.answers import follow_ups_of, settled, summary_of
from evenbook.closures.rules.standard import Refusal, allows_channels, form_of, refusals
from evenbook.frames.actions import note_write
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.records.actions import write_artifact
from evenbook.runs.actions import happened

MOST_DRAFT = 200_000
"""Characters of a draft: what a person may have typed, and a little more."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Closed:
    """What became of an artifact: the loop closed, or the reasons why not."""

    loop: int
    key: str
    is_closed: bool
    refusals: tuple[Refusal, ...]


def close(
    key: str,
    answers: Any,
    *,
    by: Viewer,
    tier: int | None,
    now: datetime,
    opened_at: datetime | None = None,
) -> Closed:
    """Close a loop with an artifact, where it meets the standard in force; else say what it lacks.

    Nothing is changed by a refusal, and a draft of what was typed stays.

    Args:
        key: the loop's.
        answers: by field, as they were given.
        by: who writes.
        tier: that serves the account, where it is known.
        opened_at: when the form was opened; None where it was written elsewhere.
        now: the server's time; nothing is dated back.

    Raises:
        NoSuchLoop, LoopDone, LoopNotYours: it can't be closed, or not by them.
    """
    with transaction.atomic():
        loop = held(key, by=by)
        must_be_open(loop)
        must_be_theirs(loop, by=by)
        policy = latest().policy
        numbers, today = policy.of(ClosuresNumbers), _day_of(policy, now)
        form = form_of(numbers, loop.artifact_kind)
        lacking = refusals(form, answers, today=today, asynchronous=allows_channels(numbers, tier))
        kept = settled(form, answers)
        lacking = lacking or tuple(_gone(form, kept, today))
        if lacking:
            return Closed(loop.pk, key, False, lacking)
        artifact = _write(loop, kept, summary_of(form, kept), by=by, now=now)
        _track(artifact, follow_ups_of(form, kept))
        _close(loop, artifact, opened_at, by=by, now=now)
    return Closed(loop.pk, key, True, ())


def _day_of(policy: Policy, now: datetime) -> date:
    """Return the day of an instant where the organization works."""
    return now.astimezone(ZoneInfo(policy.of(OrganizationNumbers).time_zone)).date()


def _close(loop: Loop, artifact: int, opened_at: datetime | None, *, by: Viewer, now: datetime) -> None:
    """Write down that a loop is closed, and record it; its drafts go."""
    loop.closed_at, loop.closed_by_id = max(now, loop.opened_at), artifact
    loop.writing_seconds = _writing_seconds(loop, opened_at, by=by, now=now)
    loop.save(update_fields=["closed_at", "closed_by", "writing_seconds"])
    loop.drafts.all().delete()
    thing = Thing("loop", str(loop.pk), loop.key)
    record(by, "loop.closed", thing, at=now, after={"artifact": artifact, "kind": loop.artifact_kind})
    happened("loop.closed", accounts=[loop.account_id], by=by.name, now=now)


def save_draft(
    key: str, answers: Mapping[str, Any], *, by: Viewer, opened_at: datetime | None = None, now: datetime
) -> bool:
    """Keep what somebody has typed so far; return whether it was kept.

    The first one keeps when its form was opened: what is typed later is of the same writing.

    Raises:
        NoSuchLoop, LoopDone, LoopNotYours: there is nothing to write, or not for them.
    """
    if by.user_id is None or len(json.dumps(answers, default=str)) > MOST_DRAFT:
        return False
    with transaction.atomic():
        loop = held(key, by=by)
        must_be_open(loop)
        must_be_theirs(loop, by=by)
        told = {"answers": _storable(answers), "saved_at": now}
        Draft.objects.update_or_create(
            loop=loop,
            user_id=by.user_id,
            defaults=told,
            create_defaults={**told, "started_at": min(opened_at or now, now)},
        )
    return True


def _storable(value: Any) -> Any:
    """Return what was typed without NUL and halves of characters, of which PostgreSQL keeps none."""
    if isinstance(value, Mapping):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return _UNSTORABLE.sub("", value) if isinstance(value, str) else value


def _write(loop: Loop, kept: Mapping[str, Any], summary: str, *, by: Viewer, now: datetime) -> int:
    author = person_of(by)
    values = {
        "account_id": loop.account_id,
        "kind": loop.artifact_kind,
        "author_id": author.pk if author else None,
        "summary": summary,
        "fields": dict(kept),
        "closes": loop.key,
    }
    print_of = hashlib.md5(json.dumps(values, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    artifact = write_artifact(values, external_id=f"loop-{loop.pk}", fingerprint=print_of, now=now)
    note_write("records_artifact", 1, earliest_at=now, now=now)
    return artifact


def _writing_seconds(loop: Loop, opened_at: datetime | None, *, by: Viewer, now: datetime) -> int | None:
    """Return for how long who closes a loop had its form open, from the first draft; None without one."""
    draft = loop.drafts.filter(user_id=by.user_id).first() if by.user_id else None
    began = (draft.started_at if draft else None) or opened_at
    return max(0, round((now - began).total_seconds())) if began else None


def _track(artifact: int, named: Iterable[Any]) -> None:
    """Put what the artifact promises on the week of whoever does it."""
    for each in named:
        FollowUp.objects.create(
            artifact_id=artifact,
            what=each.what,
            who=each.who,
            person_id=person_named(each.who),
            due_on=each.by,
        )


def _gone(form: Iterable[Question], kept: Mapping[str, Any], today: date) -> Iterable[Refusal]:
    """Say of each answer that names somebody who has left that it would be done by nobody."""
    for row in form:
        answer = kept.get(row.field)
        names = [answer] if row.asks == "person" else []
        if row.asks == "follow_ups":
            names = [each["who"] for each in answer or ()]
        for name in dict.fromkeys(names):
            if name and has_left(name, today):
                yield Refusal(row.field, f"{name} has left; name somebody who is here.")
