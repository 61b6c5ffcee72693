"""Saying in one click how the week's load feels."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.places import address
from evenbook.throughput.actions.pulse import say_pulse
from evenbook.throughput.rules.pulse import FELT


@require_POST
def pulse(request: HttpRequest) -> HttpResponse:
    """Keep how the viewer's load feels this week, and go back to their week."""
    viewer, now = asking(request), timezone.now()
    given, shown = request.POST.get("felt", ""), week(viewer)
    felt = int(given) if given in map(str, FELT) else 0
    today = shown.today(now) if shown else now.date()
    try:
        say_pulse(felt, request.POST.get("word", ""), by=viewer, today=today, now=now)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(
            request, f"This week: {FELT[felt].lower()}. You and who leads you see it, nobody else."
        )
    return redirect(address("my-week"))
