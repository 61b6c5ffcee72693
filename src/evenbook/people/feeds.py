"""The address under which a person's own calendar is read without signing in: made, ended, opened.

What stands in the address comes from the caller; kept is only its digest. Whoever holds it reads as that
person may at that moment, and can change nothing. It ends when its owner ends it, makes a new one, or may
not come in any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from evenbook.kit.keys import digest_of
from evenbook.people import audit
from evenbook.people.models import CalendarFeed
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer

LONGEST = 100


@transaction.atomic
def make_feed(by: Viewer, *, secret: str, now: datetime) -> None:
    """Make the address of one's own calendar; an earlier one ends."""
    CalendarFeed.objects.update_or_create(
        user_id=by.user_id or 0, defaults={"digest": digest_of(secret), "made_at": now}
    )
    audit.record(by, "calendar_feed.made", audit.Thing("user", str(by.user_id), by.name), at=now)


@transaction.atomic
def end_feed(by: Viewer, *, now: datetime) -> bool:
    """End the address of one's own calendar; return whether there was one."""
    ended, _ = CalendarFeed.objects.filter(user_id=by.user_id or 0).delete()
    if ended:
        audit.record(by, "calendar_feed.ended", audit.Thing("user", str(by.user_id), by.name), at=now)
    return bool(ended)


def feed_made_at(viewer: Viewer) -> datetime | None:
    """Return when the viewer made the address that is open now; None where there is none."""
    return CalendarFeed.objects.filter(user_id=viewer.user_id or 0).values_list("made_at", flat=True).first()


def viewer_by_feed(secret: str) -> Viewer | None:
    """Return the viewer whose calendar an address opens, who may only read; None where it opens nothing."""
    if not 0 < len(secret) <= LONGEST:
        return None
    row = CalendarFeed.objects.filter(digest=digest_of(secret), user__is_active=True)
    found = row.select_related("user").first()
    return replace(viewer_of(found.user), scopes=frozenset({"read"})) if found else None
