"""Sessions: begun at sign-in, seen now and then, ended one by one or all at once.

A session ends by taking it away where it is kept; all of a user's end by a count that each has to
match, so none can be forgotten.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from evenbook.people import audit
from evenbook.people.models import OpenSession, User
from evenbook.people.viewer import Viewer

SEEN_EVERY = timedelta(minutes=10)
"""How exactly a session remembers when it was last used: a write for every page would be too much."""


@transaction.atomic
def begin_session(
    user: User, *, key: str, how: str, address: str, browser: str, now: datetime
) -> OpenSession:
    """Keep a session that has just begun, and forget those that have run out."""
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    OpenSession.objects.filter(seen_at__lt=oldest).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return OpenSession.objects.create(
        user=user,
        key=key,
        how=how,
        address=address[:64],
        browser=browser[:200],
        started_at=now,
        seen_at=now,
    )


def see_session(key: str, *, now: datetime) -> None:
    """Remember that a session was used; one that was ended meanwhile stays ended."""
    OpenSession.objects.filter(key=key, seen_at__lt=now - SEEN_EVERY).update(seen_at=now)


@transaction.atomic
def end_session(by: Viewer, user: User, session_id: int, *, now: datetime) -> bool:
    """End one session of a user; say whether it was there."""
    found = OpenSession.objects.filter(user=user, pk=session_id).first()
    if found is None:
        return False
    Session.objects.filter(session_key=found.key).delete()
    after = {"started_at": found.started_at.isoformat(timespec="seconds")}
    audit.record(by, "session.ended", _thing(user), at=now, after=after)
    found.delete()
    return True


@transaction.atomic
def end_sessions(by: Viewer, user: User, *, now: datetime, quietly: bool = False) -> int:
    """End all sessions of a user; return how many were known.

    Also those that nobody knows of end. ``quietly`` where what ends them is recorded already.
    """
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
    keys = list(OpenSession.objects.filter(user=user).values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(key__in=keys).delete()
    if not quietly:
        audit.record(by, "sessions.ended", _thing(user), at=now, rows=max(1, len(keys)))
    return len(keys)


def forget_session(key: str) -> None:
    """Forget a session that its owner has signed out of."""
    OpenSession.objects.filter(key=key).delete()


def _thing(user: User) -> audit.Thing:
    return audit.Thing("user", str(user.pk), user.name)
