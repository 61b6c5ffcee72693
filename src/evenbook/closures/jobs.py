"""What workers see to for closures."""

from __future__ import annotations

from datetime import datetime

from evenbook.closures.actions.reading import close_the_seen
from evenbook.runs.declared import Round


def look_for_seen_briefs(now: datetime) -> None:
    """Close the loops of briefs whose last reader has left."""
    close_the_seen(now=now)


ROUNDS = (Round("briefs", 3600, look_for_seen_briefs),)
WORKS = ()
