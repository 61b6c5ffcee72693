"""What the doctor looks at in the records: usage feeds that have stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from evenbook.kit.dates import last_full_week
from evenbook.kit.findings import Check, Finding, counted, listed
from evenbook.policy.queries import latest
from evenbook.records.models import FeedWeek
from evenbook.records.numbers import RecordsNumbers

GRACE = timedelta(weeks=1)
"""The last full week may still be on its way."""


def usage_feeds(now: datetime) -> Finding | None:
    """Find feeds of usage that delivered before and do not deliver any more."""
    share = latest().policy.of(RecordsNumbers).feed_complete_share
    due = last_full_week(now.date()) - GRACE
    whole = FeedWeek.objects.filter(share__gte=share, known_at__lte=now)
    last = (
        whole.values("source", "measure")
        .annotate(last_on=Max("week_on"))
        .order_by("last_on", "source", "measure")
    )
    stopped = [
        f"{row['source']} {row['measure']} (last whole week {row['last_on']})"
        for row in last
        if row["last_on"] < due
    ]
    if not stopped:
        return None
    return Finding(
        f"{counted(len(stopped), 'usage feed has', 'usage feeds have')} stopped: {listed(stopped)}.",
        "Find out why it no longer delivers, then import what is missing; until then its usage is not known.",
    )


CHECKS = (Check("usage-feeds", "Every usage feed delivers.", usage_feeds),)
