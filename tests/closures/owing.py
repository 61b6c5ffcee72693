"""Loops that somebody of the invented team owes, written by hand, and complete answers from a given day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.written import COMPLETE

from evenbook.book.models import Account, Person, Pool
from evenbook.closures.models import Draft, FollowUp, Loop
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import Viewer
from evenbook.records.models import Artifact
from evenbook.runs.models import Happening

DAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 10, 30, 15, 250_000, tzinfo=UTC)
CLOSES = {
    "check_in": "check_in_note",
    "health_review": "health_review_log",
    "renewal_risk": "renewal_risk_brief",
    "escalation": "escalation_handoff",
    "silent_account": "silence_record",
    "business_review": "decision_record",
    "change_of_owner": "transfer_brief",
}


def owed(
    account: Account,
    *,
    by: Person | Pool | None,
    kind: str = "check_in",
    due_on: date = DAY,
    event: str = "",
    **more: Any,
) -> Loop:
    """Return a loop that a person or a pool owes; it opened three days before it is due."""
    opened_at = datetime.combine(due_on - timedelta(days=3), time(9), tzinfo=UTC)
    number = Loop.objects.count() + 1
    dated = f"{account.key}:2026-06-01:120" if kind == "renewal_risk" else f"crm:e{number}"
    usual = {
        "key": f"{kind}:{event or dated}",
        "kind": kind,
        "account": account,
        "artifact_kind": CLOSES.get(kind, kind),
        "event_at": opened_at,
        "opened_at": opened_at,
        "due_on": due_on,
        "person": by if isinstance(by, Person) else None,
        "pool": by if isinstance(by, Pool) else None,
    }
    return Loop.objects.create(**{**usual, **more})


def answers(artifact: str, *, today: date = DAY, **more: Any) -> dict[str, Any]:
    """Return complete answers to a form, none of whose days is before today."""
    first = date(2026, 3, 9)

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [{part: moved(each) for part, each in row.items()} for row in value]
        try:
            return (date.fromisoformat(value) + (today - first)).isoformat()
        except (TypeError, ValueError):
            return value

    return {**{field: moved(value) for field, value in COMPLETE[artifact].items()}, **more}


def viewer(name: str) -> Viewer:
    found = viewer_by_mail(f"{name}@example.com", surface="page")
    assert found is not None
    return found


def everything() -> list[Any]:
    """Return all that closing, waiving or taking a loop could change."""
    kept = (Loop, Artifact, FollowUp, Draft, AuditEntry, Happening)
    return [list(model.objects.order_by("pk").values()) for model in kept]
