"""Moves between tiers as a run found them, of accounts that a viewer may open; what was decided of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from evenbook.book.access import may_move_tier_of, narrowed
from evenbook.kit.keys import storable
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import RunInfo, Week
from evenbook.tiers.models import Move, Ruling
from evenbook.tiers.numbers import TiersNumbers
from evenbook.tiers.rules.told import DOWN, UP, waits_for

WAITING, HINDERED, APPROVED, DECLINED = "waiting", "hindered", "approved", "declined"
STATES = {
    WAITING: "Waits to be decided",
    HINDERED: "May not move yet",
    APPROVED: "Approved",
    DECLINED: "Declined",
}
DIRECTIONS = {UP: "Up", DOWN: "Down"}
IN_STATE = {
    WAITING: Q(ruled=None, is_hindered=False),
    HINDERED: Q(ruled=None, is_hindered=True),
    APPROVED: Q(ruled=APPROVED),
    DECLINED: Q(ruled=DECLINED),
}
SORTS = {"account": "account__name", "owner": "person__name", "move": "from_tier", "arr": "arr_cents"}


@dataclass(frozen=True)
class Decided:
    """What was decided of a move; ``may_take_back`` as long as it has no effect."""

    id: int
    choice: str
    note: str
    by: str
    at: datetime
    effective_on: date | None


@dataclass(frozen=True)
class MoveFigure:
    """A figure that a move rests on; money in minor units."""

    name: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class MoveRow:
    """A move. ``reasons`` and ``waits`` are sentences; money in minor units; ``as_of`` is that of its run."""

    id: int
    account_id: int
    account_key: str
    account_name: str
    owner_name: str
    direction: str
    from_tier: int
    to_tier: int
    from_title: str
    to_title: str
    grounds: tuple[str, ...]
    arr_cents: int | None
    reasons: tuple[str, ...]
    evidence: tuple[MoveFigure, ...]
    hindrances: tuple[str, ...]
    free_on: date | None
    decided: Decided | None
    is_hindered: bool
    may_decide: bool
    as_of: date

    @property
    def state(self) -> str:
        """How it stands, one of ``STATES``."""
        if self.decided is not None:
            return self.decided.choice
        return HINDERED if self.is_hindered else WAITING

    @property
    def state_name(self) -> str:
        """How it stands, in words."""
        return STATES[self.state]

    @property
    def waits(self) -> str:
        """What it waits for, in words; empty where nothing hinders it."""
        return waits_for(self.hindrances, self.free_on) if self.hindrances else ""


@dataclass(frozen=True)
class MovesWanted:
    """Which moves; empty means any. ``owner`` is a person's key, ``pool:`` and a pool's, or ``nobody``."""

    state: str = ""
    direction: str = ""
    owner: str = ""
    tier: str = ""


@dataclass(frozen=True)
class MoveCounts:
    """How many moves wait by direction, and how many may not be made yet."""

    up: int
    down: int
    hindered: int
    hindered_down: int


def moves(
    viewer: Viewer,
    week: Week,
    *,
    wanted: MovesWanted,
    sort: str = "arr",
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[MoveRow, ...]:
    """Return moves of a week, those with the most revenue first where nothing else is asked."""
    field = F(SORTS[sort])
    order = field.desc(nulls_last=True) if descending else field.asc(nulls_last=True)
    rows = _wanted(viewer, week.run, wanted).order_by(order, "account__name", "pk")
    page = rows.select_related("account", "person", "pool")
    return _rows(viewer, week, page[offset : None if limit is None else offset + limit])


def how_many_moves(viewer: Viewer, week: Week, *, wanted: MovesWanted) -> int:
    """Return how many moves are wanted."""
    return _wanted(viewer, week.run, wanted).count()


def move(viewer: Viewer, week: Week, number: int) -> MoveRow | None:
    """Return one move of a week, None where there is none that the viewer may see."""
    rows = _of_run(viewer, week.run).filter(pk=number).select_related("account", "person", "pool")
    found = _rows(viewer, week, rows)
    return found[0] if found else None


def move_of(viewer: Viewer, week: Week, account: str) -> MoveRow | None:
    """Return the move of an account by its key, None where there is none that the viewer may see."""
    rows = _of_run(viewer, week.run).filter(account__key=storable(account))
    found = _rows(viewer, week, rows.select_related("account", "person", "pool"))
    return found[0] if found else None


def move_counts(viewer: Viewer, week: Week) -> MoveCounts:
    """Return how many moves wait, and how many may not be made yet."""
    rows = _of_run(viewer, week.run).aggregate(
        up=Count("pk", filter=IN_STATE[WAITING] & Q(direction=UP)),
        down=Count("pk", filter=IN_STATE[WAITING] & Q(direction=DOWN)),
        hindered=Count("pk", filter=IN_STATE[HINDERED]),
        hindered_down=Count("pk", filter=IN_STATE[HINDERED] & Q(direction=DOWN)),
    )
    return MoveCounts(**rows)


def tier_titles(viewer: Viewer, week: Week) -> dict[int, str]:
    """Return what the tiers are called; it is no secret."""
    return {row.tier: row.title for row in week.policy.of(TiersNumbers).tiers}


def _wanted(viewer: Viewer, run: RunInfo, wanted: MovesWanted) -> QuerySet[Any]:
    rows = _of_run(viewer, run)
    if wanted.state:
        rows = rows.filter(IN_STATE[wanted.state])
    if wanted.direction:
        rows = rows.filter(direction=wanted.direction)
    if wanted.tier:
        rows = rows.filter(from_tier=int(wanted.tier))
    owner = storable(wanted.owner)
    if owner.startswith("pool:"):
        return rows.filter(pool__key=owner.removeprefix("pool:"))
    if owner == "nobody":
        return rows.filter(person=None, pool=None)
    return rows.filter(person__key=owner) if owner else rows


def _of_run(viewer: Viewer, run: RunInfo) -> QuerySet[Any]:
    ruled = _rulings(run).filter(account=OuterRef("account")).order_by("-pk").values("choice")[:1]
    rows: QuerySet[Any] = narrowed(Move.objects.filter(run=run.id), viewer).annotate(ruled=Subquery(ruled))
    return rows


def _rulings(run: RunInfo) -> QuerySet[Ruling]:
    """Return what was decided of a run's moves, and earlier approvals that are yet to take effect."""
    of_it = Q(as_of=run.as_of)
    to_come = Q(choice=Ruling.Choice.APPROVED, as_of__lt=run.as_of, effective_on__gt=run.as_of)
    return Ruling.objects.filter(of_it | to_come, taken_back_at=None)


