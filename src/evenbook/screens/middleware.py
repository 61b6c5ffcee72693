"""What holds for every answer: its content policy, and that who takes a file away is recorded.

The policy: our own files only, no inline script, no inline style.

The browser then refuses whatever an imported name or a transcript tries to smuggle in, and asks
no other host for anything.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.screens.exports import TakenAway

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class ContentPolicy:
    """Sets the content policy, and keeps pages with people's data out of shared caches."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Taken:
    """Records who took a file away. A file whose taking can't be recorded is not given."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        what: TakenAway | None = getattr(response, "taken_away", None)
        viewer: Viewer | None = getattr(request, "viewer", None)
        if what is not None and viewer:
            asked = {name: request.GET[name] for name in request.GET if request.GET[name]}
            audit.record(
                viewer,
                "export.taken",
                audit.Thing("export", what.name, f"{what.name}.{what.kind}"),
                at=timezone.now(),
                after={**asked, "page": request.path},
                rows=what.rows,
            )
        return response
