"""The page of all books: how even they are, asking for a proposal, the proposals there are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.balance.jobs import ask
from evenbook.balance.queries.asking import Wanted, books_now, may_ask
from evenbook.balance.queries.proposals import how_many_proposals, proposals
from evenbook.balance.rules.asking import EXCEPTION, FULL, INCREMENTAL, MODES, NEW
from evenbook.balance.web.proposal import in_cents
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import plural
from evenbook.screens.tables import Ask, Column, Listing

HISTORY = 20
ASKED = (INCREMENTAL, FULL, NEW, EXCEPTION)
COLUMNS = (
    Column("csm", "Person", sorts=False),
    Column("load", "Load", is_number=True, sorts=False, hint="Effort of the book over the hours ahead"),
    Column("arr", "ARR", is_number=True, sorts=False),
    Column("accounts", "Accounts", is_number=True, sorts=False),
    Column("complexity", "Complexity", is_number=True, sorts=False, hint="The mean, 1 to 5"),
    Column("red_yellow", "Red or yellow", is_number=True, sorts=False),
)
SHEET = (
    SheetColumn("csm"), SheetColumn("csm_name"), SheetColumn("load_percent", "number"),
    SheetColumn("effort_hours", "number"), SheetColumn("capacity_hours", "number"),
    SheetColumn("arr", "number"), SheetColumn("accounts", "whole"), SheetColumn("complexity", "number"),
    SheetColumn("red_yellow", "whole"), SheetColumn("as_of", "day"),
)  # fmt: skip


@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Show the books of the people whom the viewer leads, or download them."""
    viewer = asking(request)
    found = week(viewer, request.GET.get("as_of", ""))
    if found is None:
        what = "who owns what, and how evenly"
        return render(request, "runs/no_run.html", {"page": "Book", "what": what})
    rows = books_now(viewer, found)
    listing_ask = Ask.of(request.GET, columns=COLUMNS, sort="csm")
    if listing_ask.export:
        return download(_sheet(found, rows), listing_ask.export)
    limit = found.policy.of(CapacityNumbers).load_red_above
    context = {
        "week": found,
        "rows": [in_cents(row) for row in rows],
        "listing": Listing("book", "Books of people", COLUMNS, listing_ask, len(rows), noun="book"),
        "sentence": _sentence(rows, limit),
        "limit": limit,
        "may_ask": may_ask(viewer),
        "modes": [(name, MODES[name]) for name in ASKED],
        "proposals": proposals(viewer, limit=HISTORY),
        "total": how_many_proposals(viewer),
    }
    return render(request, "balance/book.html", context)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Ask for a proposal and show how it goes."""
    viewer = asking(request)
    found = week(viewer, "")
    if found is None or not may_ask(viewer):
        raise Http404
    given, moves = request.POST, request.POST.get("moves", "").strip()
    mode = given.get("mode", "")
    if mode not in ASKED or (moves and not moves.isdigit()):
        raise Http404
    wanted = Wanted(
        mode=mode,
        moves=min(int(moves), 1_000_000) if moves else None,
        person=given.get("person", "")[:80] if mode == EXCEPTION else "",
    )
    return redirect("run", ask(wanted, by=viewer, now=timezone.now()))


def _sentence(rows: list[dict[str, Any]], limit: float) -> tuple[Part, ...]:
    loads = [row["load_percent"] for row in rows if "load_percent" in row and row["accounts"]]
    if not loads:
        return ("Nobody whose book you may see owns an account.",)
    over = sum(load > limit for load in loads)
    spread = f" Loads lie between {min(loads):.0f}% and {max(loads):.0f}%."
    if not over:
        return ("Nobody is past what they can sustain.", spread)
    what = plural(over, "book is", "books are")
    return (
        counted(over, "books past the limit", href="#books", start=True),
        f" {what} past {limit:g}%.",
        spread,
    )


def _sheet(found: Week, rows: list[dict[str, Any]]) -> Sheet:
    day = found.run.as_of
    names = [column.name for column in SHEET[:-1]]
    told = [[*(row.get(name) for name in names), day] for row in rows]
    return Sheet(f"books-{day.isoformat()}", SHEET, told)
