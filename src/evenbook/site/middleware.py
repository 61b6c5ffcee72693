"""What is seen of every request, from outside of everything else: its number, its time, its end.

A request keeps the number that a proxy gave it where that is a sane one, else it gets its own; the
answer says it, and every line of the log that was written meanwhile.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from evenbook.site import metrics
from evenbook.site.logs import REQUESTS, request_id

SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
LOG = logging.getLogger(REQUESTS)


class Observed:
    """Numbers, times, counts and logs each request by the name of its route."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if SANE.fullmatch(given) else uuid.uuid4().hex
        mark = request_id.set(number)
        began = time.perf_counter()
        try:
            response = self._answer(request)
            seconds = time.perf_counter() - began
            response.headers["X-Request-ID"] = number
            _note(request, response.status_code, seconds)
            return response
        finally:
            request_id.reset(mark)


def route_of(request: HttpRequest) -> str:
    """Return the name of a request's route; never its path, which may name an account."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return str(match.view_name or match.route)
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = route_of(request), request.method or ""
    metrics.count_request(route, method=method, status=status, seconds=seconds)
    user = getattr(request, "_cached_user", None)
    fields = {
        "route": route,
        "method": method if method in metrics.METHODS else "OTHER",
        "status": status,
        "ms": round(seconds * 1000),
        "user": user.pk if user is not None else None,
    }
    LOG.info("Answered.", extra=fields)
