"""Keeping and dropping views of a table."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.screens.models import SavedView
from evenbook.screens.tables import OWN

MOST = 50
"""Views a person keeps of one table: more than that nobody finds again."""


class ViewRefused(EvenbookError):
    """A view can't be kept as asked."""

    kind = "view-refused"


@transaction.atomic
def save_view(viewer: Viewer, table: str, *, name: str, query: str, now: datetime) -> None:
    """Keep a view under a name; one of the same name is replaced.

    Raises:
        ViewRefused: no name, a name or filter too long, too many views, or a viewer who may not write.
    """
    user_id = _writer(viewer)
    named = " ".join(name.replace("\x00", "").split())
    asked = [(key, value) for key, value in parse_qsl(query.replace("%00", "")) if key not in OWN[1:]]
    kept = urlencode(asked).replace("%00", "")
    if not named:
        raise ViewRefused("The view has no name.", fix="Write a short name and save again.")
    if len(named) > 80 or len(kept) > 2000:
        raise ViewRefused(
            "The name or the filters are too long.", fix="Use at most 80 characters for the name."
        )
    own = SavedView.objects.filter(user_id=user_id, table=table)
    if own.count() >= MOST and not own.filter(name=named).exists():
        raise ViewRefused(f"You keep {MOST} views of this table.", fix="Drop one that you no longer use.")
    before = own.filter(name=named).values_list("query", flat=True).first()
    view, _ = SavedView.objects.update_or_create(
        user_id=user_id, table=table, name=named, defaults={"query": kept, "saved_at": now}
    )
    if before != kept:
        was = None if before is None else {"query": before}
        thing = audit.Thing("view", str(view.pk), f"{named} of {table}")
        audit.record(viewer, "view.kept", thing, at=now, before=was, after={"query": kept})


@transaction.atomic
def drop_view(viewer: Viewer, view_id: int, *, now: datetime) -> None:
    """Drop one of the viewer's own views; dropping it again changes nothing."""
    row = SavedView.objects.filter(pk=view_id, user_id=_writer(viewer)).first()
    if row is not None:
        thing = audit.Thing("view", str(row.pk), f"{row.name} of {row.table}")
        audit.record(viewer, "view.dropped", thing, at=now, before={"query": row.query})
        row.delete()


def _writer(viewer: Viewer) -> int:
    if viewer.user_id is None or not viewer.may_write:
        raise ViewRefused("Your role reads only.", fix="Ask operations for another role to keep views.")
    return viewer.user_id
