"""Keeping compared structures, so that the page shows them at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.balance.actions.proposals import ProposalNotYours
from evenbook.balance.models import StructuresCompared
from evenbook.balance.queries.asking import may_ask
from evenbook.balance.queries.structures import NoStructures, StructuresShown, basis_of, may_compare
from evenbook.balance.rules.structures_kept import written
from evenbook.people import audit
from evenbook.people.viewer import Viewer


def require(by: Viewer) -> None:
    """Let through whoever compares and may have it worked out: leaders and operations.

    Raises:
        NoStructures: they see no team.
        ProposalNotYours: they only read.
    """
    if not may_compare(by):
        raise NoStructures("You see no team, so there is none to compare.", fix="Ask a leader or operations.")
    if not may_ask(by):
        raise ProposalNotYours("Leaders and operations have structures compared.", fix="Ask one of them.")


@transaction.atomic
def keep_structures(found: StructuresShown, *, by: Viewer, now: datetime) -> int:
    """Keep compared structures and return their number; what is kept of the same week and accounts stays.

    Raises:
        NoStructures, ProposalNotYours: as for ``require``.
    """
    require(by)
    run = found.week.run
    row, is_new = StructuresCompared.objects.get_or_create(
        basis=basis_of(by, found.week),
        defaults={
            "as_of": run.as_of,
            "policy_version": run.policy_version,
            "contents": written(found.found),
            "made_at": now,
            "made_by": by.name[:120],
        },
    )
    if is_new:
        thing = audit.Thing("structures", str(row.pk), str(row))
        after = {"as_of": run.as_of.isoformat(), "fits": found.fits.name if found.fits else None}
        audit.record(by, "structures.compared", thing, at=now, after=after)
    return int(row.pk)
