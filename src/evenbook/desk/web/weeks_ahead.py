"""The weeks ahead: each person's load week by week, what stands out, and what a week is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.book.numbers import BookNumbers
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.desk.queries.weeks_ahead import (
    HOW,
    StandsOut,
    WeekCell,
    WeeksAhead,
    opened_week,
    weeks_ahead,
)
from evenbook.desk.queries.weeks_ahead import Row as AheadRow
from evenbook.desk.web.ahead_words import said, sentence
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure
from evenbook.screens.shown import brief, day_text, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

PAGE = 50
SOME_DAY = "2000-01-01"
MOST_LISTED = 40
SHEET = (
    SheetColumn("kind"), SheetColumn("key"), SheetColumn("name"), SheetColumn("team"),
    SheetColumn("week_up_to", "day"), SheetColumn("load_percent", "number"),
    SheetColumn("effort_hours", "number"), SheetColumn("capacity_hours", "number"),
    SheetColumn("working_days", "whole"), SheetColumn("days_on_leave", "whole"),
    SheetColumn("public_holidays", "whole"), SheetColumn("uncovered_hours", "number"),
    SheetColumn("renewals", "whole"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def ahead(request: HttpRequest) -> HttpResponse:
    """Show the weeks ahead of everybody whom the viewer may see, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "each person's load in the weeks to come, from leave, ramp, renewals and handoffs"
        return render(request, "runs/no_run.html", {"page": "Weeks ahead", "what": what})
    asked = request.GET.dict()
    team = asked.get("team", "").replace("\x00", "")[:120]
    found = weeks_ahead(viewer, shown, team=team, begins=not asked.get("export"))
    asked |= {"team": found.team} if found.team else {}
    columns, filters = _columns(found), _filters(found)
    ask = Ask.of(asked, columns=columns, filters=filters, sort="-peak")
    rows = sorted(found.rows, key=_order(ask.sort), reverse=ask.descending)
    if ask.export:
        return download(_sheet(shown, rows), ask.export)
    listing = Listing("weeks-ahead", _caption(shown), columns, ask, len(rows), filters, size=PAGE, noun="row")
    listed = rows[max(listing.first - 1, 0) : listing.last]
    due = {each.key: found.outlook.due.get(each.id, ()) for each in found.outlook.people.values()}
    context = {
        "week": shown,
        "found": found,
        "rows": [_shown(shown, row, due.get(row.key, ()) if row.kind == "csm" else ()) for row in listed],
        "listing": listing,
        "sentence": sentence(found),
        "stands_out": [_standing(shown, each) for each in found.stands_out[:MOST_LISTED]],
        "more": max(0, len(found.stands_out) - MOST_LISTED),
        "numbers": shown.policy.of(CapacityNumbers),
        "book": shown.policy.of(BookNumbers),
    }
    return render(request, "desk/weeks_ahead.html", context)


