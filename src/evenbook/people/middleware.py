"""Puts the viewer on each request, so that pages never ask who a user is twice."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from evenbook.people.queries import viewer_of


class ViewerMiddleware:
    """Sets ``request.viewer`` for a signed-in user, None for a stranger."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer_of(request.user) if request.user.is_authenticated else None
        )
        return self._answer(request)
