"""Taking the baseline, and leaders' names under what a ceiling is for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.measures.values import measured
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.runs.queries import Week
from evenbook.throughput.models import Baseline, BaselineFigure, Signature
from evenbook.throughput.rules.first_weeks import FIGURES

KINDS = ("all", "team")
THE_ONE = 1
"""The key of the only baseline: of two who take it at once one is too late."""


class FirstWeeksRefused(EvenbookError):
    """The step is not theirs to take, or was taken."""

    kind = "first-weeks-refused"
    status = 409


def take_baseline(shown: Week, *, by: Viewer, now: datetime) -> int:
    """Keep the figures of a week as the before of all later ones, once; return how many.

    Raises:
        FirstWeeksRefused: it is there already, or they are neither operations nor whoever leads everybody.
    """
    if not may_take_baseline(by):
        raise FirstWeeksRefused("Operations or whoever leads everybody takes the baseline.", fix="Ask them.")
    with transaction.atomic():
        run = shown.run
        said = {"as_of": run.as_of, "policy_version": run.policy_version, "taken_by": by.name[:120]}
        kept, is_first = Baseline.objects.get_or_create(pk=THE_ONE, defaults={**said, "taken_at": now})
        if not is_first:
            raise FirstWeeksRefused(
                "The baseline has been taken, and stays as it is.", fix="Look at what has changed since."
            )
        found = measured(SYSTEM, run.id, run.as_of, measures=FIGURES, kinds=KINDS)
        rows = BaselineFigure.objects.bulk_create(
            BaselineFigure(
                baseline=kept,
                subject_kind=kind,
                subject=subject,
                measure=measure,
                value=each.value,
                count=each.count,
            )
            for (measure, kind, subject), each in sorted(found.items())
        )
        record(by, "baseline.taken", Thing("baseline", str(kept.pk), str(kept)), at=now)
    return len(rows)


def sign(*, by: Viewer, now: datetime) -> bool:
    """Put a leader's name under the sentence; return whether it was not there before.

    Raises:
        FirstWeeksRefused: they are no leader who signs in.
    """
    if by.role != "leader" or not by.may_write or by.user_id is None:
        raise FirstWeeksRefused("Leaders sign this, each for themselves.", fix="Ask them.")
    with transaction.atomic():
        row, is_new = Signature.objects.get_or_create(user_id=by.user_id, defaults={"signed_at": now})
        if is_new:
            record(by, "ceiling.signed", Thing("signature", str(row.pk), by.name), at=now)
    return is_new


def may_take_baseline(viewer: Viewer) -> bool:
    """Return whether the viewer keeps the records, or leads everybody."""
    return viewer.may_write and (viewer.is_operations or (viewer.role == "leader" and viewer.sees_all))
