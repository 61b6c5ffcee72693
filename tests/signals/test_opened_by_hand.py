"""A ticket that a person opened here: an open escalation, and nothing else that support is read from."""

from __future__ import annotations

from typing import Any

from tests.tables import day, world

from evenbook.book.rules import STEPS as BOOK
from evenbook.records.rules import STEPS as RECORDS
from evenbook.signals.rules import STEPS as SIGNALS
from evenbook.signals.rules.usage_carry import stored

SUPPORT = "select tickets_recent, tickets_normal, open_escalations from condition_as_of order by as_of"
ACCOUNT = {
    "account": 1,
    "key": "a",
    "name": "A",
    "started_at": day("2023-01-01"),
    "visible_at": day("2023-01-01"),
}
BY_HAND = {"account": 1, "ticket": "h", "by_hand": True, "happened_at": day("2025-06-03")}


def conditions(*tickets: dict[str, Any]) -> list[dict[str, Any]]:
    with world(["2025-06-09", "2025-09-01"], account=[ACCOUNT], ticket=tickets) as session:
        session.hold("usage_carry", stored([]))
        session.run_all((*BOOK, *RECORDS, *SIGNALS))
        return session.rows(SUPPORT).to_pylist()


def test_it_is_no_ticket_in_the_volume_of_support() -> None:
    plain = {"account": 1, "ticket": "t", "happened_at": day("2025-06-04")}
    old = {**plain, "ticket": "o", "happened_at": day("2024-01-04")}
    escalated = {**BY_HAND, "escalated_at": day("2025-06-03"), "solved_at": day("2025-07-01")}

    without, later_without = conditions(plain, old)
    with_it, later = conditions(plain, old, escalated)
    assert with_it == {**without, "open_escalations": 1} and without["tickets_recent"] == 1
    assert later == later_without, "resolved, it has left no trace"


def test_where_no_help_desk_tells_of_tickets_support_stays_unread() -> None:
    (row, _) = conditions({**BY_HAND, "escalated_at": day("2025-06-03")})

    assert row == {"tickets_recent": None, "tickets_normal": None, "open_escalations": 1}
