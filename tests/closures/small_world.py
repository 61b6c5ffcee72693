"""One account, Acme, and what befalls it: small worlds whose loops can be worked out by hand.

Acme started in 2024 and is tier 1; Amara owns it and works in Germany. Nothing opens before 1 January 2025.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from tests.closures.known import Row, World
from tests.closures.reference import LoopState, loops_as_of

AMARA, BEN = 1, 2
HOLIDAYS = {"DE": {date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21), date(2025, 6, 9)}}
"""New Year, Good Friday, Easter Monday, Whit Monday."""


def at(text: str) -> datetime:
    """Return an instant in UTC: ``2025-03-07`` or ``2025-03-07 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def loop(name: str, opened_by: str, artifact: str, due_days: int, tiers: str, **more: Any) -> Row:
    usual = {"loop": name, "opened_by": opened_by, "named": "", "artifact": artifact, "due_in": "working"}
    return {**usual, "due_days": due_days, "tiers": tiers, **more}


def policy(**closures: Any) -> Row:
    """Return the rules of these examples, with other numbers of closures where they are given."""
    usual = {
        "start_on": date(2025, 1, 1),
        "loops": [
            loop("check_in", "contact", "check_in_note", 2, "1, 2, 3, 4"),
            loop("health_review", "cadence", "health_review_log", 7, "1, 2, 3", due_in="calendar"),
            loop("renewal_risk", "renewal", "renewal_risk_brief", 5, "1, 2, 3"),
            loop("escalation", "ticket", "escalation_handoff", 5, "1, 2, 3, 4"),
            loop("silent_account", "silence", "silence_record", 5, "1, 2, 3"),
            loop(
                "business_review", "interaction", "decision_record", 3, "1, 2, 3, 4", named="business_review"
            ),
            loop("change_of_owner", "owner", "transfer_brief", 5, "1, 2, 3, 4"),
        ],
        "cadences": [
            {"loop": name, "tier": tier, "every_days": days}
            for name, tier, days in (
                ("health_review", 1, 14),
                ("health_review", 2, 31),
                ("silent_account", 1, 45),
                ("silent_account", 2, 45),
            )
        ],
        "severities": [
            {"priority": "urgent", "days": 1},
            {"priority": "high", "days": 3},
        ],
        "renewal_brief_days": 90,
        "renewal_early_days": 30,
        "renewal_refresh_early_days": 7,
        "renewal_refreshes": [{"days_before": 60}, {"days_before": 30}],
    }
    counts = {"meeting": "minutes", "business_review": "always", "reply": "answer", "mail": "never"}
    kinds = [{"kind": kind, "counts": each} for kind, each in counts.items()]
    return {
        "closures": deepcopy({**usual, **closures}),
        "records": {"meaningful_minutes": 15.0, "kinds": kinds},
    }


def dated(happened: str, known: str = "", until: str = "") -> Row:
    """Return when a row happened, became known (at once unless said) and ceased to hold."""
    return {
        "happened_at": at(happened),
        "known_at": at(known or happened),
        "known_until": at(until) if until else None,
    }


def record(name: str, happened: str, known: str = "", until: str = "", **more: Any) -> Row:
    return {"source": "crm", "external_id": name, "account": 1, **dated(happened, known, until), **more}


def meeting(name: str, happened: str, known: str = "", until: str = "", **more: Any) -> Row:
    """Return half an hour with the customer, unless it is said otherwise."""
    usual = {"kind": "meeting", "status": "completed", "minutes": 30.0}
    usual |= {"customer_present": True, "carries_answer": False}
    return record(name, happened, known, until, **{**usual, **more})


def ticket(name: str, happened: str, known: str = "", until: str = "", **more: Any) -> Row:
    usual = {"kind": "incident", "priority": "urgent", "escalated_at": at(happened)}
    return record(name, happened, known, until, **{**usual, **more})


def contract(name: str, known: str, until: str = "", **more: Any) -> Row:
    usual = {"renews_on": date(2025, 12, 1), "ends_on": None, "renewed_at": None, "lost_at": None}
    return record(name, "2024-01-01", known, until, **{**usual, **more})


def note(kind: str, happened: str, known: str = "", **more: Any) -> Row:
    return record(f"{kind} {happened}", happened, known, kind=kind, **more)


def tier(number: int, happened: str, known: str = "") -> Row:
    return {"account": 1, "name": "tier", "value": str(number), **dated(happened, known)}


def status(value: str, happened: str, known: str = "") -> Row:
    return {"account": 1, "name": "status", "value": value, **dated(happened, known)}


def owned(happened: str, known: str = "", *, person: int | None = None, pool: int | None = None) -> Row:
    return {"account": 1, "role": "owner", "person": person, "pool": pool, **dated(happened, known)}


def world(**tables: Any) -> World:
    """Return Acme's world with the tables given; rows get their ids in the order in which they stand."""
    account = {"key": "acme", "started_at": at("2024-01-01"), "known_at": at("2024-01-01")}
    usual: dict[str, Any] = {
        "zone": "UTC",
        "policies": [(at("2024-01-01"), policy())],
        "accounts": [account],
        "account_values": [tier(1, "2024-01-01")],
        "ownerships": [owned("2024-01-01", person=AMARA)],
        "people": [{"region": "DE"}, {"region": ""}],
        "holidays": HOLIDAYS,
    }
    plain = {"zone", "policies", "holidays", "loaded_on", "run_days", "assumed_tiers"}
    filled: dict[str, Any] = {
        name: value if name in plain else [{"id": place, **row} for place, row in enumerate(value, start=1)]
        for name, value in {**usual, **tables}.items()
    }
    return World(**filled)


def loops(of: World, day: str, kind: str) -> dict[str, LoopState]:
    """Return the loops of one kind as of a day, by what of their key comes after the kind."""
    found = loops_as_of(of, date.fromisoformat(day))
    return {key.removeprefix(f"{kind}:"): each for key, each in found.items() if each.loop == kind}


def states(of: World, day: str, kind: str) -> dict[str, str]:
    return {key: each.state for key, each in loops(of, day, kind).items()}


def dues(of: World, day: str, kind: str) -> dict[str, str]:
    return {key: each.due_on.isoformat() for key, each in loops(of, day, kind).items()}
