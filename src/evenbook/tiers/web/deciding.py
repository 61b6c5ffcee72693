"""Deciding of moves on pages, one or several; steps of plans; marks set by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import listed
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address
from evenbook.screens.shown import number_word, plural
from evenbook.tiers.actions import deciding, marks
from evenbook.tiers.actions.deciding import MoveRefused
from evenbook.tiers.queries import MoveRow, move
from evenbook.tiers.web.tiers import page

PART = "X-Evenbook-Part"
APPROVE, DECLINE, TAKE_BACK = "approve", "decline", "take-back"
DONE = {
    APPROVE: "It is approved, and its plan begins.",
    DECLINE: "It is declined.",
    TAKE_BACK: "It is taken back, and waits again.",
}
MOST_AT_ONCE = 1_000


@require_POST
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Decide a move as was posted, or say what that lacks."""
    viewer, shown = asking(request), _newest(request)
    _found(viewer, shown, number)
    what = request.POST.get("decide", "")
    try:
        _decide(request, number, viewer, shown)
    except EvenbookError as refused:
        return _row(request, viewer, number, said=f"{refused.what} {refused.fix}", status=422)
    if _is_part(request):
        return _row(request, viewer, number)
    messages.success(request, DONE[what])
    return redirect(_back(request))


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Approve all moves that were chosen; say which could not be."""
    viewer, shown = asking(request), _newest(request)
    given = request.POST.getlist("move")[:MOST_AT_ONCE]
    numbers = [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 10]
    try:
        day = _day(request.POST.get("effective_on", ""))
        came = deciding.approve_several(numbers, shown=shown, by=viewer, now=timezone.now(), effective_on=day)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect(_back(request))
    if not numbers:
        messages.error(request, "Nothing was chosen: tick the moves to approve.")
    elif came.done:
        are = plural(came.done, "move is", "moves are")
        messages.success(request, f"{number_word(came.done, start=True)} {are} approved.")
    if came.refused:
        names = listed([name for name, _ in came.refused])
        messages.error(request, f"Not approved: {names}. {came.refused[0][1]}")
    return redirect(_back(request))


@require_POST
def step_done(request: HttpRequest, number: int) -> HttpResponse:
    """Keep that a step of a plan is done."""
    viewer = asking(request)
    return _said(
        request,
        "The step is done.",
        lambda: deciding.finish_step(number, by=viewer, now=timezone.now()),
        "plans",
    )


@require_POST
def marked(request: HttpRequest) -> HttpResponse:
    """Set a lock or strategic value, with a reason."""
    viewer = asking(request)
    given = {name: request.POST.get(name, "") for name in ("account", "kind", "reason")}
    try:
        marks.set_mark(**given, by=viewer, now=timezone.now())
    except EvenbookError as refused:
        return page(request, status=422, mark=given, refused=f"{refused.what} {refused.fix}")
    messages.success(request, "It is set; the next run counts it.")
    return redirect(f"{address('tiers')}#marks")


@require_POST
def unmarked(request: HttpRequest, number: int) -> HttpResponse:
    """Take a lock or strategic value away, with a reason."""
    viewer, reason = asking(request), request.POST.get("reason", "")
    return _said(
        request,
        "It is taken away; the next run counts it.",
        lambda: marks.withdraw_mark(number, reason, by=viewer, now=timezone.now()),
        "marks",
    )


def _decide(request: HttpRequest, number: int, viewer: Viewer, shown: Week) -> None:
    what, note, now = request.POST.get("decide", ""), request.POST.get("note", ""), timezone.now()
    if what == APPROVE:
        day = _day(request.POST.get("effective_on", ""))
        deciding.approve(number, shown=shown, by=viewer, now=now, effective_on=day, note=note)
    elif what == DECLINE:
        deciding.decline(number, note, shown=shown, by=viewer, now=now)
    elif what == TAKE_BACK:
        deciding.take_back(number, shown=shown, by=viewer, now=now)
    else:
        raise MoveRefused("Nothing was decided.", fix="Approve the move, or decline it with a reason.")


def _said(request: HttpRequest, done: str, does: Callable[[], object], part: str) -> HttpResponse:
    try:
        does()
    except EvenbookError as refused:
        if refused.status == 404:
            raise Http404(refused.what) from refused
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, done)
    return redirect(f"{address('tiers')}#{part}")


def _row(
    request: HttpRequest, viewer: Viewer, number: int, *, said: str = "", status: int = 200
) -> HttpResponse:
    shown = _newest(request)
    if not _is_part(request):
        messages.error(request, said)
        return redirect(_back(request))
    context = {
        "row": _found(viewer, shown, number),
        "week": shown,
        "said": said,
        "is_newest": True,
        "typed": request.POST.get("note", "") if said else "",
        "typed_day": request.POST.get("effective_on", "") if said else "",
        "back": _back(request),
    }
    answer = render(request, "tiers/_move.html", context, status=status)
    answer[PART] = "row"
    return answer


def _found(viewer: Viewer, shown: Week, number: int) -> MoveRow:
    found = move(viewer, shown, number)
    if found is None:
        raise Http404("No move of this number that you may see.")
    return found


def _newest(request: HttpRequest) -> Week:
    shown = week(asking(request))
    if shown is None:
        raise Http404("No week is stored yet.")
    return shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise MoveRefused(f"'{text[:20]}' is not a day.", fix="Write it like 2026-03-09.") from None


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get(PART) == "row"


def _back(request: HttpRequest) -> str:
    path = request.POST.get("back", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else address("tiers")
