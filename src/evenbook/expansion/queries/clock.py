"""Today, and the policy by which openings are late: those of the newest week, else of a new instance."""

from __future__ import annotations

from datetime import datetime

from evenbook.expansion.queries.openings import Clock
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.runs.queries import week


def clock_now(viewer: Viewer, now: datetime) -> Clock:
    """Return the clock of an instant; a demo stays at the day that it was made for."""
    shown = week(viewer)
    return Clock(latest().policy, shown.today(now) if shown else now.date())
