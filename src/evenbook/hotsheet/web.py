"""The hot sheet: the accounts most at risk now, each with its reasons and their points."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.book.queries import members, pools
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.queries import OfWhom, SheetRow, SheetTotals, left_since, sheet, sheet_totals
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week, week_before
from evenbook.screens.exports import download
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

PAGE = 100
CHANGE = Column("change", "Since the last sheet", sorts=False)
COLUMNS = (
    Column("rank", "Rank", is_number=True),
    Column("account", "Account"),
    Column("reasons", "Why", sorts=False),
    CHANGE,
    Column("points", "Points", is_number=True, starts_down=True, hint="Of 100"),
    Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue"),
    Column("expected", "Expected at risk", is_number=True, starts_down=True, hint="ARR × points ÷ 100"),
)
SHEET = (
    SheetColumn("rank", "whole"),
    SheetColumn("account"),
    SheetColumn("account_name"),
    SheetColumn("owner_name"),
    SheetColumn("points", "number"),
    SheetColumn("arr", "number"),
    SheetColumn("expected_arr_at_risk", "number"),
    SheetColumn("currency"),
    SheetColumn("reasons"),
    SheetColumn("play"),
    SheetColumn("change"),
    SheetColumn("as_of", "day"),
    SheetColumn("policy_version", "whole"),
)


@require_GET
def hot_sheet(request: HttpRequest) -> HttpResponse:
    """Show the rows that the viewer may see, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "the accounts most at risk, with dated reasons and a first move for each"
        return render(request, "runs/no_run.html", {"page": "Hot sheet", "what": what})
    filters = _filters(viewer)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="rank")
    of = OfWhom(owner=ask.get("owner"), team=ask.get("team"))
    if ask.export:
        return download(_sheet(shown, _rows(viewer, shown, ask, of=of)), ask.export)
    totals = sheet_totals(viewer, shown.run.id, of=of)
    before = week_before(viewer, shown.run)
    columns = COLUMNS if before else tuple(each for each in COLUMNS if each is not CHANGE)
    listing = Listing("hot-sheet", _caption(shown), columns, ask, totals.rows, filters, size=PAGE, noun="row")
    context = {
        "week": shown,
        "rows": _rows(viewer, shown, ask, of=of, page=listing.page),
        "totals": totals,
        "listing": listing,
        "views": views_of(viewer, "hot-sheet"),
        "left": left_since(viewer, shown.run.id, before.id) if before else (),
        "before": before,
        "titles": {row.term: row.title for row in shown.policy.of(HotsheetNumbers).terms},
        "sentence": _sentence(shown, totals),
    }
    return render(request, "hotsheet/hot_sheet.html", context)


def _rows(viewer: Viewer, shown: Week, ask: Ask, *, of: OfWhom, page: int = 0) -> tuple[SheetRow, ...]:
    return sheet(
        viewer,
        shown.run.id,
        of=of,
        sort=ask.sort,
        descending=ask.descending,
        offset=(page - 1) * PAGE if page else 0,
        limit=PAGE if page else None,
    )


def _filters(viewer: Viewer) -> tuple[Filter, ...]:
    people = members(viewer)
    owners = [Choice(person.key, person.name) for person in people]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    teams = [Choice(team, team) for team in sorted({person.team for person in people if person.team})]
    found = (
        Filter("owner", "Owner", (*owners, *queues, Choice("nobody", "Nobody"))),
        Filter("team", "Team", tuple(teams)),
        Filter("as_of", "As of", kind="day"),
    )
    return tuple(each for each in found if each.choices or each.kind != "choice")


def _caption(shown: Week) -> str:
    return f"The accounts most at risk as of {day_text(shown.run.as_of)}, money in {shown.currency}"


def _sentence(shown: Week, totals: SheetTotals) -> tuple[Part, ...]:
    if not totals.rows:
        return ("Nothing is on the hot sheet.",)
    if not totals.expected_cents:
        start = counted(totals.rows, "rows", href="#sheet", start=True)
        return (start, f" {plural(totals.rows, 'account')} on the sheet, and no revenue expected at risk.")
    expected = Figure("expected", totals.expected_cents, "money", "#sheet", currency=shown.currency)
    rows = counted(totals.rows, "rows", href="#sheet")
    return (
        expected,
        f" {shown.currency} a year is expected at risk at ",
        rows,
        f" {plural(totals.rows, 'account')}.",
    )


def _sheet(shown: Week, rows: tuple[SheetRow, ...]) -> Sheet:
    last: list[Any] = [shown.run.as_of, shown.run.policy_version]
    cells = [
        [
            row.rank,
            row.account_key,
            row.account_name,
            row.owner_name,
            row.points,
            _major(row.arr_cents),
            _major(row.expected_cents),
            shown.currency,
            "; ".join(f"{reason.text} ({reason.points:g})" for reason in row.reasons),
            row.play,
            row.change,
            *last,
        ]
        for row in rows
    ]
    return Sheet(f"hot-sheet-{shown.run.as_of.isoformat()}", SHEET, cells)


def _major(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