def _rows(viewer: Viewer, week: Week, rows: Iterable[Move]) -> tuple[MoveRow, ...]:
    found = list(rows)
    accounts = [row.account_id for row in found]
    decided = {
        row.account_id: Decided(
            row.pk, row.choice, row.note, row.decided_by, row.decided_at, row.effective_on
        )
        for row in _rulings(week.run).filter(account__in=accounts).order_by("pk")
    }
    return tuple(_row(viewer, row, week, decided.get(row.account_id)) for row in found)


def _row(viewer: Viewer, row: Move, week: Week, decided: Decided | None) -> MoveRow:
    titles = tier_titles(viewer, week)
    return MoveRow(
        id=row.pk,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        owner_name=str(row.person or row.pool or ""),
        direction=row.direction,
        from_tier=row.from_tier,
        to_tier=row.to_tier,
        from_title=titles.get(row.from_tier, ""),
        to_title=titles.get(row.to_tier, ""),
        grounds=tuple(row.grounds.split(",")),
        arr_cents=row.arr_cents,
        reasons=tuple(row.reasons),
        evidence=tuple(MoveFigure(**each) for each in row.evidence),
        hindrances=tuple(str(each["text"]) for each in row.hindrances),
        free_on=row.free_on,
        decided=decided,
        is_hindered=row.is_hindered,
        may_decide=may_move_tier_of(viewer, row.account_id),
        as_of=week.run.as_of,
    )
