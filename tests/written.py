"""The completion standard as tests ask for it, and one complete answer to each of the seven forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.answers import settled
from evenbook.closures.rules.standard import Refusal, form_of, refusals

TODAY = date(2026, 3, 9)
DUE = {"what": "Send the offer", "who": "Ben Okafor", "by": "2026-03-12"}

COMPLETE: dict[str, dict[str, Any]] = {
    "check_in_note": {
        "summary": "Rollout is on plan; the new admin starts Monday.",
        "follow_ups": [DUE],
        "next_touchpoint": "2026-04-01",
    },
    "health_review_log": {
        "score": 62,
        "band": "yellow",
        "moved": "yes",
        "found": "Two of three teams stopped after the reorganization.",
        "outcome": "action",
        "follow_ups": [DUE],
    },
    "renewal_risk_brief": {
        "summary": "The sponsor left; the new one has not seen what they pay for.",
        "level": "high",
        "follow_ups": [DUE],
    },
    "escalation_handoff": {
        "outside_owner": "Chidi Eze",
        "path": "Engineering ships the fix on Thursday and confirms it.",
        "own_part": "transitioned",
        "transitioned_to": "Ben Okafor",
    },
    "silence_record": {
        "tried": "Two mails, one call, their partner",
        "verdict": "risk confirmed",
        "next_look": "2026-03-20",
    },
    "decision_record": {
        "decisions": "Amara and their COO agreed to add the second site.",
        "follow_ups": [DUE],
        "promised": "A plan for the second site",
        "next_review": "2026-06-09",
    },
    "transfer_brief": {
        "state": "Healthy and growing, with one open question about the price.",
        "people": "Dana decides, Eli uses it",
        "promises": "Nothing is promised that is still open.",
        "open_loops": "Ben takes the check-in of last week",
        "told": "Dana knows Ben since Friday",
        "receiver": "Ben Okafor",
    },
}


def form(artifact: str) -> tuple[Question, ...]:
    return form_of(ClosuresNumbers(), artifact)


def refused(artifact: str, answers: object, *, asynchronous: bool = False) -> tuple[Refusal, ...]:
    return refusals(form(artifact), answers, today=TODAY, asynchronous=asynchronous)


def why(asks: str, value: object, *, asynchronous: bool = False, **more: Any) -> list[str]:
    """Return the reasons against one answer to a form of one question, called Note."""
    asked = Question(artifact="visit_note", field="note", title="Note", asks=asks, **more)
    found = refusals((asked,), {"note": value}, today=TODAY, asynchronous=asynchronous)
    assert {each.field for each in found} <= {"note"}
    return [each.reason for each in found]


def kept(asks: str, value: object, **more: Any) -> Any:
    asked = Question(artifact="visit_note", field="note", title="Note", asks=asks, **more)
    return settled((asked,), {"note": value}).get("note")
