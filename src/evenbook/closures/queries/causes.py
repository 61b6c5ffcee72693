"""What opened each loop, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from evenbook.book.numbers import ROLES
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.records.queries import interactions_called, tickets_called
from evenbook.screens.shown import day_text


def causes(viewer: Viewer, policy: Policy, rows: Iterable[LoopRow]) -> dict[str, str]:
    """Return by the key of each loop why it is there, as far as the viewer may see the record."""
    listed = list(rows)
    opened = {row.loop: row.opened_by for row in policy.of(ClosuresNumbers).loops}
    events = [row.opened_by for row in listed if opened.get(row.kind) in {"contact", "interaction"}]
    told = interactions_called(viewer, events)
    told |= tickets_called(viewer, [row.opened_by for row in listed if opened.get(row.kind) == "ticket"])
    found = {}
    for row in listed:
        moment = told.get(row.opened_by)
        if moment is not None:
            detail = f" · {moment.detail}" if moment.detail else ""
            found[row.key] = f"{moment.title} on {day_text(row.event_at.date())}{detail}"
        else:
            found[row.key] = _by_time(row, opened.get(row.kind, ""))
    return found


def _by_time(row: LoopRow, opened_by: str) -> str:
    renews = _renewal(row.key) if opened_by == "renewal" else None
    if renews is not None:
        return f"Renews on {day_text(renews)}"
    hands_over = _handed_over(row.key) if opened_by == "owner" else None
    role = ROLES.get(row.role, "")
    if hands_over is not None and hands_over > row.opened_on:
        day = day_text(hands_over)
        return f"{role}, to be handed over by {day}" if role else f"To be handed over by {day}"
    if opened_by == "owner" and role:
        return f"{role}: somebody else has it"
    words = {
        "contact": "A meaningful contact",
        "interaction": "An interaction of its kind",
        "ticket": "An escalated ticket",
        "cadence": "The tier’s cadence",
        "silence": "No meaningful contact for longer than the tier allows",
        "owner": "The account changed hands",
    }
    return words.get(opened_by, f"Opened on {day_text(row.opened_on)}")


def _handed_over(key: str) -> date | None:
    """Return the day in the key of a change of owner's loop, behind which an announced one has a number."""
    for part in key.split(":")[:-3:-1]:
        try:
            return date.fromisoformat(part)
        except ValueError:
            continue
    return None


def _renewal(key: str) -> date | None:
    """Return the day in the key of a renewal's loop; that of another event, once of the kind, has none."""
    *_, day, _mark = ["", *key.split(":")]
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
