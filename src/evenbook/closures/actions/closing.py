"""Closing a loop with an artifact that meets its standard; until then what was typed is a draft."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.closures.actions.owed import held, must_be_open, must_be_theirs
from evenbook.closures.actions.reading import wait_for_chain
from evenbook.closures.actions.recording import closed_with, gone
from evenbook.closures.models import Draft, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.queries.closing_weeks import BATCH
from evenbook.closures.rules.answers import settled
from evenbook.closures.rules.standard import Refusal, allows_channels, asks_chain, form_of, refusals
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest

MOST_DRAFT = 200_000
"""Characters of a draft: what a person may have typed, and a little more."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Closed:
    """What became of an artifact: the loop closed, or the reasons why not.

    ``waits_for`` names the leaders who are to see it first: then it is written, and nothing is left to do.
    """

    loop: int
    key: str
    is_closed: bool
    refusals: tuple[Refusal, ...]
    waits_for: tuple[str, ...] = ()


def close(
    key: str,
    answers: Any,
    *,
    by: Viewer,
    tier: int | None,
    now: datetime,
    opened_at: datetime | None = None,
    batch: int | None = None,
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
        batch: the log with others of which it was signed, if it was.

    Raises:
        NoSuchLoop, LoopDone, LoopNotYours: it can't be closed, or not by them.
    """
    with transaction.atomic():
        loop = held(key, by=by)
        must_be_open(loop)
        must_be_theirs(loop, by=by)
        form, kept, lacking = _judged(loop, answers, tier=tier, now=now)
        if lacking:
            return Closed(loop.pk, key, False, lacking)
        _keep_writing_time(loop, opened_at, by=by, now=now)
        if asks_chain(latest().policy.of(ClosuresNumbers), loop.artifact_kind):
            waits_for = wait_for_chain(loop, kept, _told(form, kept), by=by, now=now)
            return Closed(loop.pk, key, not waits_for, (), waits_for)
        author, signed = person_of(by), {} if batch is None else {BATCH: batch}
        closed_with(loop, {**kept, **signed}, author_id=author.pk if author else None, by=by, now=now)
    return Closed(loop.pk, key, True, ())


def _judged(
    loop: Loop, answers: Any, *, tier: int | None, now: datetime
) -> tuple[tuple[Question, ...], dict[str, Any], tuple[Refusal, ...]]:
    """Return the form of a loop's artifact, the answers as they are kept, and what they lack."""
    policy = latest().policy
    numbers = policy.of(ClosuresNumbers)
    today = now.astimezone(ZoneInfo(policy.of(OrganizationNumbers).time_zone)).date()
    form = form_of(numbers, loop.artifact_kind)
    kept = settled(form, answers)
    lacking = refusals(form, answers, today=today, asynchronous=allows_channels(numbers, tier))
    return form, kept, lacking or tuple(gone(form, kept, today))


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


def _keep_writing_time(loop: Loop, opened_at: datetime | None, *, by: Viewer, now: datetime) -> None:
    """Keep for how long who closes a loop had its form open, from the first draft; nothing without one."""
    draft = loop.drafts.filter(user_id=by.user_id).first() if by.user_id else None
    began = (draft.started_at if draft else None) or opened_at
    loop.writing_seconds = max(0, round((now - began).total_seconds())) if began else None
    loop.save(update_fields=["writing_seconds"])


def _told(form: Iterable[Question], kept: Mapping[str, Any]) -> str:
    """Return an artifact as a mail tells it."""
    lines = []
    for row in form:
        value = kept.get(row.field)
        if isinstance(value, list):
            value = "; ".join(", ".join(each.values()) for each in value)
        if value is not None:
            lines.append(f"{row.title}: {value}")
    return "\n".join(lines)
