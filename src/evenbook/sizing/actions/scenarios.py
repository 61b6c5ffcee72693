"""Saving a scenario under a name, and dropping it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.models import Scenario
from evenbook.sizing.queries.scenarios import seen_by
from evenbook.sizing.queries.sized import Sized

LONGEST_NAME = 80
MOST = 50


class ScenarioRefused(EvenbookError):
    """A scenario has no name, its name is taken, or there are too many."""

    kind = "scenario-refused"
    status = 409


class ScenarioGone(EvenbookError):
    """There is no such scenario, or the viewer may not see it."""

    kind = "scenario-gone"
    status = 404


def save(name: str, answer: Sized, *, policy_version: int, by: Viewer, now: datetime) -> int:
    """Save the inputs of an answer under a name, with the answer; return its number.

    The same inputs under the same name again change nothing.

    Raises:
        SizingReadOnly: ``by`` may not save scenarios.
        ScenarioRefused: without a name, under one that is taken, or as one too many.
    """
    require_keeper(by)
    called = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
    if not called:
        raise ScenarioRefused("A scenario has no name yet.", fix="Give it one, such as 'Two more CSMs'.")
    inputs = {row["input"]: row["value"] for row in answer.said["inputs"]}
    try:
        with transaction.atomic():
            return _saved(called, answer, inputs, policy_version=policy_version, by=by, now=now)
    except IntegrityError:
        raise _taken(called) from None


def _saved(
    called: str, answer: Sized, inputs: dict[str, float], *, policy_version: int, by: Viewer, now: datetime
) -> int:
    mine = seen_by(by).filter(of_all=by.sees_all)
    known = mine.select_for_update().filter(name=called).first()
    scope = (answer.scope.kind, answer.scope.key)
    if known is not None:
        if (known.inputs, (known.scope_kind, known.scope_key)) == (inputs, scope):
            return int(known.pk)
        raise _taken(called)
    if mine.count() >= MOST:
        raise ScenarioRefused(f"There are {MOST} scenarios.", fix="Drop one that is no longer looked at.")
    said: dict[str, Any] = dict(answer.said)
    row = Scenario.objects.create(
        name=called,
        scope_kind=scope[0],
        scope_key=scope[1],
        inputs=inputs,
        answer=said,
        as_of=answer.week.run.as_of if answer.week else None,
        policy_version=policy_version,
        of_all=by.sees_all,
        user_id=by.user_id,
        made_by=by.name[:120],
        made_at=now,
    )
    record(
        by, "scenario.saved", Thing("scenario", str(row.pk), called), at=now,
        after={**inputs, "verdict": said["verdict"]},
    )  # fmt: skip
    return int(row.pk)


@transaction.atomic
def drop(number: int, *, by: Viewer, now: datetime) -> None:
    """Take a scenario out of the list; one that is out already stays out.

    Raises:
        SizingReadOnly: ``by`` may not drop scenarios.
        ScenarioGone: there is none of this number that they may see.
    """
    require_keeper(by)
    row = seen_by(by, with_dropped=True).select_for_update().filter(pk=number).first()
    if row is None:
        raise ScenarioGone(f"There is no scenario {number}.", fix="Choose one from the list.")
    if row.dropped_at is None:
        row.dropped_at, row.dropped_by = now, by.name[:120]
        row.save(update_fields=["dropped_at", "dropped_by"])
        record(by, "scenario.dropped", Thing("scenario", str(row.pk), row.name), at=now, before=row.inputs)


def _taken(name: str) -> ScenarioRefused:
    return ScenarioRefused(
        f"There is a scenario '{name}' with other inputs.", fix="Choose another name, or drop that one."
    )