@require_GET
def opened(request: HttpRequest, day: str, key: str) -> HttpResponse:
    """Show what a week ahead of a person or a team is made of."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    kind = "team" if request.GET.get("kind") == "team" else "csm"
    found = opened_week(viewer, shown, kind, key, day=_day(day)) if shown is not None else None
    if shown is None or found is None:
        raise Http404("There is no such week of anybody whose load you may see.")
    figure = Figure("load_ahead", found.cell.load, "share", request.get_full_path())
    context = {
        "week": shown,
        "found": found,
        "cell": found.cell,
        "load": figure,
        "how": HOW,
        "effort": Figure("effort_ahead", found.cell.effort, "hours", "#effort"),
        "can": Figure("can_ahead", found.cell.can, "hours", "#can"),
        "profile": address("profile", key) if kind == "csm" else "",
    }
    return render(request, "desk/week_ahead.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404("That is no day.") from None


def _columns(found: WeeksAhead) -> tuple[Column, ...]:
    weeks = (Column(f"w{place}", _short(day), sorts=False) for place, day in enumerate(found.days))
    name = Column("name", "CSM" if found.by == "csm" else "Team")
    return name, Column("peak", "Highest load", starts_down=True, hint="Of the weeks ahead"), *weeks


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _filters(found: WeeksAhead) -> tuple[Filter, ...]:
    if found.by == "team" or len(found.teams) < 2:
        return ()
    return (Filter("team", "Team", tuple(Choice(name, name) for name in found.teams)),)


def _order(key: str) -> Any:
    return (lambda row: row.name.lower()) if key == "name" else (lambda row: (row.peak, row.name.lower()))


def _caption(shown: Week) -> str:
    limit = shown.policy.of(CapacityNumbers).load_green_below
    return f"Load in % of capacity in the week up to each day; what a person should stay under: {limit:g}%"


def _hrefs(shown: Week, row: AheadRow) -> list[str]:
    """Return where each week of a row opens; the address is asked for once, which all of them share."""
    asked = {"as_of": shown.run.as_of.isoformat()} if shown.asked else {}
    more = asked | ({"kind": "team"} if row.kind == "team" else {})
    before, after = address("week-ahead", SOME_DAY, row.key).split(SOME_DAY, 1)
    query = f"?{urlencode(more)}" if more else ""
    return [f"{before}{cell.last_on.isoformat()}{after}{query}" for cell in row.cells]


def _shown(shown: Week, row: AheadRow, due: Sequence[int]) -> dict[str, Any]:
    """Return a row with its figures, each opening into its week."""
    hrefs = _hrefs(shown, row)
    known = [place for place, cell in enumerate(row.cells) if cell.load is not None]
    peak = max(known, key=lambda place: row.cells[place].load or 0, default=None)
    figures = [
        Figure("load_ahead", cell.load, "share", href) for cell, href in zip(row.cells, hrefs, strict=True)
    ]
    return {
        "row": row,
        "href": address("profile", row.key) if row.kind == "csm" else "",
        "peak": None if peak is None else figures[peak],
        "cells": [
            {
                "cell": cell,
                "figure": figures[place],
                "href": hrefs[place],
                "notes": _notes(cell, due[place] if due else 0),
            }
            for place, cell in enumerate(row.cells)
        ],
    }


def _notes(cell: WeekCell, due: int) -> list[str]:
    """Return what lies in a week, in few words."""
    found = []
    if cell.away:
        found.append(f"{cell.away} of {cell.days} days away")
    if cell.off:
        found.append(f"{cell.off} {plural(cell.off, 'holiday')}")
    if cell.uncovered > 0:
        found.append(f"{brief(cell.uncovered)} h uncovered")
    if cell.is_new:
        found.append("in ramp")
    if cell.renewals:
        found.append(f"{cell.renewals} {plural(cell.renewals, 'renewal')}")
    if due:
        found.append(f"{due} due")
    return found


def _standing(shown: Week, each: StandsOut) -> Mapping[str, Any]:
    asked = {"as_of": shown.run.as_of.isoformat()} if shown.asked else {}
    query = f"?{urlencode(asked)}" if asked else ""
    is_person = each.kind != "absences" and each.key != each.of
    href = f"{address('profile', each.key)}{query}" if is_person else ""
    days = f"{day_text(each.first_on)} to {day_text(each.last_on)}"
    return {"each": each, "text": said(each), "href": href, "days": days}


def _sheet(shown: Week, rows: Sequence[AheadRow]) -> Sheet:
    cells = [
        [
            row.kind, row.key, row.name, row.team or None, each.last_on,
            None if each.load is None else 100 * each.load, each.effort, each.can, each.days, each.away,
            each.off, each.uncovered, each.renewals, shown.run.as_of, shown.run.policy_version,
        ]
        for row in rows
        for each in row.cells
    ]  # fmt: skip
    return Sheet(f"weeks-ahead-{shown.run.as_of.isoformat()}", SHEET, cells)
