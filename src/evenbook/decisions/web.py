"""Decisions on pages: all of them as a list, one with its evidence; deciding in place."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenbook.decisions import actions
from evenbook.decisions.queries import (
    DecisionRow,
    DecisionsWanted,
    decision,
    decisions,
    how_many_decisions,
)
from evenbook.decisions.rules import ACCEPTED, DECLINED, DONE, KINDS, LAPSED, OPEN, STATES
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing

PART = "X-Evenbook-Part"
ASKED = (OPEN, ACCEPTED, DONE, DECLINED, LAPSED)
COLUMNS = (
    Column("about", "About", sorts=False),
    Column("why", "Why", sorts=False),
    Column("evidence", "Against", sorts=False),
    Column("decide", "Decide", sorts=False),
)
FILTERS = (
    Filter("state", "State", tuple(Choice(each, STATES[each]) for each in ASKED)),
    Filter("kind", "Kind", tuple(Choice(name, kind.title) for name, kind in KINDS.items()), is_more=True),
)
SHEET = (
    SheetColumn("id", "whole"), SheetColumn("kind"), SheetColumn("person"), SheetColumn("person_name"),
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("sentence"), SheetColumn("reasons"),
    SheetColumn("state"), SheetColumn("waits_from_on", "day"), SheetColumn("ended_on", "day"),
    SheetColumn("decided"), SheetColumn("note"), SheetColumn("decided_by"),
    SheetColumn("decided_at", "instant"), SheetColumn("done_at", "instant"), SheetColumn("owner"),
    SheetColumn("as_of", "day"),
)  # fmt: skip


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show the decisions that the viewer may see, those that wait first, or download them."""
    viewer = asking(request)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=FILTERS, sort="about")
    wanted = DecisionsWanted(state=ask.get("state"), kind=ask.get("kind"))
    if ask.export:
        return download(_sheet(decisions(viewer, wanted=wanted)), ask.export)
    total = how_many_decisions(viewer, wanted=wanted)
    caption = "Decisions, those that wait first"
    listing = Listing("decisions", caption, COLUMNS, ask, total, FILTERS, noun="decision")
    start = max(listing.first - 1, 0)
    context = {
        "listing": listing,
        "decisions": decisions(viewer, wanted=wanted, offset=start, limit=PAGE_SIZE),
        "sentence": _sentence(how_many_decisions(viewer, wanted=DecisionsWanted(state=OPEN))),
    }
    return render(request, "decisions/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a decision with its evidence; decide it with what was posted, or say what that lacks."""
    viewer = asking(request)
    _found(viewer, number)
    if request.method != "POST":
        return _page(request, viewer, number)
    choice, note = request.POST.get("choice", ""), request.POST.get("note", "")
    return _done(
        request,
        number,
        "It is decided.",
        lambda: actions.decide(number, choice, note, by=viewer, now=timezone.now()),
    )


@require_POST
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Keep that what was accepted has been done."""
    viewer = asking(request)
    _found(viewer, number)
    return _done(
        request,
        number,
        "It is done; its effect is measured from now on.",
        lambda: actions.finish(number, by=viewer, now=timezone.now()),
    )


@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Let a decision wait again."""
    viewer = asking(request)
    _found(viewer, number)
    return _done(
        request,
        number,
        "The decision is taken back, and waits again.",
        lambda: actions.take_back(number, by=viewer, now=timezone.now()),
    )


def _done(request: HttpRequest, number: int, done: str, does: Callable[[], None]) -> HttpResponse:
    try:
        does()
    except EvenbookError as refused:
        return _page(request, asking(request), number, said=f"{refused.what} {refused.fix}", status=422)
    if _is_part(request):
        return _page(request, asking(request), number)
    messages.success(request, done)
    return redirect(_back(request, number))


def _page(
    request: HttpRequest, viewer: Viewer, number: int, *, said: str = "", status: int = 200
) -> HttpResponse:
    is_part = _is_part(request)
    context = {
        "decision": _found(viewer, number),
        "said": said,
        "chosen": request.POST.get("choice", "") if said else "",
        "typed": request.POST.get("note", "") if said else "",
        "back": _back(request, number),
    }
    name = "decisions/_decision.html" if is_part else "decisions/decision.html"
    answer = render(request, name, context, status=status)
    if is_part:
        answer[PART] = "row"
    return answer


def _found(viewer: Viewer, number: int) -> DecisionRow:
    found = decision(viewer, number)
    if found is None:
        raise Http404("No decision of this number that you may see.")
    return found


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get(PART) == "row"


def _back(request: HttpRequest, number: int) -> str:
    path = request.POST.get("back", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else address("decision", number)


def _sentence(waiting: int) -> tuple[Part, ...]:
    if not waiting:
        return ("No decision waits.",)
    href = f"{address('decisions')}?state={OPEN}"
    return (
        counted(waiting, "decisions", href=href, start=True),
        f" {plural(waiting, 'decision waits', 'decisions wait')}.",
    )


def _sheet(rows: tuple[DecisionRow, ...]) -> Sheet:
    cells = [
        [
            row.id, row.kind, row.person_key, row.person_name, row.account_key, row.account_name,
            row.sentence, " ".join(row.reasons), row.state, row.waits_from_on, row.ended_on, row.choice,
            row.note, row.decided_by, row.decided_at, row.done_at, row.waits_for, row.as_of,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet("decisions", SHEET, cells)
