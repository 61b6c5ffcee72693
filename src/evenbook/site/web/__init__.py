"""Coverage of any day, and what is answered when something went wrong.

A day that no run was stored for is worked out for the page and let go again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from evenbook.book.clock import day_here
from evenbook.people.asking import asking
from evenbook.policy.numbers import OrganizationNumbers as OrganizationNumbers
from evenbook.policy.queries import latest as latest
from evenbook.screens.middleware import POLICY
from evenbook.site import metrics
from evenbook.site.faults import StorageFault, fault_of
from evenbook.site.past import coverage_of

FIRST_DAY = date(1970, 1, 1)
"""What is known of an account from the start is dated to this day; there is no coverage before it."""

RETRY_SECONDS = 30
"""When a program may ask again after a fault of the database."""

Answer = Callable[..., HttpResponse]


def coverage_of_any_day(view: Answer) -> Answer:
    """Return ``view`` so that ``?as_of=`` may name any past day, stored or not.

    The page reads the day through its own queries, as it would a stored one.
    """

    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        day = _day(request.GET.get("as_of", ""))
        if request.method != "GET" or day is None or not request.user.is_authenticated:
            return view(request, *given, **named)
        now = datetime.now(UTC)
        if day >= day_here(now):
            return view(request, *given, **named)
        with coverage_of(asking(request), day, now=now, home=Path(settings.EVENBOOK_HOME)):
            return view(request, *given, **named)

    return answer


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised: a fault of the database or the disk in words, a bug with its page.

    Called while the error is handled. The error may come from before the content policy is set.
    """
    error = sys.exc_info()[1]
    if isinstance(error, Error):
        metrics.DATABASE_ERRORS.inc()
    told = fault_of(error)
    answer = _told(request, told) if told else server_error(request)
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    return answer


def _told(request: HttpRequest, told: StorageFault) -> HttpResponse:
    answer: HttpResponse
    if request.path.startswith("/api/"):
        problem = {
            "type": f"/errors/{told.kind}",
            "title": told.what,
            "status": told.status,
            "detail": told.fix,
        }
        answer = JsonResponse(problem, status=told.status, content_type="application/problem+json")
    else:
        is_sent = request.method not in {"GET", "HEAD"}
        given = {"what": told.what, "fix": told.fix, "is_sent": is_sent, "address": request.get_full_path()}
        answer = HttpResponse(render_to_string("503.html", given), status=told.status)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
