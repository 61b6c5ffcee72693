"""Acknowledging a brief where it is read; the next one that waits comes up by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenbook.closures.actions.reading import acknowledge as acknowledge_brief
from evenbook.closures.queries.briefs import briefs_to_read
from evenbook.closures.queries.loops import loop
from evenbook.closures.web.back import back_of
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.places import address


@require_POST
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one has read the brief of a loop, and go to the next one."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    row = loop(viewer, shown.policy, shown.today(now), number) if shown else None
    if shown is None or row is None:
        raise Http404("No loop of this number that you may see.")
    today = shown.today(now)
    try:
        left = acknowledge_brief(row.key, by=viewer, today=today, now=now)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect(back_of(request))
    rest = f"it waits for {' and '.join(left)}" if left else "its loop is closed"
    messages.success(request, f"You have read the brief for {row.account_name}; {rest}.")
    following = briefs_to_read(viewer, today=today)
    return redirect(address("loop", following[0].loop_id) if following else back_of(request))
