"""Who may keep something of sizing, and of whose base it is."""

from __future__ import annotations

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer

LONGEST_NOTE = 300


class SizingReadOnly(EvenbookError):
    """Somebody who only reads tried to keep something."""

    kind = "sizing-read-only"
    status = 403


def require_keeper(by: Viewer) -> None:
    """Let through leaders and operations.

    Raises:
        SizingReadOnly: it is somebody else.
    """
    if not may_keep(by):
        raise SizingReadOnly("Leaders and operations keep scenarios and plans.", fix="Ask one of them.")


def may_keep(viewer: Viewer) -> bool:
    """Return whether the viewer may keep scenarios and plans: what is of one team is kept for its leader.

    A token that leads one team is nobody for whom it could be kept.
    """
    is_somebody = viewer.sees_all or viewer.user_id is not None
    return viewer.may_write and is_somebody and (viewer.is_operations or viewer.role == "leader")


def may_roll_out(viewer: Viewer) -> bool:
    """Return whether the viewer says which step of the roll-out is done: operations, and who leads all."""
    return may_keep(viewer) and (viewer.is_operations or viewer.sees_all)
