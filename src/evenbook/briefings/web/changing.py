"""What is done on a handoff's page: confirm an account, pass it on, write the note, call it off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect as go
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenbook.briefings.actions import announcing, confirming
from evenbook.briefings.queries.passing import PassingWanted, passed, passing
from evenbook.briefings.web.handoffs import found, row_context
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import week

PART = "X-Evenbook-Part"
REFUSED = 422


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm an account, take that back, or confirm the cover note for all accounts that one covers."""
    account, viewer, now = request.POST.get("account", ""), asking(request), timezone.now()
    found(viewer, number)
    if not account:
        return _done(
            request,
            number,
            lambda: confirming.confirm_all(number, by=viewer, now=now),
            "You have confirmed the cover note.",
        )
    is_undone = request.POST.get("undo") == "yes"
    does = confirming.take_back if is_undone else confirming.confirm
    said = "The confirmation is taken back." if is_undone else "The account is confirmed."
    if request.headers.get(PART) != "row":
        return _done(request, number, lambda: does(number, account, by=viewer, now=now), said)
    try:
        does(number, account, by=viewer, now=now)
    except EvenbookError as refused:
        return _row(request, number, account, said=f"{refused.what} {refused.fix}", status=refused.status)
    return _row(request, number, account)


@require_POST
def redirect(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody else receive an account."""
    viewer, now = asking(request), timezone.now()
    found(viewer, number)
    account, receiver = request.POST.get("account", ""), request.POST.get("receiver", "")
    return _done(
        request,
        number,
        lambda: announcing.redirect(number, account, receiver, by=viewer, now=now),
        "Somebody else receives the account.",
    )


@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Write the cover note."""
    viewer, now, text = asking(request), timezone.now(), request.POST.get("note", "")
    found(viewer, number)
    try:
        confirming.write_note(number, text, by=viewer, now=now)
    except EvenbookError as refused:
        context = {"handoff": found(viewer, number), "note": text, "said": f"{refused.what} {refused.fix}"}
        return render(request, "briefings/note.html", context, status=max(refused.status, REFUSED))
    messages.success(request, "The cover note is written.")
    return go("handoff", number)


@require_POST
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    """Call a handoff off."""
    viewer, now = asking(request), timezone.now()
    found(viewer, number)
    return _done(
        request,
        number,
        lambda: announcing.call_off(number, by=viewer, now=now),
        "The handoff is called off; what was asked for it is withdrawn with the next refresh.",
    )


def _done(request: HttpRequest, number: int, does: Callable[[], object], said: str) -> HttpResponse:
    try:
        does()
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, said)
    return go("handoff", number)


def _row(
    request: HttpRequest, number: int, account: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    viewer, last = asking(request), week(asking(request))
    shown = found(viewer, number)
    listed = passing(viewer, shown, PassingWanted(account=account))
    rows = passed(viewer, last, shown, listed, now=timezone.now())
    context = row_context(viewer, shown, last, rows)
    each = context["rows"][0] if context["rows"] else None
    part = render(request, "briefings/_account.html", {**context, "each": each, "said": said}, status=status)
    part[PART] = "row"  # a script tells it from the page of a door that closed meanwhile
    return part
