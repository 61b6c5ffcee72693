"""The hot sheet as a run drew it up, the rows that a viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from evenbook.book.access import narrowed
from evenbook.capacity.queries import Wanted, account_ids
from evenbook.hotsheet.models import HotRow
from evenbook.people.viewer import Viewer

SORTS = {
    "rank": "rank",
    "account": "account__name",
    "points": "points",
    "arr": "arr_cents",
    "expected": "expected_cents",
}


OVERFLOWS = {
    "hours": "no hours left this week",
    "away": "who works it is away, and nobody stands in",
    "not there": "who works it is not there",
    "pool is empty": "nobody works the pool",
    "nobody": "nobody works it",
}
"""Why the person of a row can't work it in the week."""


@dataclass(frozen=True)
class Reason:
    """Why an account is on the sheet: the signal's term, its points, the sentence of dated facts."""

    signal: str
    points: float
    text: str


@dataclass(frozen=True)
class SheetRow:
    """One row of the sheet. Money in minor units.

    ``owner_key`` and ``owner_name`` are whose row it is: who works the account, a role on it or its owner.
    """

    rank: int
    account_id: int
    account_key: str
    account_name: str
    owner_key: str
    owner_name: str
    points: float
    arr_cents: int | None
    expected_cents: int | None
    reasons: tuple[Reason, ...]
    play: str
    change: str
    overflow: str

    @property
    def overflow_said(self) -> str:
        """Return why its person can't work it in the week; empty where they can."""
        return OVERFLOWS.get(self.overflow, self.overflow)


@dataclass(frozen=True)
class SheetTotals:
    """How many rows the sheet has and how much is expected at risk on them, in minor units.

    ``overflow`` of them their people can't work in the week.
    """

    rows: int
    expected_cents: int
    arr_cents: int
    overflow: int = 0


@dataclass(frozen=True)
class OfWhom:
    """Whose rows: a person's key or ``pool:`` and a pool's key; or a person's id with their pools, roles too.

    ``overflow`` keeps those that their people can't work in the week.
    """

    owner: str = ""
    team: str = ""
    overflow: bool = False
    book_of: int | None = None
    book_pools: frozenset[int] = frozenset()


def sheet(
    viewer: Viewer,
    run_id: int,
    *,
    of: OfWhom,
    sort: str = "rank",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[SheetRow, ...]:
    """Return rows of the sheet, by rank where nothing else is asked."""
    field = SORTS[sort]
    rows = listed(viewer, run_id, of).order_by(f"-{field}" if descending else field, "rank")
    page = rows.select_related("account", "person", "pool")[
        offset : None if limit is None else offset + limit
    ]
    return tuple(map(_row, page))


def sheet_totals(viewer: Viewer, run_id: int, *, of: OfWhom) -> SheetTotals:
    """Return the sums of the sheet."""
    sums = listed(viewer, run_id, of).aggregate(
        n=Count("pk"),
        expected=Sum("expected_cents"),
        arr=Sum("arr_cents"),
        overflow=Count("pk", filter=~Q(overflow="")),
    )
    return SheetTotals(sums["n"], sums["expected"] or 0, sums["arr"] or 0, sums["overflow"])


def row_of(viewer: Viewer, run_id: int, account_id: int) -> SheetRow | None:
    """Return an account's row of the sheet, if it is on it."""
    rows = listed(viewer, run_id, OfWhom()).filter(account_id=account_id)
    row = rows.select_related("account", "person", "pool").first()
    return _row(row) if row else None


def accounts_on(viewer: Viewer, run_id: int) -> QuerySet[Any, Any]:
    """Return the ids of the accounts on the sheet, to narrow another slice's query."""
    return listed(viewer, run_id, OfWhom()).values("account_id")


def left_since(viewer: Viewer, run_id: int, earlier_run_id: int) -> tuple[str, ...]:
    """Return the names of accounts that were on the earlier sheet and are no longer on this one."""
    rows = narrowed(HotRow.objects.filter(run_id=earlier_run_id), viewer)
    gone = rows.exclude(account__in=HotRow.objects.filter(run_id=run_id).values("account"))
    return tuple(gone.order_by("rank").values_list("account__name", flat=True))


def listed(viewer: Viewer, run_id: int, of: OfWhom) -> QuerySet[HotRow]:
    """Return the rows of a sheet that the viewer may see, for queries of this slice."""
    rows: QuerySet[HotRow] = narrowed(HotRow.objects.filter(run_id=run_id), viewer)
    if of.owner.startswith("pool:"):
        rows = rows.filter(pool__key=of.owner.removeprefix("pool:"))
    elif of.owner == "nobody":
        rows = rows.filter(pool__isnull=True, person__isnull=True)
    elif of.owner:
        rows = rows.filter(person__key=of.owner)
    if of.team:
        rows = rows.filter(person__team=of.team)
    if of.overflow:
        rows = rows.exclude(overflow="")
    if of.book_of is not None:
        book = Wanted(book_of=of.book_of, book_pools=of.book_pools)
        rows = rows.filter(account__in=account_ids(viewer, run_id, wanted=book))
    return rows


def _row(row: HotRow) -> SheetRow:
    return SheetRow(
        rank=row.rank,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        owner_key=row.person.key if row.person else f"pool:{row.pool.key}" if row.pool else "",
        owner_name=str(row.person or row.pool or ""),
        points=row.points,
        arr_cents=row.arr_cents,
        expected_cents=row.expected_cents,
        reasons=tuple(
            Reason(str(each["signal"]), float(each["points"]), str(each["text"])) for each in row.reasons
        ),
        play=row.play,
        change=row.change,
        overflow=row.overflow,
    )
