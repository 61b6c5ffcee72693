"""What a viewer may see of a week's document: the rows of people and accounts; sums are for everybody."""

from __future__ import annotations

from typing import Any

from evenbook.book.access import people_seen_by
from evenbook.book.queries import account_names
from evenbook.people.viewer import Viewer


def seen_of(viewer: Viewer, document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without the people and accounts that the viewer may not open."""
    people = set(people_seen_by(viewer).values_list("key", flat=True))
    csms = [row for row in document["csms"] if row["id"] in people]
    if viewer.sees_all:
        return {**document, "csms": csms}
    keys = {key for key, _ in account_names(viewer).values()}
    sheet = [row for row in document["hotsheet"] if row["account"] in keys]
    return {**document, "csms": csms, "hotsheet": sheet}
