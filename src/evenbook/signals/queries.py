"""The signals of accounts as a run found them, each with the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evenbook.book.access import of_account
from evenbook.people.viewer import Viewer
from evenbook.signals.models import Signal


@dataclass(frozen=True)
class Raised:
    """A signal: what, when it was observed and detected, and its evidence in words."""

    kind: str
    observed_at: datetime
    detected_on: date
    strength: float
    text: str
    evidence: tuple[tuple[str, Any], ...]


def signals_of(viewer: Viewer, run_id: int, account_id: int) -> tuple[Raised, ...]:
    """Return an account's open signals, the strongest first."""
    rows = of_account(Signal.objects.filter(run_id=run_id), viewer, account_id)
    return tuple(
        Raised(
            kind=row.kind,
            observed_at=row.observed_at,
            detected_on=row.detected_on,
            strength=row.strength,
            text=str(row.evidence.get("text", "")),
            evidence=tuple((name, value) for name, value in row.evidence.items() if name != "text"),
        )
        for row in rows.order_by("-strength", "kind")
    )
