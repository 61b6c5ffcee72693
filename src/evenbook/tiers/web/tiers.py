"""The page of tiers: who should move, who may not yet, plans under way, the long tail, the ratio check."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.book.queries import members, pools
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, latest_week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing
from evenbook.tiers.numbers.moves import OWNERS, MovesNumbers
from evenbook.tiers.queries import (
    DIRECTIONS,
    HINDERED,
    STATES,
    WAITING,
    MoveCounts,
    MoveRow,
    MovesWanted,
    how_many_moves,
    move_counts,
    moves,
    tier_titles,
)
from evenbook.tiers.queries.plans import marks, plans
from evenbook.tiers.queries.shares import TierShare, ratio, tail, tier_shares
from evenbook.tiers.rules.told import DOWN, UP
from evenbook.tiers.web.ratio import owner_lines, segment_lines

FIRST_HINDERED = 10
COLUMNS = (
    Column("account", "Account"),
    Column("move", "Move"),
    Column("why", "Why", sorts=False),
    Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue"),
    Column("border", "Border", is_number=True, sorts=False, hint="The least ARR of the tier, this week"),
    Column("decide", "Decide", sorts=False),
)
SHEET = (
    SheetColumn("id", "whole"), SheetColumn("account"), SheetColumn("account_name"),
    SheetColumn("owner_name"), SheetColumn("direction"), SheetColumn("from_tier", "whole"),
    SheetColumn("to_tier", "whole"), SheetColumn("grounds"), SheetColumn("reasons"),
    SheetColumn("arr", "number"), SheetColumn("currency"), SheetColumn("state"), SheetColumn("hindrances"),
    SheetColumn("may_move_from", "day"), SheetColumn("note"), SheetColumn("decided_by"),
    SheetColumn("decided_at", "instant"), SheetColumn("effective_on", "day"), SheetColumn("as_of", "day"),
    SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def tiers(request: HttpRequest) -> HttpResponse:
    """Show the tiers of what the viewer may open, or download the moves."""
    return page(request)


def page(request: HttpRequest, *, status: int = 200, **typed: Any) -> HttpResponse:
    """Return the page, or the file that is asked for; ``typed`` is what was refused, and why."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "which accounts should move to another tier, and why"
        return render(request, "runs/no_run.html", {"page": "Tiers", "what": what})
    filters = _filters(viewer, shown)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="-arr")
    wanted = MovesWanted(*(ask.get(name) for name in ("state", "direction", "owner", "tier")))
    if ask.export:
        return download(_sheet(shown, _moves(viewer, shown, ask, wanted)), ask.export)
    if not wanted.state:
        wanted = MovesWanted(WAITING, wanted.direction, wanted.owner, wanted.tier)
    total = how_many_moves(viewer, shown, wanted=wanted)
    caption = f"{STATES[wanted.state]}, as of {day_text(shown.run.as_of)}, money in {shown.currency}"
    listing = Listing("tier-moves", caption, COLUMNS, ask, total, filters, noun="move")
    rows = _moves(viewer, shown, ask, wanted, page=listing.page)
    context = {**_context(viewer, shown, listing, rows), **typed}
    return render(request, "tiers/tiers.html", context, status=status)


def _context(viewer: Viewer, shown: Week, listing: Listing, rows: tuple[MoveRow, ...]) -> dict[str, Any]:
    counts, shares = move_counts(viewer, shown), tier_shares(viewer, shown)
    hindered = MovesWanted(state=HINDERED)
    is_newest = _is_newest(viewer, shown)
    state = listing.ask.get("state") or WAITING
    return {
        "week": shown,
        "listing": listing,
        "rows": rows,
        "state_name": STATES[state],
        "counts": counts,
        "hindered": ()
        if listing.is_filtered
        else moves(viewer, shown, wanted=hindered, limit=FIRST_HINDERED),
        "may_decide": is_newest and state == WAITING and any(row.may_decide for row in rows),
        "is_newest": is_newest,
        "effect_days": shown.policy.of(MovesNumbers).effect_days,
        "sentence": _sentence(shown, counts, shares),
        **_held(viewer, shown, shares),
        **_under_way(viewer, shown),
    }


