"""One's own account: password, second factor, recovery codes, open sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenbook.people import doors, second_factor
from evenbook.people.actions import LONGEST_PASSWORD, UserRefused, change_password
from evenbook.people.asking import asking
from evenbook.people.feeds import end_feed, feed_made_at, make_feed
from evenbook.people.links import tell_of_new_password
from evenbook.people.middleware import HOW, has_proved_twice, needs_second_factor
from evenbook.people.models import User
from evenbook.people.queries import own_account
from evenbook.people.second_factor import SecondFactorRefused
from evenbook.people.sessions import end_session, end_sessions
from evenbook.people.web import entering
from evenbook.people.web.entering import How

SECRET = "second-factor-secret"
NOT_YOURS = "This is not your password."
NOT_YOUR_CODE = "This code is not right, or was used already."
TOO_MANY = "Too many attempts. Wait 15 minutes, then try again."
DIFFER = "The two passwords differ."
REFUSED, CLOSED = 422, 429


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show who one is here, and what protects it."""
    return _page(request)


@sensitive_post_parameters()
@never_cache
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session ends."""
    user, now = _user(request), timezone.now()
    new, again = (request.POST.get(name, "").replace("\x00", "") for name in ("new", "again"))
    problem = _not_proved(request, user, "old")
    if problem is None and new != again:
        problem = DIFFER
    if problem is not None:
        return _page(request, password_problem=problem, status=_status(problem))
    viewer = asking(request)
    try:
        change_password(viewer, user, new, now=now)
    except UserRefused as refusal:
        return _page(request, password_problem=f"{refusal.what} {refusal.fix}", status=REFUSED)
    tell_of_new_password(user, key=f"changed-{user.pk}-{now.timestamp()}", now=now)
    _stay(request, user)
    messages.success(request, "Your password is changed. Everywhere else you are signed out.")
    return redirect("me")


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: show the square, take the first code, show the recovery codes."""
    user, now = _user(request), timezone.now()
    if second_factor.has_second_factor(user.pk):
        return redirect("me")
    secret = request.session.get(SECRET) or second_factor.new_secret()
    if request.method != "POST":
        request.session[SECRET] = secret
        return _second_page(request, user, secret)
    problem = _not_proved(request, user, "password") if user.has_usable_password() else None
    if problem is not None:
        return _second_page(request, user, secret, problem=problem)
    try:
        codes = second_factor.turn_on(asking(request), user, secret, request.POST.get("code", ""), now=now)
    except SecondFactorRefused as refusal:
        return _second_page(request, user, secret, problem=f"{refusal.what} {refusal.fix}")
    end_sessions(asking(request), user, now=now, quietly=True)
    request.session.pop(SECRET, None)
    request.session[HOW] = How.SINGLE_AND_CODE if request.session.get(HOW) == How.SINGLE else How.CODE
    _stay(request, user)
    return render(request, "people/recovery_codes.html", {"codes": codes, "is_new": True})


@sensitive_post_parameters("code")
@never_cache
@require_POST
def second_off(request: HttpRequest) -> HttpResponse:
    """Take off the second factor, with a code of it."""
    user = _user(request)
    problem = _wrong_code(request, user)
    if problem is not None:
        return _page(request, second_problem=problem, status=_status(problem))
    second_factor.turn_off(asking(request), user, now=timezone.now())
    request.session[HOW] = How.SINGLE if request.session.get(HOW) == How.SINGLE_AND_CODE else How.PASSWORD
    messages.success(request, "Your second factor is taken off. Your password alone opens your account.")
    return redirect("me")


