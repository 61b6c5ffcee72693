"""The page of the weeks ahead under a proposal, beside those under the present owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.desk.queries.proposed_weeks import ProposedRow, ProposedWeeks, proposed_weeks
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Part
from evenbook.screens.shown import number_word, percent_text, plural
from evenbook.screens.tables import Ask, Column, Listing
from evenbook.throughput.rules.pace import load_tone

PAGE = 50
NAMED = 2
SHEET = (
    SheetColumn("kind"), SheetColumn("key"), SheetColumn("name"), SheetColumn("week_up_to", "day"),
    SheetColumn("load_percent_before", "number"), SheetColumn("load_percent_after", "number"),
    SheetColumn("effort_hours_before", "number"), SheetColumn("effort_hours_after", "number"),
    SheetColumn("capacity_hours", "number"), SheetColumn("as_of", "day"), SheetColumn("proposal", "whole"),
)  # fmt: skip


@require_GET
def weeks(request: HttpRequest, number: int) -> HttpResponse:
    """Show the weeks ahead before and after a proposal, or download them."""
    found = proposed_weeks(asking(request), number)
    if found is None:
        raise Http404("There is no proposal of this number.")
    columns = _columns(found)
    ask = Ask.of(request.GET.dict(), columns=columns, sort="-peak")
    rows = sorted(found.rows, key=_order(ask.sort), reverse=ask.descending)
    if ask.export:
        return download(_sheet(found, rows), ask.export)
    listing = Listing("proposed-weeks", _caption(found), columns, ask, len(rows), size=PAGE, noun="row")
    context = {
        "found": found,
        "proposal": found.proposal,
        "week": found.week,
        "listing": listing,
        "sentence": _sentence(found),
        "rows": [_shown(found, row) for row in rows[max(listing.first - 1, 0) : listing.last]],
    }
    return render(request, "desk/proposed_weeks.html", context)


def _columns(found: ProposedWeeks) -> tuple[Column, ...]:
    name = Column("name", "CSM" if found.by == "csm" else "Team")
    days = (each.last_on for each in found.covered)
    cells = (Column(f"w{place}", f"{day.day} {day:%b}", sorts=False) for place, day in enumerate(days))
    return name, Column("peak", "Highest load", starts_down=True, hint="Of the weeks ahead"), *cells


def _order(key: str) -> Any:
    return (lambda row: row.name.lower()) if key == "name" else (lambda row: (row.peak_before or 0, row.name))


def _caption(found: ProposedWeeks) -> str:
    return f"Load in % of capacity in the week up to each day; over is above {100 * found.limit:g}%"


def _sentence(found: ProposedWeeks) -> tuple[Part, ...]:
    if not found.rows:
        return ("Nobody whom the proposal is about carries anything in the weeks ahead.",)
    if not found.moved:
        return ("The proposal moves nothing, so the weeks ahead stay as they are.",)
    return (_over(found.rows), _coverage(found))


def _over(rows: Sequence[ProposedRow]) -> str:
    """Return who is over for how many weeks, and was, in words; those first for whom it changes most."""
    over = [row for row in rows if row.over_before or row.over_after]
    if not over:
        return "Nobody is over in the weeks ahead, with the proposal or without."
    changed = [row for row in over if row.over_before != row.over_after]
    changed.sort(key=lambda row: (-abs(row.over_before - row.over_after), row.name))
    if not changed:
        return f"{_others(len(over), start=True)} over for as many weeks with the proposal as without."
    told = [
        f"{row.name} is over for {_weeks(row.over_after)} instead of {number_word(row.over_before)}"
        for row in changed[:NAMED]
    ]
    if len(changed) > NAMED:
        told.append(f"for {number_word(len(changed) - NAMED)} more it changes too")
    if len(over) > len(changed):
        told.append(f"{_others(len(over) - len(changed))} over as before")
    return f"With the proposal {'; '.join(told)}."


def _weeks(many: int) -> str:
    return f"{number_word(many)} {plural(many, 'week')}" if many else "no week"


def _others(many: int, *, start: bool = False) -> str:
    return f"{number_word(many, start=start)} {plural(many, 'is', 'are')}"


def _coverage(found: ProposedWeeks) -> str:
    before = [each.before for each in found.covered if each.before is not None]
    after = [each.after for each in found.covered if each.after is not None]
    if not before or not after:
        return ""
    low, then = (percent_text(100 * min(each)) for each in (before, after))
    if min(*before, *after) > 1 - 1e-9:
        return " All of the effort has a person there in each week."
    ends = "" if low == then else f", without it {low}"
    return f" In each week at least {then} of the effort has a person there{ends}."


def _shown(found: ProposedWeeks, row: ProposedRow) -> dict[str, Any]:
    numbers = found.week.policy.of(CapacityNumbers)
    asked = {"as_of": found.proposal.as_of.isoformat()} | ({"kind": "team"} if found.by == "team" else {})
    cells = []
    for each in row.weeks:
        tones = [
            load_tone(load, green_below=numbers.load_green_below, red_above=numbers.load_red_above)
            for load in (each.load_before, each.load_after)
        ]
        href = (
            f"{address('week-ahead', each.last_on.isoformat(), row.key)}?{urlencode(asked)}"
            if row.key
            else ""
        )
        cells.append({"week": each, "before": tones[0], "after": tones[1], "href": href})
    return {
        "row": row,
        "href": address("profile", row.key) if found.by == "csm" else "",
        "cells": cells,
    }


def _sheet(found: ProposedWeeks, rows: Sequence[ProposedRow]) -> Sheet:
    told = [
        [
            found.by, row.key, row.name, each.last_on, _percent(each.load_before), _percent(each.load_after),
            each.before, each.after, each.can, found.proposal.as_of, found.proposal.id,
        ]
        for row in rows
        for each in row.weeks
    ]  # fmt: skip
    return Sheet(f"proposal-{found.proposal.id}-weeks", SHEET, told)


def _percent(load: float | None) -> float | None:
    return None if load is None else 100 * load
