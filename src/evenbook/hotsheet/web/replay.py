"""The replay: how the sheets of all past weeks did, what their points were worth, adopting that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.hotsheet.actions import replays as actions
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.queries.replays import LossRow, ReplayRow, how_many_losses, losses, newest_replay
from evenbook.hotsheet.rules.replayed import LISTS
from evenbook.hotsheet.rules.told import compared, each_week_by, headline, learned_sentence
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest, may_change
from evenbook.runs.actions import ask_for
from evenbook.runs.declared import declared
from evenbook.screens.exports import download
from evenbook.screens.tables import Ask, Column, Listing

WORKS = {"now": "replay", "then": "replay-then"}
PAGE = 100
COLUMNS = (
    Column("account", "Account", sorts=False),
    Column("happened", "When", sorts=False),
    Column("what", "What", sorts=False),
    Column("lost", "Lost a year", is_number=True, sorts=False),
    Column("listed", "On the sheet since", sorts=False, hint="The first sheet within the weeks of a hit"),
    Column("lead", "Weeks before", is_number=True, sorts=False),
)
SHEET = (
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("happened_on", "day"),
    SheetColumn("is_churn"), SheetColumn("lost_arr", "number"), SheetColumn("listed_on", "day"),
    SheetColumn("lead_weeks", "number"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def replay(request: HttpRequest) -> HttpResponse:
    """Show the newest replay, or how to make one; or download its losses."""
    return _answer(request, newest_replay(asking(request)))


@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Ask for a replay; while one is asked for, show that one."""
    viewer, work = asking(request), declared().work(WORKS.get(request.POST.get("by_policy", "now"), ""))
    if work is None or not may_change(viewer):
        raise Http404
    return redirect("run", ask_for(work, by=viewer, now=timezone.now()))


@require_POST
def adopt(request: HttpRequest, number: int) -> HttpResponse:
    """Adopt what a replay learned as the next version of the policy, or say why it can't be."""
    viewer, note = asking(request), request.POST.get("note", "")
    try:
        version = actions.adopt(number, by=viewer, now=timezone.now(), note=note)
    except EvenbookError as refused:
        if refused.status == 404:
            raise Http404 from refused
        said = f"{refused.what} {refused.fix}"
        return _answer(request, newest_replay(viewer), said=said, status=refused.status)
    messages.success(request, f"Version {version} is in force; the next run counts with it.")
    return redirect("replay")


def _answer(
    request: HttpRequest, found: ReplayRow | None, *, said: str = "", status: int = 200
) -> HttpResponse:
    viewer = asking(request)
    ask = Ask.of(request.GET, columns=COLUMNS, sort="account")
    context: dict[str, Any] = {"found": found, "said": said, "may_change": may_change(viewer)}
    if found is None:
        return render(request, "hotsheet/replay.html", context)
    if ask.export:
        return download(_sheet(found, losses(viewer, found.id)), ask.export)
    total = how_many_losses(viewer, found.id)
    listing = Listing("replay", "Losses, the newest first", COLUMNS, ask, total, size=PAGE, noun="row")
    numbers = latest().policy.of(HotsheetNumbers)
    context |= {
        "sentence": headline(found.fared) if found.fared else NO_SHEETS,
        "compared": compared(found.fared) if found.fared else "",
        "lists": LISTS,
        "by_versions": each_week_by(found.versions),
        "listing": listing,
        "losses": losses(viewer, found.id, offset=(listing.page - 1) * PAGE, limit=PAGE),
        "learned": learned_sentence(found.learned),
        "titles": {term.term: term.title for term in numbers.terms},
        "numbers": numbers,
        "currency": latest().policy.of(OrganizationNumbers).currency,
        "typed": request.POST.get("note", ""),
        "next": latest().number + 1,
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "hotsheet/replay.html", context, status=status)


NO_SHEETS = "There was no week with an account in it, so there was no sheet."


def _sheet(found: ReplayRow, rows: tuple[LossRow, ...]) -> Sheet:
    cells = [
        [
            row.account_key,
            row.account_name,
            row.happened_on,
            "yes" if row.is_churn else "no",
            None if row.lost_cents is None else row.lost_cents / 100,
            row.listed_on,
            row.lead_weeks,
            found.as_of,
            found.policy_version,
        ]
        for row in rows
    ]
    return Sheet(f"replay-{found.as_of.isoformat()}", SHEET, cells)