@sensitive_post_parameters("code")
@never_cache
@require_POST
def second_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, with a code of the app."""
    user = _user(request)
    problem = _wrong_code(request, user)
    if problem is not None:
        return _page(request, second_problem=problem, status=_status(problem))
    codes = second_factor.new_recovery_codes(asking(request), user, now=timezone.now())
    return render(request, "people/recovery_codes.html", {"codes": codes, "is_new": False})


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    if end_session(asking(request), _user(request), session_id, now=timezone.now()):
        messages.success(request, "That session is ended.")
    return redirect("me")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this one."""
    user = _user(request)
    end_sessions(asking(request), user, now=timezone.now())
    _stay(request, user)
    messages.success(request, "Everywhere else you are signed out.")
    return redirect("me")


@never_cache
@require_POST
def calendar(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's own calendar; it stands on the page that answers and on no other."""
    secret = secrets.token_urlsafe(32)
    make_feed(asking(request), secret=secret, now=timezone.now())
    at = reverse("calendar-feed", args=[secret])
    home = settings.EVENBOOK_URL or f"{request.scheme}://{request.get_host()}"
    return _page(request, calendar_address=f"{home}{at}")


@require_POST
def calendar_end(request: HttpRequest) -> HttpResponse:
    """End the secret address of one's own calendar."""
    if end_feed(asking(request), now=timezone.now()):
        messages.success(request, "The address has ended: calendars that read it get nothing from now on.")
    return redirect("me")


def _stay(request: HttpRequest, user: User) -> None:
    """Keep this one session, under a new key, after all of somebody's were ended."""
    update_session_auth_hash(request, user)
    entering.keep_session(request, user, how=request.session.get(HOW) or How.PASSWORD, now=timezone.now())


def _page(
    request: HttpRequest,
    *,
    password_problem: str = "",
    second_problem: str = "",
    calendar_address: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = asking(request)
    key = str(request.session.session_key or "")
    context = {
        "own": own_account(viewer, session_key=key, now=timezone.now()),
        "codes_left": second_factor.recovery_codes_left(_user(request)),
        "needs_second": needs_second_factor(viewer.role),
        "password_problem": password_problem,
        "second_problem": second_problem,
        "calendar_address": calendar_address,
        "calendar_made_at": feed_made_at(viewer),
    }
    return render(request, "people/me.html", context, status=status)


def _second_page(request: HttpRequest, user: User, secret: str, *, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "offer": second_factor.offer(user, secret),
        "asks_password": user.has_usable_password(),
        "is_held": needs_second_factor(user.role) and not has_proved_twice(request),
        "problem": problem,
    }
    return render(request, "people/second_factor.html", context, status=_status(problem))


def _not_proved(request: HttpRequest, user: User, field: str) -> str | None:
    """Return what is wrong with the password typed to prove that it is still its owner who sits here."""
    if not user.has_usable_password():
        return "You have no password here: ask operations for a link to choose one."
    typed = request.POST.get(field, "").replace("\x00", "")[:LONGEST_PASSWORD]
    return _counted(
        request, user, lambda: entering.knows_password(user, typed), door=doors.PASSWORD, wrong=NOT_YOURS
    )


def _wrong_code(request: HttpRequest, user: User) -> str | None:
    """Return what is wrong with the code typed to prove that it is still its owner who sits here."""
    try:
        return _counted(
            request,
            user,
            lambda: second_factor.accepts(user, request.POST.get("code", ""), now=timezone.now()),
            door=doors.CODE,
            wrong=NOT_YOUR_CODE,
        )
    except SecondFactorRefused as refusal:
        return f"{refusal.what} {refusal.fix}"


def _counted(
    request: HttpRequest, user: User, is_right: Callable[[], bool], *, door: str, wrong: str
) -> str | None:
    now = timezone.now()
    if doors.is_closed(user.mail, doors.address_of(request), now=now, door=door):
        return TOO_MANY
    if is_right():
        doors.forget_failures(user.mail, door=door)
        return None
    entering.refuse(request, user.mail, door=door, now=now)
    return wrong


def _status(problem: str) -> int:
    return 200 if not problem else CLOSED if problem == TOO_MANY else REFUSED


def _user(request: HttpRequest) -> User:
    return User.objects.get(pk=asking(request).user_id or 0)
