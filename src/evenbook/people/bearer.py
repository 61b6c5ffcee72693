"""Who asks through the API: the token in the header, else whoever's session it is.

A token counts in the ``Authorization`` header alone and under ``/api/`` alone. Where one is sent, it
decides: a token that opens nothing is not made good by a session.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from evenbook.people.models import ServiceToken
from evenbook.people.queries import TokenRefused, viewer_by_token, viewer_of
from evenbook.people.viewer import API, Viewer

ROOT = "/api/"
SCHEME = "bearer"
LONGEST = 200
NOTED = timedelta(hours=1)
_noted: dict[int, datetime] = {}


class BearerMiddleware:
    """Puts the viewer of an API request on it; stands behind the one that does so for pages."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ROOT):
            request.viewer = SimpleLazyObject(lambda: _asks(request))  # type: ignore[attr-defined]
        return self._answer(request)


def _asks(request: HttpRequest) -> Viewer | None:
    given = request.headers.get("Authorization")
    if given is None:
        user = request.user
        return viewer_of(user, surface=API) if user.is_authenticated else None
    scheme, _, secret = given.partition(" ")
    if scheme.lower() != SCHEME or not 0 < len(secret.strip()) <= LONGEST:
        raise TokenRefused(
            "The Authorization header holds no token.", fix="Write it as: Authorization: Bearer TOKEN"
        )
    now: datetime = request.arrived_at  # type: ignore[attr-defined]
    viewer = viewer_by_token(secret.strip(), now=now)
    _note_use(viewer, now)
    return viewer


def _note_use(viewer: Viewer, now: datetime) -> None:
    """Write down that a token is in use, once an hour and process."""
    token = viewer.token_id or 0
    if token in _noted and now - _noted[token] < NOTED:
        return
    _noted[token] = now
    stale = Q(used_at__isnull=True) | Q(used_at__lt=now - NOTED)
    ServiceToken.objects.filter(stale, pk=token).update(used_at=now)
