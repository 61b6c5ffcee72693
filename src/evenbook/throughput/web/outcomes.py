"""What came of what was done: figures after interventions, beside those of comparable people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.sentences import Part
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Column, Listing
from evenbook.throughput.numbers.outcomes import OutcomesNumbers
from evenbook.throughput.queries.outcomes import found_bonds, found_effects
from evenbook.throughput.rules.outcomes import LAGS, Found

COLUMNS = (
    Column("event", "What was done", sorts=False),
    Column("measure", "Figure", sorts=False),
    Column("events", "Times", is_number=True, sorts=False),
    Column("estimate", "Moved", is_number=True, sorts=False, hint="Beside comparable people; 80% interval"),
    Column("said", "What that says", sorts=False),
)
SHEET = (
    SheetColumn("event"), SheetColumn("measure"), SheetColumn("estimate", "number"),
    SheetColumn("low_80", "number"), SheetColumn("high_80", "number"), SheetColumn("low_95", "number"),
    SheetColumn("high_95", "number"), SheetColumn("events", "whole"), SheetColumn("treated", "whole"),
    SheetColumn("compared", "whole"), SheetColumn("said"),
)  # fmt: skip


@require_GET
def outcomes(request: HttpRequest) -> HttpResponse:
    """Show what came of interventions and how figures follow each other, or download the former."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "what came of rebalances, hires and other interventions"
        return render(request, "runs/no_run.html", {"page": "What came of it", "what": what})
    found = found_effects(viewer, shown)
    ask = Ask.of(request.GET, columns=COLUMNS, sort="event")
    if ask.export:
        return download(_sheet(shown, found), ask.export)
    context = {
        "week": shown,
        "rows": _rows(found),
        "bonds": [row for row in found_bonds(viewer, shown) if row.is_known],
        "lags": LAGS,
        "listing": Listing("outcomes", "What came of what was done", COLUMNS, ask, len(found), noun="row"),
        "numbers": shown.policy.of(OutcomesNumbers),
        "sentence": _sentence(found),
    }
    return render(request, "throughput/outcomes.html", context)


def _rows(found: tuple[Found, ...]) -> list[tuple[str, Found]]:
    """Return what is shown: which figure, and what came of it; what no figure says anything of is one row."""
    compared = {each.event for each in found if each.estimate is not None}
    first = {each.event: each for each in reversed(found)}
    return [
        (each.outcome.title if each.event in compared else "Any figure", each)
        for each in found
        if each.event in compared or each is first[each.event]
    ]


def _sentence(found: tuple[Found, ...]) -> tuple[Part, ...]:
    kinds = len({each.event for each in found})
    seen = [each for each in found if each.is_seen and each.was_comparable]
    if not found:
        return ("Nothing was done yet whose outcome could be looked at.",)
    of = plural(kinds, "kind of intervention", "kinds of interventions")
    if not any(each.estimate is not None for each in found):
        return (f"{number_word(kinds, start=True)} {of}, none often enough to compare.",)
    if not seen:
        return (f"{number_word(kinds, start=True)} {of}; after none did a figure move beyond chance.",)
    first = max(seen, key=lambda each: abs(each.estimate or 0) * (100 if each.outcome.unit == "share" else 1))
    way = "rose" if (first.estimate or 0) > 0 else "fell"
    return (f"{first.title}: {first.outcome.title.lower()} {way} beside that of comparable people.",)


def _sheet(shown: Week, found: tuple[Found, ...]) -> Sheet:
    rows = [
        [
            each.event, each.measure, each.estimate, *(each.interval_80 or (None, None)),
            *(each.interval_95 or (None, None)), each.events, each.treated, each.compared, each.said,
        ]
        for each in found
    ]  # fmt: skip
    return Sheet(f"outcomes-{shown.run.as_of.isoformat()}", SHEET, rows)
