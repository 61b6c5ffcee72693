"""Checks of expansion: openings that wait too long, and openings that nobody closes."""

from __future__ import annotations

from datetime import datetime

from evenbook.expansion.models import Opening
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.openings import LATE, OpeningsWanted, openings
from evenbook.expansion.rules.moving import ENDS
from evenbook.kit.findings import Check, Finding, counted, listed
from evenbook.people.viewer import SYSTEM

NAMED = 5


def answered_in_time(now: datetime) -> Finding | None:
    """Find openings that wait for a first answer past their day."""
    late = openings(SYSTEM, clock_now(SYSTEM, now), wanted=OpeningsWanted(state=LATE))
    if not late:
        return None
    names = list(dict.fromkeys(each.account_name for each in late))
    waits = counted(len(late), "opening waits", "openings wait")
    return Finding(
        f"{waits} for a first answer past the day: {listed(names[:NAMED], len(names))}.",
        "Answer them on Expansion, or give them to somebody who can.",
    )


def closed_by_somebody(now: datetime) -> Finding | None:
    """Find openings under way that nobody closes."""
    rows = Opening.objects.filter(owner=None).exclude(state__in=ENDS)
    total = rows.count()
    if not total:
        return None
    names = list(rows.order_by("opened_at").values_list("account__name", flat=True)[:NAMED])
    return Finding(
        f"{counted(total, 'opening has', 'openings have')} nobody who closes: {listed(names, total)}.",
        "Staff somebody to expansion, or name routes: evenbook policy show expansion.routes",
    )


CHECKS = (
    Check("openings-answered", "Every opening is answered in time.", answered_in_time),
    Check("openings-closed", "Somebody closes every opening.", closed_by_somebody),
)
