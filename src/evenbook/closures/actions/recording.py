"""Writing an artifact into the records, and closing its loop with it; what it promises is followed up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from evenbook.book.directory import has_left, person_named
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.answers import FollowUp as Promised
from evenbook.closures.rules.answers import follow_ups_of, summary_of
from evenbook.closures.rules.standard import Refusal, form_of
from evenbook.frames.actions import note_write
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.records.actions import write_artifact
from evenbook.runs.actions import happened


def closed_with(
    loop: Loop,
    answers: Mapping[str, Any],
    *,
    author_id: int | None,
    by: Viewer,
    now: datetime,
    written_at: datetime | None = None,
) -> int:
    """Close a loop with an artifact, inside the transaction that holds it; return the artifact.

    Args:
        loop: held and open.
        answers: as they are kept; they met the standard.
        author_id: the person who wrote it, if it is one of the team.
        by: by whom the loop is closed: who wrote it, or who was the last to see it.
        now: when; from then on the artifact is known.
        written_at: when it was written, if that was before.
    """
    form = form_of(latest().policy.of(ClosuresNumbers), loop.artifact_kind)
    values = {
        "account_id": loop.account_id,
        "kind": loop.artifact_kind,
        "author_id": author_id,
        "summary": summary_of(form, answers),
        "fields": dict(answers),
        "closes": loop.key,
    }
    artifact = write_artifact(
        values, external_id=f"loop-{loop.pk}", fingerprint=print_of(values), now=now, written_at=written_at
    )
    note_write("records_artifact", 1, earliest_at=now, now=now)
    loop.closed_at, loop.closed_by_id = max(now, loop.opened_at), artifact
    loop.save(update_fields=["closed_at", "closed_by"])
    track(artifact, follow_ups_of(form, answers))
    loop.drafts.all().delete()
    thing = Thing("loop", str(loop.pk), loop.key)
    record(by, "loop.closed", thing, at=now, after={"artifact": artifact, "kind": loop.artifact_kind})
    happened("loop.closed", accounts=[loop.account_id], by=by.name, now=now)
    return artifact


def print_of(values: Mapping[str, Any]) -> str:
    """Return the digest of an artifact's values."""
    return hashlib.md5(json.dumps(values, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def track(artifact: int, named: Iterable[Promised]) -> None:
    """Put what the artifact promises on the week of whoever does it."""
    for each in named:
        FollowUp.objects.create(
            artifact_id=artifact,
            what=each.what,
            who=each.who,
            person_id=person_named(each.who),
            due_on=each.by,
        )


def gone(form: Iterable[Question], kept: Mapping[str, Any], today: date) -> Iterable[Refusal]:
    """Say of each answer that names somebody who has left that it would be done by nobody."""
    for row in form:
        answer = kept.get(row.field)
        names = [answer] if row.asks == "person" else []
        if row.asks == "follow_ups":
            names = [each["who"] for each in answer or ()]
        for name in dict.fromkeys(names):
            if name and has_left(name, today):
                yield Refusal(row.field, f"{name} has left; name somebody who is here.")
