"""The page of all books: how even they are, asking for a proposal, the proposals there are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.balance.jobs import PROPOSAL, ask
from evenbook.balance.queries.ambiguity import lacks_operations, unclear
from evenbook.balance.queries.asking import Wanted, may_ask
from evenbook.balance.queries.books import BookShown, book, books, books_now
from evenbook.balance.queries.proposals import how_many_proposals, proposals
from evenbook.balance.queries.structures import may_compare
from evenbook.balance.rules.asking import EXCEPTION, FULL, HEADCOUNT, INCREMENTAL, MODES, NEW
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, last_asked, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Column, Listing

HISTORY = 20
ASKED = (INCREMENTAL, FULL, NEW, EXCEPTION, HEADCOUNT)
COLUMNS = (
    Column("csm", "Person or pool", sorts=False),
    Column(
        "load",
        "Load",
        is_number=True,
        sorts=False,
        hint="Effort over the hours ahead, parts of pools included; of a pool, its members together",
    ),
    Column("arr", "ARR", is_number=True, sorts=False),
    Column("accounts", "Accounts", is_number=True, sorts=False),
    Column("complexity", "Complexity", is_number=True, sorts=False, hint="The mean, 1 to 5"),
    Column("red_yellow", "Red or yellow", is_number=True, sorts=False),
)
SHEET = (
    SheetColumn("csm"), SheetColumn("csm_name"), SheetColumn("load_percent", "number"),
    SheetColumn("effort_hours", "number"), SheetColumn("own_hours", "number"),
    SheetColumn("capacity_hours", "number"),
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
    rows = books(viewer, found)
    listing_ask = Ask.of(request.GET, columns=COLUMNS, sort="csm")
    if listing_ask.export:
        return download(_sheet(found, books_now(viewer, found)), listing_ask.export)
    limit, nobodys = found.policy.of(CapacityNumbers).load_red_above / 100, unclear(viewer, found)
    context = {
        "week": found,
        "rows": [(each, _figures(found, each), _tone(each, limit)) for each in rows],
        "listing": Listing("book", "Books of people and pools", COLUMNS, listing_ask, len(rows), noun="book"),
        "sentence": _sentence(found, rows, limit),
        "may_ask": may_ask(viewer),
        "may_compare": may_compare(viewer),
        "asked": last_asked(viewer, PROPOSAL.name),
        "about": request.GET.get("person", ""),
        "exception": EXCEPTION,
        "modes": [(name, MODES[name]) for name in ASKED],
        "unclear": nobodys[:HISTORY],
        "unclear_total": len(nobodys),
        "without_operations": lacks_operations(viewer, found),
        "proposals": proposals(viewer, limit=HISTORY),
        "total": how_many_proposals(viewer),
    }
    return render(request, "balance/book.html", context)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show the book of a person or a pool: what makes its figures."""
    viewer = asking(request)
    shown_week = week(viewer, request.GET.get("as_of", ""))
    found = book(viewer, shown_week, key) if shown_week is not None else None
    if shown_week is None or found is None:
        raise Http404("There is no such book.")
    who, rows = found
    beside = "of a member, for others" if who.row.is_pool else "part of a pool"
    context = {"week": shown_week, "who": who, "row": who.row, "rows": rows, "sentence": _of_one(who)}
    context["beside_is"] = beside
    return render(request, "balance/one_book.html", context)


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
        person=given.get("person", "")[:90] if mode == EXCEPTION else "",
    )
    ask(wanted, by=viewer, now=timezone.now())
    messages.success(request, "It is being worked out, and stands under Proposals as soon as it is done.")
    return redirect("book")


def _sentence(found: Week, rows: tuple[BookShown, ...], limit: float) -> tuple[Part, ...]:
    people = [each for each in rows if not each.row.is_pool]
    loaded = [each for each in people if each.row.load is not None and each.row.accounts]
    if not loaded:
        return ("Nobody whose book you may see owns an account.",)
    ranked = sorted(loaded, key=lambda each: (each.row.load or 0.0, each.name))
    low, high = (_figures(found, each)["load"] for each in (ranked[0], ranked[-1]))
    spread = (
        (" Loads lie between ", low, " and ", high, ".") if len(ranked) > 1 else (" The load is ", low, ".")
    )
    over = sum((each.row.load or 0.0) > limit for each in loaded)
    if not over:
        return ("Nobody is past what they can sustain.", *spread)
    many = number_word(over, start=True)
    return (f"{many} {plural(over, 'book is', 'books are')} past the limit of load.", *spread)


def _of_one(who: BookShown) -> tuple[Part, ...]:
    many = counted(who.row.accounts, "book_accounts", href="#accounts")
    owns = (f"{who.name} owns ", many, f" {plural(who.row.accounts, 'account', 'accounts')}")
    if who.row.load is None:
        return (*owns, " and has no hours in the quarter ahead.")
    load = Figure("book_load", who.row.load, "share", "#accounts")
    if who.row.is_pool:
        return (*owns, "; its members carry ", load, " of what they can sustain, together.")
    with_pools = ", parts of pools included" if who.beside else ""
    return (
        *owns,
        f"{',' if not with_pools else ' and carries'} ",
        load,
        f" of what they can sustain{with_pools}.",
    )


def _figures(found: Week, each: BookShown) -> dict[str, Figure]:
    """Return the figures of a book, each opening into the accounts that make it."""
    row, href = each.row, f"{address('book-of', each.key)}?as_of={found.run.as_of.isoformat()}"
    return {
        "load": Figure("book_load", row.load, "share", href),
        "arr": Figure("book_arr", row.arr * 100, "money", href),
        "accounts": Figure("book_accounts", row.accounts, "whole", href),
        "complexity": Figure("book_complexity", row.complexity if row.accounts else None, "number", href),
        "red_yellow": Figure("book_red_yellow", row.red_yellow if row.accounts else None, "share", href),
    }


def _tone(each: BookShown, limit: float) -> str:
    return "bad" if each.row.load is not None and each.row.load > limit else ""


def _sheet(found: Week, rows: list[dict[str, Any]]) -> Sheet:
    day = found.run.as_of
    names = [column.name for column in SHEET[:-1]]
    told = [[*(row.get(name) for name in names), day] for row in rows]
    return Sheet(f"books-{day.isoformat()}", SHEET, told)
