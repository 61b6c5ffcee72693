"""The audit: which accounts hold what their tier asks for, and which do not, those with most revenue first.

Of one kind of artifact it answers in three counts that add up: current, missing, not yet due. Of all
kinds together an account is covered when nothing that it owes is missing or expired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from evenbook.capacity.queries import AccountRow, Wanted, account_ids, account_row, account_rows, totals
from evenbook.closures.models import Requirement
from evenbook.closures.queries.requirements import GAPS, accounts_with, with_gaps
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class Missing:
    """An artifact that an account owes and does not hold, or no longer; ``id`` is of its requirement."""

    account: AccountRow
    kind: str
    status: str
    since: date | None
    id: int = 0

    @property
    def gap(self) -> tuple[int, str]:
        """The account and the kind of artifact."""
        return self.account.id, self.kind


@dataclass(frozen=True)
class Audit:
    """How a set of accounts is covered.

    Attributes:
        accounts: all of whom the artifact, or any artifact, is asked.
        required: those who owe one now; the rest are not yet due.
        current: those who owe and hold all that they owe.
        covered: of one kind the same; of all kinds every account without a gap.
        share_by_count: the covered share of ``required``; of all kinds, of ``accounts``.
        share_by_arr: the same by revenue.
        missing: what is missing, by revenue; an account stands once a kind.
    """

    accounts: int
    required: int
    current: int
    covered: int
    share_by_count: float | None
    share_by_arr: float | None
    missing: tuple[Missing, ...]

    @property
    def not_yet_due(self) -> int:
        """The accounts that owe nothing yet."""
        return self.accounts - self.required


def audit(viewer: Viewer, run_id: int, *, kind: str = "", tier: str = "", owner: str = "") -> Audit:
    """Return how the accounts that the viewer may open are covered in a run.

    Args:
        viewer: who asks.
        run_id: the run.
        kind: one kind of artifact; empty for all together.
        tier: one tier, by number.
        owner: a person's key, ``pool:`` and a pool's key, or ``nobody``.
    """
    every = Wanted(owner=owner, tier=tier)
    if kind:
        every = replace(every, among=(accounts_with(viewer, run_id, kind=kind),))
    gaps = _gaps(viewer, run_id, every, kind)
    lacking = {each.account.id: each.account for each in gaps}
    current = replace(every, among=(*every.among, accounts_with(viewer, run_id, kind=kind, status="current")))
    if not kind:
        current = replace(current, without=(with_gaps(viewer, run_id),))
    counted, holds = totals(viewer, run_id, wanted=every), totals(viewer, run_id, wanted=current)
    required = holds.accounts + len(lacking)
    if kind:
        whole_arr = (holds.arr_cents or 0) + sum(row.arr_cents or 0 for row in lacking.values())
        covered, whole, arr = holds.accounts, required, holds.arr_cents or 0
    else:
        free = totals(viewer, run_id, wanted=replace(every, without=(with_gaps(viewer, run_id),)))
        covered, whole, arr = free.accounts, counted.accounts, free.arr_cents or 0
        whole_arr = counted.arr_cents or 0
    return Audit(
        accounts=counted.accounts,
        required=required,
        current=holds.accounts,
        covered=covered,
        share_by_count=covered / whole if whole else None,
        share_by_arr=arr / whole_arr if whole_arr else None,
        missing=gaps,
    )


def gap(viewer: Viewer, run_id: int, account_key: str, kind: str) -> Missing | None:
    """Return what is missing of one kind at one account; None where nothing is, or it is not to be seen."""
    found = Requirement.objects.filter(
        run_id=run_id, status__in=GAPS, account__key=account_key[:80], kind=kind[:40]
    ).first()
    row = account_row(viewer, run_id, found.account_id) if found else None
    return Missing(row, kind, found.status, found.on) if found and row else None


def _gaps(viewer: Viewer, run_id: int, every: Wanted, kind: str) -> tuple[Missing, ...]:
    owed = Requirement.objects.filter(
        run_id=run_id, status__in=GAPS, account__in=account_ids(viewer, run_id, wanted=every)
    )
    owed = owed.filter(kind=kind) if kind else owed
    holders = replace(every, among=(*every.among, owed.values("account_id")))
    rows = {row.id: row for row in account_rows(viewer, run_id, wanted=holders)}
    found = [
        Missing(rows[account], name, status, since)
        for account, name, status, since in owed.values_list("account_id", "kind", "status", "on")
    ]
    return tuple(sorted(found, key=_first))


def _first(each: Missing) -> tuple[bool, int, str, str]:
    arr = each.account.arr_cents
    return (arr is None, -(arr or 0), each.account.name, each.kind)
