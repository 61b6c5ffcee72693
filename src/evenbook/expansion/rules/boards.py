"""The two scoreboards: what retention saved and kept, what expansion answered and closed.

Openers never carry the number: beside their openings stand customers, not money.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from evenbook.expansion.rules.answering import Calendar, days_taken
from evenbook.expansion.rules.moving import WON
from evenbook.expansion.rules.pipeline import Stood


@dataclass(frozen=True)
class Done:
    """What somebody did of one opening in a span; money in minor units."""

    opening: int
    answered: bool
    in_time: bool
    ended: bool
    won: bool
    won_cents: int


@dataclass(frozen=True)
class Closed:
    """What a closer did in a span, opening by opening. ``in_time`` are those answered within policy."""

    rows: tuple[Done, ...] = ()

    @property
    def answered(self) -> int:
        """How many were answered first."""
        return sum(each.answered for each in self.rows)

    @property
    def in_time(self) -> int:
        """How many of these within the working days of the policy."""
        return sum(each.in_time for each in self.rows)

    @property
    def ended(self) -> int:
        """How many came to an end."""
        return sum(each.ended for each in self.rows)

    @property
    def won(self) -> int:
        """How many of these were won."""
        return sum(each.won for each in self.rows)

    @property
    def won_cents(self) -> int:
        """What these bring a year."""
        return sum(each.won_cents for each in self.rows)


@dataclass(frozen=True)
class Opener:
    """What somebody opened in a span: how often, and at how many different customers."""

    opened: int
    customers: int


def quarter_of(day: date) -> date:
    """Return the first day of the quarter that a day is in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def closed(
    rows: Sequence[Stood], *, first: datetime, calendar: Calendar, answer_days: int
) -> dict[int, Closed]:
    """Return by closer what they answered and closed from an instant on; what nobody closes is left out."""
    found: dict[int, list[Done]] = {}
    for each in rows:
        answered = each.answered_at is not None and each.answered_at >= first
        ended = each.closed_at is not None and each.closed_at >= first
        if each.fact.owner_id is None or not (answered or ended):
            continue
        won = ended and each.state == WON
        done = Done(
            each.fact.id,
            answered=answered,
            in_time=answered and _days(each, calendar) <= answer_days,
            ended=ended,
            won=won,
            won_cents=(each.amount_cents or 0) if won else 0,
        )
        found.setdefault(each.fact.owner_id, []).append(done)
    return {owner: Closed(tuple(theirs)) for owner, theirs in found.items()}


def openers(rows: Sequence[Stood], *, first: datetime) -> dict[int, Opener]:
    """Return by opener what they opened from an instant on."""
    accounts: dict[int, list[int]] = {}
    for each in rows:
        if each.fact.opener_id is not None and each.fact.opened_at >= first:
            accounts.setdefault(each.fact.opener_id, []).append(each.fact.account_id)
    return {person: Opener(len(given), len(set(given))) for person, given in accounts.items()}


def machine_of(stated: str, staffed: str) -> str:
    """Return on which board somebody stands: where they are staffed, else what suits what they say."""
    return staffed or ("expansion" if stated == "seller" else "retention")


def _days(row: Stood, calendar: Calendar) -> int:
    assert row.answered_at is not None
    return days_taken(row.waits_from.date(), row.answered_at.date(), calendar)
