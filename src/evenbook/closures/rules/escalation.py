"""How severe an escalation may be, in the words of the policy, and which tickets it opens a loop for.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.loops import Loop


@dataclass(frozen=True)
class Severity:
    """One way in which an escalation may be severe: the priority that its ticket gets, and its days."""

    value: str
    days: int
    title: str


def severities(numbers: ClosuresNumbers) -> tuple[Severity, ...]:
    """Return the severities to choose from, the worst first: one for each number of days."""
    by_days = {row.days: row.priority for row in reversed(numbers.severities)}
    found = sorted(by_days.items())
    if not found and (loop := loop_of_tickets(numbers)) is not None:
        found = [(loop.due_days, "normal")]
    return tuple(Severity(value, days, _title(value, days)) for days, value in found)


def loop_of_tickets(numbers: ClosuresNumbers) -> Loop | None:
    """Return the loop that an escalated ticket opens: of any kind before one of a kind named."""
    loops = [row for row in numbers.loops if row.opened_by == "ticket"]
    return min(loops, key=lambda row: row.named != "", default=None)


def _title(value: str, days: int) -> str:
    within = f"{days} working day{'s' if days != 1 else ''}"
    return f"{value.replace('_', ' ').capitalize()}: handed over within {within}"