def _held(viewer: Viewer, shown: Week, shares: tuple[TierShare, ...]) -> dict[str, Any]:
    """Return what the page says of tiers, the long tail and the ratio check."""
    as_of = shown.run.as_of.isoformat()
    ends, found = tail(viewer, shown, shares), ratio(viewer, shown)
    here = f"{address('tiers')}?as_of={as_of}#by-tier"
    return {
        "tiers": [(row, *_figures(shown, row)) for row in shares],
        "total": (sum(row.accounts for row in shares), sum(row.arr_cents for row in shares)),
        "tail": ends,
        "tail_figures": (
            Figure("tail", ends.accounts, "count", here),
            Figure("tail-arr", ends.arr_cents, "money", here, currency=shown.currency),
        ),
        "segments": list(segment_lines(found)),
        "owners": list(owner_lines(found, currency=shown.currency, as_of=as_of)),
        "unowned": found.unowned,
    }


def _under_way(viewer: Viewer, shown: Week) -> dict[str, Any]:
    """Return the plans under way, and what was set by hand."""
    today = shown.today(timezone.now())
    return {
        "plans": [(each, [(step, step.is_late(today)) for step in each.steps]) for each in plans(viewer)],
        "roles": OWNERS,
        "marks": marks(viewer),
        "may_mark": viewer.may_write and viewer.role in {"leader", "operations"},
    }


def _figures(shown: Week, row: TierShare) -> tuple[Figure, Figure]:
    href = f"{address('accounts')}?tier={row.tier}&as_of={shown.run.as_of.isoformat()}"
    return (
        Figure("accounts", row.accounts, "count", href),
        Figure("arr", row.arr_cents, "money", href, currency=shown.currency),
    )


def _is_newest(viewer: Viewer, shown: Week) -> bool:
    newest = latest_week(viewer)
    return newest is not None and newest.id == shown.run.id


def _moves(
    viewer: Viewer, shown: Week, ask: Ask, wanted: MovesWanted, *, page: int = 0
) -> tuple[MoveRow, ...]:
    return moves(
        viewer,
        shown,
        wanted=wanted,
        sort=ask.sort,
        descending=ask.descending,
        offset=(page - 1) * PAGE_SIZE if page else 0,
        limit=PAGE_SIZE if page else None,
    )


def _filters(viewer: Viewer, shown: Week) -> tuple[Filter, ...]:
    owners = [Choice(person.key, person.name) for person in members(viewer)]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    served = [Choice(str(tier), f"T{tier} {title}") for tier, title in tier_titles(viewer, shown).items()]
    return (
        Filter(
            "state",
            "State",
            tuple(Choice(name, title) for name, title in STATES.items() if name != WAITING),
            any_label=STATES[WAITING],
        ),
        Filter("direction", "Direction", tuple(Choice(*each) for each in DIRECTIONS.items())),
        Filter("tier", "From tier", tuple(served)),
        Filter("owner", "Owner", (*owners, *queues, Choice("nobody", "Nobody")), is_more=True),
        Filter("as_of", "As of", kind="day", is_more=True),
    )


def _sentence(shown: Week, counts: MoveCounts, shares: tuple[TierShare, ...]) -> tuple[Part, ...]:
    if not any(row.accounts for row in shares):
        return ("No account is yours to open.",)
    parts: list[Part] = []
    opens = f"{address('tiers')}?as_of={shown.run.as_of.isoformat()}"
    if counts.up:
        up = counted(counts.up, "moves", href=f"{opens}&direction={UP}", start=True)
        parts += [up, f" {plural(counts.up, 'account')} should move up"]
    if counts.down:
        href = f"{opens}&direction={DOWN}"
        down = counted(counts.down, "moves", href=href, start=not parts)
        parts += [", " if parts else "", down, " down" if counts.up else _should_move(counts.down)]
    if not parts:
        parts.append("No account waits to be moved to another tier")
    if counts.hindered:
        href = f"{opens}&state={HINDERED}"
        held = counted(counts.hindered, "moves", href=href)
        down_too = " down" if counts.hindered == counts.hindered_down else ""
        parts += ["; ", held, f" may not move{down_too} yet"]
    return (*parts, ".")


def _should_move(count: int) -> str:
    return f" {plural(count, 'account')} should move down"


def _sheet(shown: Week, rows: tuple[MoveRow, ...]) -> Sheet:
    cells = [
        [
            row.id, row.account_key, row.account_name, row.owner_name, row.direction, row.from_tier,
            row.to_tier, ",".join(row.grounds), " ".join(row.reasons),
            None if row.arr_cents is None else row.arr_cents / 100, shown.currency, row.state,
            "; ".join(row.hindrances), row.free_on, *_decided(row), row.as_of, shown.run.policy_version,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(f"tiers-{shown.run.as_of.isoformat()}", SHEET, cells)


def _decided(row: MoveRow) -> list[Any]:
    if row.decided is None:
        return ["", "", None, None]
    return [row.decided.note, row.decided.by, row.decided.at, row.decided.effective_on]
