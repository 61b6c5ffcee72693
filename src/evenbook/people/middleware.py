"""Puts the viewer on each request, and keeps who needs a second factor at the place to set one up."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from evenbook.people.models import OpenSession, Role
from evenbook.people.queries import viewer_of
from evenbook.people.sessions import SEEN_EVERY, see_session

HOW, SEEN = "how", "seen"
PROVES_TWICE = {OpenSession.How.CODE, OpenSession.How.SINGLE, OpenSession.How.SINGLE_AND_CODE}
"""An identity provider asks for its own second factor; whether it does is for it to decide."""

OPEN = ("/me/second-factor", "/sign-out", "/sign-in", "/static/")
"""Where somebody may go who still needs a second factor."""

Answer = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Sets ``request.viewer`` for a signed-in user, None for a stranger."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer_of(request.user) if request.user.is_authenticated else None
        )
        return self._answer(request)


class SecondFactorRequired:
    """Sends who needs a second factor, and has shown none, to set one up; notes that a session is used."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_held(request):
            return redirect("second-factor")
        _see(request)
        return self._answer(request)

    def _is_held(self, request: HttpRequest) -> bool:
        if not settings.EVENBOOK_REQUIRE_MFA or request.path.startswith(OPEN):
            return False
        user = request.user
        return user.is_authenticated and needs_second_factor(user.role) and not has_proved_twice(request)


def has_proved_twice(request: HttpRequest) -> bool:
    """Return whether a session was begun with a second factor."""
    return request.session.get(HOW) in PROVES_TWICE


def needs_second_factor(role: str) -> bool:
    """Return whether a role needs a second factor; a word that is no role stands for all of them."""
    wanted = set(settings.EVENBOOK_REQUIRE_MFA)
    return role in wanted or bool(wanted - set(Role.values))


def _see(request: HttpRequest) -> None:
    """Remember every few minutes that a session is in use. One that nobody keeps is left alone."""
    last = request.session.get(SEEN) if request.COOKIES.get(settings.SESSION_COOKIE_NAME) else None
    if last is None:
        return
    now = timezone.now()
    if now.timestamp() - float(last) >= SEEN_EVERY.total_seconds():
        request.session[SEEN] = now.timestamp()
        see_session(str(request.session.session_key), now=now)
