"""The one way in: whatever proves who somebody is, a session begins here and nowhere else.

Who has a second factor is asked for it whichever way they came. Until they have answered they are
*pending*: known to the session for ten minutes, signed in nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from evenbook.people import audit, doors
from evenbook.people.middleware import HOW, SEEN
from evenbook.people.models import OpenSession, User
from evenbook.people.queries import viewer_of
from evenbook.people.second_factor import has_second_factor
from evenbook.people.sessions import begin_session, forget_session
from evenbook.people.viewer import Viewer

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "sign-in-pending"
PENDING_FOR = timedelta(minutes=10)
How = OpenSession.How
STRANGER = Viewer(user_id=None, mail="", name="somebody not signed in", role="")


@dataclass(frozen=True)
class Pending:
    """Somebody who has still to show their second factor, how they came, and where they were going."""

    user: User
    how: str
    going: str


def proved(request: HttpRequest, user: User, *, how: str, going: str, now: datetime) -> HttpResponseRedirect:
    """Let in somebody who has proved who they are, or ask for their second factor first."""
    if not has_second_factor(user.pk):
        return enter(request, user, how=how, going=going, now=now)
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "how": how,
        "going": going,
        "until": (now + PENDING_FOR).isoformat(),
    }
    return HttpResponseRedirect("/sign-in/code")


def pending(request: HttpRequest, *, now: datetime) -> Pending | None:
    """Return who has still to show a second factor; None where nobody has, or too long ago.

    A password that was changed meanwhile makes a new start.
    """
    kept = request.session.get(PENDING)
    if not isinstance(kept, dict) or datetime.fromisoformat(kept["until"]) < now:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["proof"]:
        return None
    return Pending(user, kept["how"], kept["going"])


@transaction.atomic
def enter(request: HttpRequest, user: User, *, how: str, going: str, now: datetime) -> HttpResponseRedirect:
    """Begin a session under a new key, and go where somebody was going.

    A session that came with the request ends: nobody can have set it up beforehand.
    """
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[HOW] = str(how)
    request.session[SEEN] = now.timestamp()
    keep_session(request, user, how=how, now=now)
    after = {"how": How(how).label, "address": doors.address_of(request)}
    audit.record(
        viewer_of(user), "sign-in.made", audit.Thing("user", str(user.pk), user.name), at=now, after=after
    )
    return HttpResponseRedirect(going or "/")


def keep_session(request: HttpRequest, user: User, *, how: str, now: datetime) -> None:
    """Keep the session of a request in the list of its owner."""
    if not request.session.session_key:
        request.session.save()
    begin_session(
        user,
        key=str(request.session.session_key),
        how=how,
        address=doors.address_of(request),
        browser=request.headers.get("User-Agent", ""),
        now=now,
    )


def refuse(request: HttpRequest, mail: str, *, door: str, now: datetime) -> None:
    """Count and record an attempt that failed. What was typed is kept nowhere: it may be a password."""
    with transaction.atomic():
        doors.record_failure(mail, doors.address_of(request), now=now, door=door)
        known = User.objects.filter(mail__iexact=mail.strip()).first()
        who = (
            audit.Thing("user", str(known.pk), known.name)
            if known
            else audit.Thing("user", "", "nobody known")
        )
        after = {"door": door, "address": doors.address_of(request)}
        audit.record(STRANGER, "sign-in.failed", who, at=now, after=after)


def leave(request: HttpRequest, *, now: datetime) -> None:
    """End the session of a request: who kept its cookie has nothing."""
    key, user = request.session.session_key, request.user
    with transaction.atomic():
        if key and isinstance(user, User):
            forget_session(key)
            audit.record(
                viewer_of(user), "sign-in.ended", audit.Thing("user", str(user.pk), user.name), at=now
            )
        logout(request)


def knows_password(user: User, typed: str) -> bool:
    """Return whether somebody typed their own password."""
    return user.has_usable_password() and check_password(typed, user.password)


def asked_for(request: HttpRequest) -> str:
    """Return the page of ours that somebody was going to, empty where they named none or another host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted[:2000] if is_ours else ""
