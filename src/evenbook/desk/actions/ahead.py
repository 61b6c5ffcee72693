"""Keeping everybody's weeks ahead with the run that they were worked out from, so that pages need not."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from evenbook.desk.models import AheadBook, AheadRun
from evenbook.desk.queries.outlook import Outlook, basis_of, everybody, is_fresh
from evenbook.frames.queries import last_write
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.runs.queries import Week, week_of_run
from evenbook.throughput.actions import people_kept_from

AT_ONCE = 500


def keep_ahead(run_id: int) -> int:
    """Keep the weeks ahead of a stored run; return how many people's are new.

    What is kept and still rests on what is known is left as it is; else it is worked out again, whole.
    Single people's figures of runs before policy's months go.
    """
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_of_run(keeper, run_id)
    if run is None:
        return 0
    shown = Week(run, in_force(run.as_of).policy)
    if is_fresh(keeper, shown):
        return 0
    written, basis = last_write(), basis_of(keeper, shown)
    found = everybody(keeper, shown)
    with transaction.atomic():
        AheadBook.objects.filter(run__as_of__lt=people_kept_from(run.as_of, shown.policy)).delete()
        AheadBook.objects.filter(run=run_id).delete()
        AheadBook.objects.bulk_create(_rows(run_id, found), batch_size=AT_ONCE)
        AheadRun.objects.update_or_create(run_id=run_id, defaults={"written": written, "basis": basis})
    return len(found.cells)


def _rows(run_id: int, found: Outlook) -> list[AheadBook]:
    return [
        AheadBook(
            run_id=run_id,
            person_id=person,
            carries=person in found.carrying,
            accounts=found.books.get(person, 0),
            weeks=[each.kept() for each in cells],
            renewals=[day.isoformat() for day in found.renewals.get(person, ())],
            due=list(found.due.get(person, ())),
        )
        for person, cells in found.cells.items()
    ]
