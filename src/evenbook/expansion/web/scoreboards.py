"""The two scoreboards, as a page and as files for pay; stating a machine and staffing to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.book.actions.machines import say_machine
from evenbook.book.machines import CHOICES, SAID, STAFFED, STATED
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.pipeline import Pipeline
from evenbook.expansion.queries.pipeline import pipeline as pipeline_of
from evenbook.expansion.queries.scoreboards import ExpansionRow, RetentionRow, Scoreboards, scoreboards
from evenbook.expansion.web.back import back_to
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Part
from evenbook.screens.shown import brief, number_word, plural
from evenbook.screens.tables import Ask, Column, Filter, Listing

COLUMNS = (Column("person", "Person", sorts=False),)
FILTERS = (Filter("as_of", "As of", kind="day"),)
SHEET = (
    SheetColumn("machine"), SheetColumn("person"), SheetColumn("person_name"), SheetColumn("team"),
    SheetColumn("states"), SheetColumn("staffed_to"), SheetColumn("saves", "whole"),
    SheetColumn("grr", "number"), SheetColumn("answered", "whole"), SheetColumn("answered_in_time", "whole"),
    SheetColumn("ended", "whole"), SheetColumn("won", "whole"), SheetColumn("won_amount", "number"),
    SheetColumn("currency"), SheetColumn("opened", "whole"), SheetColumn("customers_opened", "whole"),
    SheetColumn("from", "day"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show both boards of the quarter, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "what was saved and kept, and what was answered and closed, person by person"
        return render(request, "runs/no_run.html", {"page": "Scoreboards", "what": what})
    ask = Ask.of(request.GET, columns=COLUMNS, filters=FILTERS, sort="person")
    clock = clock_now(viewer, timezone.now())
    found = scoreboards(viewer, shown, today=clock.today)
    if ask.export:
        return download(_sheet(found), ask.export)
    people = len(found.retention) + len(found.expansion)
    pipeline = pipeline_of(viewer, clock, until=shown.ends_at)
    context = {
        "week": shown,
        "boards": found,
        "listing": Listing("scoreboards", "Both boards", COLUMNS, ask, people, FILTERS, noun="row"),
        "said": SAID,
        "states": CHOICES[STATED],
        "staffs": CHOICES[STAFFED],
        "numbers": shown.policy.of(ExpansionNumbers),
        "funds": _funds(pipeline, shown.currency),
        "sentence": _sentence(found),
    }
    return render(request, "expansion/scoreboards.html", context)


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Keep what somebody is made for, or staffed to, from today on."""
    viewer, given = asking(request), request.POST
    now = timezone.now()
    back = back_to(request, address("scoreboards"))
    try:
        say_machine(
            given.get("person", ""),
            given.get("kind", ""),
            given.get("value", ""),
            first_on=clock_now(viewer, now).today,
            by=viewer,
            now=now,
        )
    except EvenbookError as refused:
        messages.error(request, f"Nothing was kept. {refused.what} {refused.fix}")
    else:
        messages.success(request, "It is kept, from today on.")
    return redirect(back)


def _funds(found: Pipeline, currency: str) -> str:
    """Return whether what is opened funds somebody who does nothing but close it, in a sentence."""
    each = found.dedicated
    brings = f"What was opened in the last {found.months} months brings {brief(each.brings_cents / 100)}"
    needs = f"{brief(each.needs_cents / 100)} {currency} a year"
    if each.is_funded:
        return f"{brings} {currency} a year: it funds a dedicated closer, who needs {needs}."
    if each.openings_a_month is None:
        return f"Nothing was won from an opening yet; a dedicated closer needs {needs}."
    asks = f"at this close rate that takes {brief(each.openings_a_month)} openings a month"
    return f"{brings} {currency} a year; a dedicated closer needs {needs}, and {asks}."


def _sentence(found: Scoreboards) -> tuple[Part, ...]:
    saves = sum(len(each.saves) for each in found.retention)
    won = sum(each.closed.won for each in found.expansion)
    return (
        f"{number_word(saves, start=True)} {plural(saves, 'account')} saved and {number_word(won)} "
        f"{plural(won, 'expansion')} closed this quarter.",
    )


def _sheet(found: Scoreboards) -> Sheet:
    last: list[Any] = [found.first_on, found.week.run.as_of, found.week.run.policy_version]
    rows: list[list[Any]] = [_retention(each) + last for each in found.retention]
    rows += [_expansion(each, found.week.currency) + last for each in found.expansion]
    return Sheet(f"scoreboards-{found.week.run.as_of.isoformat()}", SHEET, rows)


def _who(each: RetentionRow | ExpansionRow) -> list[Any]:
    return [
        each.person.key, each.person.name, each.person.team, each.machine.stated, each.machine.staffed
    ]  # fmt: skip


def _retention(each: RetentionRow) -> list[Any]:
    nothing = [None] * 5
    return [
        "retention", *_who(each), len(each.saves), each.grr, *nothing, "", each.opened.opened,
        each.opened.customers,
    ]  # fmt: skip


def _expansion(each: ExpansionRow, currency: str) -> list[Any]:
    did = each.closed
    return [
        "expansion", *_who(each), None, None, did.answered, did.in_time, did.ended, did.won,
        did.won_cents / 100, currency, each.opened.opened, each.opened.customers,
    ]  # fmt: skip
