"""Small bases for the rules of moves: ten accounts with one border each, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.as_of import answers, hold, hold_accounts
from tests.tables import world

from evenbook.frames.session import Session
from evenbook.tiers.rules import STEPS

LAST = date(2025, 6, 2)
OTHERS = (1_000, 300, 300, 250, 200, 60, 50, 40, 10)
"""What nine others bring: with one above them the borders stand at 1,000, 300 and 50."""

STANDING = {
    "as_of": "DATE",
    "account": "BIGINT",
    "state": "VARCHAR",
    "since_on": "DATE",
    "score": "DOUBLE",
    "lasting_points": "DOUBLE",
    "color": "VARCHAR",
}
ONE = 1
"""The account that the tests look at."""


def weeks(count: int, *, last: date = LAST) -> list[date]:
    """Return so many days, a week apart, the last one at the end."""
    return [last - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def base(
    arr: Sequence[int | None],
    *,
    tier: int | Sequence[int],
    colors: Mapping[int, str] | None = None,
    numbers: Mapping[str, Any] | None = None,
    others: Mapping[str, Any] | None = None,
    last: date = LAST,
    **tables: Any,
) -> Session:
    """Return a session in which the rules of tiers have answered for one account beside nine others.

    Args:
        arr: its revenue each week, the last one as of ``last``.
        tier: in force, the same each week or one a week.
        colors: red or yellow in some weeks, counted back from the last one, which is 0.
        numbers: of the policy, where not the default.
        others: more of its values.
        last: the last day.
        tables: facts, as ``tests.tables.world`` takes them.
    """
    days = weeks(len(arr), last=last)
    session = world([day.isoformat() for day in days], numbers=numbers, **tables)
    tiers = [tier] * len(arr) if isinstance(tier, int) else list(tier)
    mine = [
        {"account": ONE, "as_of": day, "arr_cents": amount, "tier": at, **(others or {})}
        for day, amount, at in zip(days, arr, tiers, strict=True)
    ]
    hold_accounts(session, *mine, *({"account": 10 + n, "arr_cents": each} for n, each in enumerate(OTHERS)))
    standing = [
        {"as_of": days[-1 - back], "account": ONE, "state": "at_risk", "color": color}
        for back, color in (colors or {}).items()
    ]
    hold(session, "standing_as_of", standing, STANDING)
    session.run_all(STEPS)
    return session


def moves(session: Session, *, day: date | None = None) -> list[dict[str, Any]]:
    """Return the account's moves, of every day or of one."""
    return [
        row
        for row in answers(session, "tier_move")
        if row["account"] == ONE and (day is None or row["as_of"] == day)
    ]


def hindrances(session: Session, *, day: date = LAST) -> dict[str, date | None]:
    """Return what hinders the account's move on a day, with until when."""
    rows = answers(session, "tier_hindrance", order="as_of, account, kind")
    return {row["kind"]: row["until_on"] for row in rows if row["account"] == ONE and row["as_of"] == day}
