"""The views that a viewer keeps."""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.people.viewer import Viewer
from evenbook.screens.models import SavedView


@dataclass(frozen=True)
class View:
    """A kept view: ``query`` is the address part that shows it."""

    id: int
    name: str
    query: str


def views_of(viewer: Viewer, table: str) -> tuple[View, ...]:
    """Return the viewer's own views of a table, by name."""
    if viewer.user_id is None:
        return ()
    rows = SavedView.objects.filter(user_id=viewer.user_id, table=table).order_by("name")
    return tuple(View(*row) for row in rows.values_list("pk", "name", "query"))
