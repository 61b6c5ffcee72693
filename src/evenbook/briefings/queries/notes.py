"""The cover note of a short leave as it begins: who covers, what is open, which dates fall into it."""

from __future__ import annotations

from datetime import datetime

from evenbook.briefings.queries.assembled import assembled
from evenbook.briefings.queries.handoffs import HandoffRow
from evenbook.briefings.rules.pack import note_of
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


def note_begun(viewer: Viewer, week: Week, shown: HandoffRow, *, now: datetime) -> str:
    """Return the note that was written, else what the records know; empty where none is asked for."""
    if shown.asks_briefs or shown.note or shown.called_off_at:
        return shown.note
    found = assembled(viewer, week, shown, now=now)
    return note_of(found.head, found.accounts)
