"""Saying that a step of the roll-out is done, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.sizing.actions.keeping import LONGEST_NOTE, SizingReadOnly, may_roll_out
from evenbook.sizing.models import RolloutStep
from evenbook.sizing.rules.rollout import CLOSER, PICK, STEPS, TITLES
from evenbook.sizing.rules.verdict import VERDICTS

LONGEST_CHOICE = 80


class StepRefused(EvenbookError):
    """There is no such step, or it lacks what is chosen in it."""

    kind = "step-refused"
    status = 422


@transaction.atomic
def mark(step: str, *, choice: str = "", note: str = "", by: Viewer, now: datetime) -> None:
    """Say that a step is done, with what was chosen in it; saying the same again changes nothing.

    Args:
        step: one of ``rules.rollout.STEPS``.
        choice: a verdict for the model picked, a person's name for the closer; else empty.
        note: what others should know.
        by: who says so.
        now: when.

    Raises:
        SizingReadOnly: ``by`` is neither operations nor leads everybody.
        StepRefused: there is no such step, or nothing is chosen in one that asks for it.
    """
    _require(step, by)
    chosen, said = choice.strip()[:LONGEST_CHOICE], note.strip()[:LONGEST_NOTE]
    if step == PICK and chosen not in VERDICTS:
        raise StepRefused("No model is picked.", fix=f"Choose one of: {', '.join(VERDICTS)}.")
    if step == CLOSER and not chosen:
        raise StepRefused("Nobody is named.", fix="Name the one person who closes.")
    row = RolloutStep.objects.select_for_update().filter(step=step).first()
    if row is not None and (row.choice, row.note) == (chosen, said):
        return
    before = None if row is None else {"choice": row.choice, "note": row.note}
    RolloutStep.objects.update_or_create(
        step=step, defaults={"choice": chosen, "note": said, "done_at": now, "done_by": by.name[:120]}
    )
    after = {"choice": chosen, "note": said}
    record(
        by, "rollout-step.done", Thing("rollout_step", step, TITLES[step]), at=now, before=before, after=after
    )


@transaction.atomic
def unmark(step: str, *, by: Viewer, now: datetime) -> None:
    """Take back that a step is done; one that is not stays so.

    Raises:
        SizingReadOnly: ``by`` is neither operations nor leads everybody.
        StepRefused: there is no such step.
    """
    _require(step, by)
    row = RolloutStep.objects.select_for_update().filter(step=step).first()
    if row is not None:
        before = {"choice": row.choice, "note": row.note}
        row.delete()
        record(
            by, "rollout-step.taken-back", Thing("rollout_step", step, TITLES[step]), at=now, before=before
        )


def _require(step: str, by: Viewer) -> None:
    if not may_roll_out(by):
        raise SizingReadOnly(
            "Operations or whoever leads everybody says which steps are done.", fix="Ask them."
        )
    if step not in STEPS:
        raise StepRefused(f"There is no step '{step[:20]}'.", fix=f"Name one of: {', '.join(STEPS)}.")
