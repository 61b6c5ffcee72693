"""Writing the audit trail: who did what to what, from what, to what, through which surface.

An action records in its own transaction, so that what was done and the word about it stand or fall
together. Reading is in ``queries``; nothing changes or drops an entry, see ``append_only``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenbook.people.models import AuditEntry
from evenbook.people.viewer import Viewer

HIDDEN = "(hidden)"
SECRETS = ("password", "secret", "token", "digest", "code")


@dataclass(frozen=True)
class Thing:
    """What was acted on: its kind, its stable id, and the name that people know it by."""

    kind: str
    id: str
    name: str = ""


def record(
    by: Viewer,
    what: str,
    thing: Thing,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    rows: int = 1,
) -> None:
    """Write one entry.

    Args:
        by: who acts, and through which surface.
        what: noun and past participle, as ``policy.adopted``.
        thing: what was acted on.
        at: when.
        before: the values that were changed, as they were; None for something new.
        after: the same values as they are now; None for something that is gone.
        rows: how many rows a bulk write or an export touched.
    """
    AuditEntry.objects.create(
        at=at,
        by_user=by.user_id,
        by_token=by.token_id,
        by_name=by.name[:120],
        surface=by.surface,
        what=what,
        thing_kind=thing.kind,
        thing_id=thing.id[:200],
        thing_name=thing.name[:300],
        before=_safe(before),
        after=_safe(after),
        rows=rows,
    )


def _safe(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the values with whatever is named like a secret hidden: a mistake must not become a leak."""
    if values is None:
        return None
    return {key: HIDDEN if key.lower().endswith(SECRETS) else value for key, value in values.items()}
