"""Where each product is sold, as a page: its rung, the evidence, what asks for a re-check, opt-out trials."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.expansion.actions.trials import begin_trial, end_trial
from evenbook.expansion.numbers.ladder import RUNGS, LadderNumbers
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.ladder import Ladder, LadderLine, ladder, trials
from evenbook.expansion.rules.ladder import Closing
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Part
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Column, Filter, Listing

COLUMNS = (Column("product", "Product", sorts=False),)
FILTERS = (Filter("as_of", "As of", kind="day", is_more=True),)
SHEET = (
    SheetColumn("product"), SheetColumn("rung"), SheetColumn("accounts", "whole"),
    SheetColumn("first_sales_with", "whole"), SheetColumn("first_sales_with_close_rate", "number"),
    SheetColumn("first_sales_with_days", "number"), SheetColumn("first_sales_without", "whole"),
    SheetColumn("first_sales_without_close_rate", "number"),
    SheetColumn("first_sales_without_days", "number"), SheetColumn("own_sales", "whole"),
    SheetColumn("own_close_rate", "number"), SheetColumn("own_days", "number"),
    SheetColumn("other_sales", "whole"), SheetColumn("other_close_rate", "number"),
    SheetColumn("other_days", "number"), SheetColumn("training_hours_with", "number"),
    SheetColumn("training_hours_without", "number"), SheetColumn("seats_used_with", "number"),
    SheetColumn("seats_used_without", "number"), SheetColumn("trials", "whole"), SheetColumn("kept", "whole"),
    SheetColumn("opted_out", "whole"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the ladder of a week, or download it."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "where each add-on is sold, and what the records say of it"
        return render(request, "runs/no_run.html", {"page": "Product ladder", "what": what})
    ask = Ask.of(request.GET, columns=COLUMNS, filters=FILTERS, sort="product")
    found = ladder(viewer, shown)
    if ask.export:
        return download(_sheet(shown, found), ask.export)
    context = {
        "week": shown,
        "ladder": found,
        "trials": trials(viewer, _today(shown)),
        "numbers": shown.policy.of(LadderNumbers),
        "rungs": RUNGS,
        "listing": Listing("ladder", "Products", COLUMNS, ask, len(found.lines), FILTERS, noun="product"),
        "sentence": _sentence(found),
    }
    return render(request, "expansion/ladder.html", context)


def _today(shown: Week) -> date:
    """Return the day it is where the organization works, by the policy that the page shows."""
    zone = ZoneInfo(shown.policy.of(OrganizationNumbers).time_zone)
    return timezone.now().astimezone(zone).date()


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Record a trial that was posted."""
    viewer, given, now = asking(request), request.POST, timezone.now()
    first, last = _day(given.get("first_on", "")), _day(given.get("last_on", ""))
    if first is None or last is None:
        messages.error(request, "Nothing was recorded. A trial has a first and a last day.")
        return redirect(address("expansion-ladder"))
    try:
        begin_trial(
            given.get("account", ""),
            given.get("product", ""),
            first_on=first,
            last_on=last,
            today=clock_now(viewer, now).today,
            by=viewer,
            now=now,
        )
    except EvenbookError as refused:
        messages.error(request, f"Nothing was recorded. {refused.what} {refused.fix}")
    else:
        messages.success(request, "The trial is recorded.")
    return redirect(address("expansion-ladder"))


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what came of a trial."""
    viewer, given, now = asking(request), request.POST, timezone.now()
    number = number if number < 2**62 else 0
    try:
        end_trial(
            number,
            given.get("outcome", ""),
            given.get("note", ""),
            today=clock_now(viewer, now).today,
            by=viewer,
            now=now,
        )
    except EvenbookError as refused:
        messages.error(request, f"Nothing was kept. {refused.what} {refused.fix}")
    else:
        messages.success(request, "It is kept.")
    return redirect(address("expansion-ladder"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sentence(found: Ladder) -> tuple[Part, ...]:
    without = sum(not each.rung for each in found.lines)
    if found.rechecks:
        return (f"The ladder asks to be looked at again: {found.rechecks[0]}",)
    if not found.lines:
        return ("No product is known yet.",)
    if without:
        return (
            f"{number_word(without, start=True)} {plural(without, 'product has', 'products have')} no rung.",
        )
    return ("Every product has its rung, and nothing slipped.",)


def _sheet(shown: Week, found: Ladder) -> Sheet:
    rows = [[*_line(each), shown.run.as_of, shown.run.policy_version] for each in found.lines]
    return Sheet(f"ladder-{shown.run.as_of.isoformat()}", SHEET, rows)


def _line(each: LadderLine) -> list[Any]:
    said, had = each.evidence, each.adoption
    return [
        each.product, each.rung, had.accounts if had else 0, *_closing(said.first_with),
        *_closing(said.first_without), *_closing(said.own), *_closing(said.others),
        *((had.hours_with, had.hours_without, had.seats_with, had.seats_without) if had else [None] * 4),
        each.trials, each.kept, each.opted_out,
    ]  # fmt: skip


def _closing(each: Closing) -> list[Any]:
    return [each.ended, each.rate, each.days]
