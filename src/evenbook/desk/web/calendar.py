"""A person's calendar under its secret address, read by calendar programs without a session.

The address is the secret, so nothing of it is written down: logs name the route alone.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from evenbook.book.access import has_left_the_team
from evenbook.desk.queries.agenda import agenda
from evenbook.documents.calendar import as_ics
from evenbook.people.doors import address_of
from evenbook.people.feeds import viewer_by_feed
from evenbook.rest import rates
from evenbook.rest.problems import TooManyRequests
from evenbook.runs.queries import week

A_MINUTE, A_MINUTE_FROM_ONE_ADDRESS = 12, 120
"""Calendars ask every quarter of an hour; whoever guesses addresses asks far more often."""
KIND = "text/calendar; charset=utf-8"


@sensitive_variables("token")
@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar whose secret address this is; 404 where it opens nothing any more."""
    now = timezone.now()
    try:
        rates.count(f"feeds/{address_of(request)}"[:60], limit=A_MINUTE_FROM_ONE_ADDRESS, now=now)
        viewer = viewer_by_feed(token)
        if viewer is None or has_left_the_team(viewer, now.date()):
            raise Http404("No calendar of this address.")
        rates.count(f"feed/{viewer.user_id}", limit=A_MINUTE, now=now)
    except TooManyRequests as refused:
        answer = HttpResponse(refused.what, content_type="text/plain", status=refused.status)
        answer["Retry-After"] = str(refused.seconds)
        return answer
    shown = week(viewer)
    home = settings.EVENBOOK_URL or f"{request.scheme}://{request.get_host()}"

    def page_of(name: str, of: object) -> str:
        return f"{home}{reverse(name, args=[of])}"

    events = agenda(viewer, shown, now=now, page_of=page_of) if shown else ()
    tag = f'"{hashlib.sha256(repr((viewer.name, events)).encode()).hexdigest()[:32]}"'
    body = as_ics(f"Evenbook: {viewer.name}", events, written_at=now)
    answer = HttpResponse(body, content_type=KIND)
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return get_conditional_response(request, etag=tag, response=answer) or answer
