"""The expansion list: who is worth a talk about more, why, what to mention, what speaks against it now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.expansion.numbers.worth import WorthNumbers
from evenbook.expansion.queries.listed import (
    NOT_REACHED,
    REACHED,
    SHOWN,
    ListedRow,
    ListTotals,
    list_totals,
    listed,
)
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

PAGE = 100
COLUMNS = (
    Column("rank", "Rank", is_number=True),
    Column("account", "Account"),
    Column("why", "Why, and what to mention", sorts=False),
    Column("points", "Points", is_number=True, starts_down=True, hint="Of 100"),
    Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue"),
    Column("open", "Open", sorts=False),
)
FILTERS = (
    Filter("show", "Show", tuple(Choice(*each) for each in SHOWN.items())),
    Filter("as_of", "As of", kind="day", is_more=True),
)
SHEET = (
    SheetColumn("rank", "whole"), SheetColumn("account"), SheetColumn("account_name"),
    SheetColumn("owner_name"), SheetColumn("points", "number"), SheetColumn("arr", "number"),
    SheetColumn("currency"), SheetColumn("products", "whole"), SheetColumn("products_not_owned", "whole"),
    SheetColumn("last_meeting_on", "day"), SheetColumn("held", "flag"), SheetColumn("openings", "whole"),
    SheetColumn("reasons"), SheetColumn("flags"), SheetColumn("mention"), SheetColumn("as_of", "day"),
    SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the list of a week, or download it."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "the accounts with most room and proven value, and what to mention there"
        return render(request, "runs/no_run.html", {"page": "Expansion list", "what": what})
    ask = Ask.of(request.GET, columns=COLUMNS, filters=FILTERS, sort="rank")
    show = ask.get("show")
    if ask.export:
        return download(_sheet(shown, _rows(viewer, shown, ask)), ask.export)
    totals = list_totals(viewer, shown.run.id, show=show)
    caption = f"Most room and proven value as of {day_text(shown.run.as_of)}, money in {shown.currency}"
    listing = Listing("expansion-list", caption, COLUMNS, ask, totals.rows, FILTERS, size=PAGE, noun="row")
    context = {
        "week": shown,
        "rows": _rows(viewer, shown, ask, page=listing.page),
        "totals": totals,
        "listing": listing,
        "titles": {row.term: row.title for row in shown.policy.of(WorthNumbers).terms},
        "sentence": _sentence(shown, list_totals(viewer, shown.run.id)),
    }
    return render(request, "expansion/list.html", context)


def _rows(viewer: Viewer, shown: Week, ask: Ask, *, page: int = 0) -> tuple[ListedRow, ...]:
    return listed(
        viewer,
        shown.run.id,
        show=ask.get("show"),
        sort=ask.sort,
        descending=ask.descending,
        offset=(page - 1) * PAGE if page else 0,
        limit=PAGE if page else None,
    )


def _sentence(shown: Week, totals: ListTotals) -> tuple[Part, ...]:
    if not totals.rows:
        return ("No account is on the expansion list.",)
    here = f"{address('expansion-list')}?as_of={shown.run.as_of.isoformat()}"
    rows = counted(totals.rows, "rows", href=f"{here}#list", start=True)
    said = f" {plural(totals.rows, 'account is', 'accounts are')} worth a talk about more"
    if totals.reached == totals.rows:
        return (rows, f"{said}; all were met within the cycles.")
    reached = counted(totals.reached, "rows", href=f"{here}&show={REACHED}")
    missed = counted(totals.rows - totals.reached, "rows", href=f"{here}&show={NOT_REACHED}")
    return (rows, f"{said}: ", reached, " can be reached, ", missed, " cannot now.")


def _sheet(shown: Week, rows: tuple[ListedRow, ...]) -> Sheet:
    last: list[Any] = [shown.run.as_of, shown.run.policy_version]
    cells = [
        [
            row.rank, row.account_key, row.account_name, row.owner_name, row.points,
            None if row.arr_cents is None else row.arr_cents / 100, shown.currency, row.products,
            row.whitespace, row.reached_on, row.is_held, row.hands,
            "; ".join(f"{each.text} ({each.points:g})" for each in row.reasons), " ".join(row.flags),
            "; ".join(f"{each.product}: {each.says}" for each in row.mentions), *last,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(f"expansion-list-{shown.run.as_of.isoformat()}", SHEET, cells)
