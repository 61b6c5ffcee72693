"""The keys that products sign hands with, for operations; their secrets are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenbook.expansion.models import SigningKey
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class KeyRow:
    """A key: its id, what uses it, since when, and since when not any more."""

    key: str
    name: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


def signing_keys(viewer: Viewer) -> tuple[KeyRow, ...]:
    """Return the keys, made last first; none for who is not operations."""
    if not viewer.is_operations:
        return ()
    fields = ("key", "name", "made_by", "made_at", "ended_at")
    return tuple(KeyRow(*row) for row in SigningKey.objects.order_by("-made_at", "-pk").values_list(*fields))
