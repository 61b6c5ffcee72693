"""Every refusal under ``/api/`` is a problem that a program can read, whoever made it.

What never reaches an endpoint (no such address, a method it does not take, a wrong host) comes from
the framework as a page for people; here it becomes a problem. The instant of arrival is noted, so
that nothing further in reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenbook.rest.problems import MEDIA_TYPE, plain_problem

ROOT = "/api/"
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Problems:
    """Turns refusals of the API into problems."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self._answer(request)
        request.arrived_at = timezone.now()  # type: ignore[attr-defined]
        response = self._answer(request)
        if response.status_code in REDIRECTS:
            return plain_problem(request, 403)  # a session that is not let in yet: a page would send it on
        said = response.get("Content-Type", "")
        if response.status_code < 400 or said.startswith(MEDIA_TYPE):
            return response
        problem = plain_problem(request, response.status_code)
        if "Allow" in response:
            problem["Allow"] = response["Allow"]
        return problem
