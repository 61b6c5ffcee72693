"""A figure, opened: its formula, the policy version that made it, and the rows that add up to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.measures.card import Card
from evenbook.measures.catalogue import UnknownMeasure
from evenbook.measures.queries import FigureClosed, Opened, open_figure
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.exports import download
from evenbook.screens.sentences import Figure
from evenbook.screens.tables import Ask, Column, Listing

PAGE = 200


@require_GET
def figure(request: HttpRequest, measure: str) -> HttpResponse:
    """Show a measure's value for a subject with the rows behind it, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        raise Http404("No week is stored yet.")
    kind, subject = request.GET.get("kind", "all"), request.GET.get("subject", "all")
    try:
        found = open_figure(viewer, measure, as_of=shown.run.as_of, subject_kind=kind, subject=subject)
    except (FigureClosed, UnknownMeasure) as error:
        raise Http404(str(error)) from error
    asked = {"kind": kind, "subject": subject, "as_of": shown.run.as_of.isoformat()}
    above, below = _words(found)
    columns = _columns(found, above, below)
    plain = Ask.of(request.GET, columns=columns, sort="account")
    ask = Ask(values=asked, sort="", descending=False, page=plain.page, export=plain.export)
    if ask.export:
        return download(_sheet(found), ask.export)
    caption = "The figure is the sum of the parts over the sum of the wholes"
    listing = Listing("figure", caption, columns, ask, len(found.rows), size=PAGE)
    page = Paginator(found.rows, PAGE).page(listing.page)
    unit = _unit(found.card)
    currency = shown.currency if unit == "money" else ""
    value = Figure(found.card.name, found.value, unit, f"?{ask.query()}", currency=currency)
    context = {
        "week": shown,
        "opened": found,
        "rows": page.object_list,
        "figure": value,
        "figure_exactly": replace(value, text=value.shown.exact),
        "listing": listing,
        "unit": unit,
        "part_unit": "money" if "currency" in found.card.fold else "number",
        "whole_unit": "money" if "currency" in below else "number",
        "above": above,
        "below": below,
        "columns": [column.replace("_", " ") for column in found.columns],
    }
    return render(request, "desk/figure.html", context)


def _unit(card: Card) -> str:
    """Return how a measure's value is said."""
    if card.unit.startswith("share"):
        return "share"
    return "money" if "currency" in card.unit else "number"


def _words(found: Opened) -> tuple[str, str]:
    """Return what the card says stands above and below the line."""
    above, _, below = found.card.fold.partition("÷")
    return above.strip() or "parts", below.strip() or "wholes"


def _columns(found: Opened, above: str, below: str) -> tuple[Column, ...]:
    more = (Column(name, _capital(name.replace("_", " ")), sorts=False) for name in found.columns)
    return (
        Column("account", "Account", sorts=False),
        Column("owner", "Owner", sorts=False),
        *more,
        Column("part", _capital(above), is_number=True, sorts=False),
        Column("whole", _capital(below), is_number=True, sorts=False),
    )


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _sheet(found: Opened) -> Sheet:
    columns = (
        SheetColumn("account"),
        SheetColumn("account_name"),
        SheetColumn("owner_name"),
        *(SheetColumn(name) for name in found.columns),
        SheetColumn("part", "number"),
        SheetColumn("whole", "number"),
        SheetColumn("as_of", "day"),
        SheetColumn("policy_version", "whole"),
    )
    last: list[Any] = [found.as_of, found.policy_version]
    rows = [
        [row.account_key, row.account_name, row.owner_name, *map(_said, row.more), row.part, row.whole, *last]
        for row in found.rows
    ]
    return Sheet(f"{found.card.name}-{found.subject_kind}-{found.as_of.isoformat()}", columns, rows)


def _said(value: Any) -> str:
    return "" if value is None else str(value)
