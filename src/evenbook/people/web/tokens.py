"""The tokens that programs sign in with: made, listed, ended. Operations alone finds this page."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenbook.kit.errors import EvenbookError
from evenbook.people.actions import end_token
from evenbook.people.adding import PREFIX, make_token_until
from evenbook.people.asking import asking
from evenbook.people.listings import teams
from evenbook.people.listings import tokens as listed
from evenbook.people.models import Role
from evenbook.people.viewer import SCOPES, Viewer

REFUSED = 422
USUAL = timedelta(days=90)
LONGEST = timedelta(days=365)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens, and make one; its secret stands on the page that answers and on no other."""
    viewer = _keeper(request)
    if request.method != "POST":
        return _page(request, viewer)
    secret, given = f"{PREFIX}{secrets.token_urlsafe(32)}", request.POST
    try:
        made = make_token_until(
            viewer,
            name=given.get("name", ""),
            role=given.get("role", ""),
            scopes=given.getlist("scopes"),
            team=given.get("team", ""),
            expires_on=_day(given.get("expires_on", "")),
            secret=secret,
            now=timezone.now(),
        )
    except EvenbookError as refused:
        return _page(request, viewer, refusal=refused)
    return _page(request, viewer, secret=secret, made=made)


@require_POST
def token_end(request: HttpRequest, token: int) -> HttpResponse:
    """End a token; ending it again changes nothing."""
    if not end_token(_keeper(request), token, now=timezone.now()):
        raise Http404
    messages.success(request, "The token has ended: whatever uses it is refused from now on.")
    return redirect("tokens")


def _page(
    request: HttpRequest,
    viewer: Viewer,
    *,
    secret: str = "",
    made: int | None = None,
    refusal: EvenbookError | None = None,
) -> HttpResponse:
    now = timezone.now()
    found = listed(viewer)
    lines = [(each, _state(each.ended_at, each.expires_at, now)) for each in found]
    context: dict[str, Any] = {
        "lines": lines,
        "open": sum(state == "open" for _, state in lines),
        "secret": secret,
        "made": next((each for each in found if each.id == made), None),
        "refusal": refusal,
        "typed": _typed(request, now) if refusal else {"expires_on": now.date() + USUAL, "scopes": ["read"]},
        "roles": Role.choices,
        "scopes": SCOPES.items(),
        "teams": teams(viewer),
        "first_day": now.date(),
        "last_day": now.date() + LONGEST,
    }
    return render(request, "people/tokens.html", context, status=REFUSED if refusal else 200)


def _typed(request: HttpRequest, now: datetime) -> dict[str, Any]:
    given = request.POST
    day = given.get("expires_on", "")[:10] or now.date() + USUAL
    return {**{name: given.get(name, "") for name in ("name", "role", "team")},
            "scopes": given.getlist("scopes"), "expires_on": day}  # fmt: skip


def _state(ended_at: datetime | None, expires_at: datetime, now: datetime) -> str:
    if ended_at is not None:
        return "ended"
    return "open" if expires_at > now else "expired"


def _day(text: str) -> date:
    """Return the day that was typed; what is no day counts as one long past, which is refused in words."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date(1970, 1, 2)


def _keeper(request: HttpRequest) -> Viewer:
    viewer = asking(request)
    if not viewer.is_operations:
        raise Http404
    return viewer
