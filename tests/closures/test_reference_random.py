"""The reference on random years of Acme: what must be true of every loop, whatever befalls the account."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.closures.known import Row, World
from tests.closures.reference import loops_as_of
from tests.closures.small_world import at, contract, meeting, note, owned, policy, status, ticket, tier, world

DAYS = [date(2024, 12, 30) + timedelta(days=7 * week) for week in range(52)]
KINDS = tuple(sorted({loop["artifact"] for loop in policy()["closures"]["loops"]}))


def moment(chance: Random) -> datetime:
    return at("2024-11-01") + timedelta(minutes=chance.randrange(400 * 24 * 60))


def told(chance: Random, row: Row) -> Row:
    """Return a row that happened at a random moment and may be known late, and cease to hold."""
    happened_at = moment(chance)
    known_at = happened_at + timedelta(days=chance.choice((-3, 0, 0, 0, 2, 30)))
    until = known_at + timedelta(days=chance.choice((1, 5, 60)))
    escalated = {"escalated_at": happened_at + timedelta(hours=5)} if "escalated_at" in row else {}
    held = {"known_until": until if chance.random() < 0.3 else None}
    return {**row, **escalated, **held, "happened_at": happened_at, "known_at": known_at}


def year(seed: int) -> World:
    """Return a year of chance: three policies, and rows of every kind with every lateness."""
    chance = Random(seed)

    def some(most: int, make: object) -> list[Row]:
        return [told(chance, make()) for _ in range(chance.randint(0, most))]  # type: ignore[operator]

    def name() -> str:
        return f"r{chance.randint(1, 30)}"

    kinds = ("meeting", "business_review", "reply", "mail")
    statuses = ("completed", "completed", "cancelled")
    other = policy(
        start_on=date(2025, 1, 20), renewal_brief_days=100, cadences=policy()["closures"]["cadences"][::2]
    )
    other["records"]["meaningful_minutes"] = 45.0
    return world(
        zone=chance.choice(("UTC", "Europe/Berlin", "America/Los_Angeles")),
        policies=[(at("2024-01-01"), policy()), (moment(chance), other), (at("2026-01-01"), policy())],
        account_values=[
            tier(chance.randint(1, 4), "2024-01-01"),
            *some(4, lambda: tier(chance.randint(1, 4), "2024-01-01")),
            *(some(1, lambda: status("churned", "2025-01-01")) if seed % 4 == 0 else []),
        ],
        ownerships=some(6, lambda: owned("2024-01-01", person=chance.choice((None, 1, 2)))),
        interactions=some(
            40,
            lambda: meeting(name(), "2025-01-01", kind=chance.choice(kinds), status=chance.choice(statuses)),
        ),
        tickets=some(6, lambda: ticket(name(), "2025-01-01", priority=chance.choice(("high", "low", "")))),
        contracts=some(4, lambda: contract(name(), "2025-01-01", renews_on=moment(chance).date())),
        artifacts=some(20, lambda: {**note(chance.choice(KINDS), "2025-01-01"), "external_id": name()}),
        run_days=DAYS,
    )


def cut(of: World, ends_at: datetime) -> World:
    """Return a world as it was: without rows and ends of versions that became known later."""

    def rows(all_rows: list[Row]) -> list[Row]:
        return [
            {**row, "known_until": row["known_until"] if (row["known_until"] or ends_at) < ends_at else None}
            for row in all_rows
            if max(row["happened_at"], row["known_at"]) < ends_at
        ]

    names = ("account_values", "ownerships", "interactions", "tickets", "contracts", "artifacts")
    found_of_the_whole: dict[str, Any] = {"used": {}, "silent": {}, "spent": {}}
    return World(**{**vars(of), **found_of_the_whole, **{name: rows(getattr(of, name)) for name in names}})


@pytest.mark.parametrize("seed", range(12))
def test_a_loop_opens_once_and_is_never_known_otherwise(seed: int):
    acme, before = year(seed), {}
    for day in DAYS:
        found = loops_as_of(acme, day)
        opened = {key: (one.event_at, one.opened_at, one.due_on) for key, one in found.items()}
        assert {key: opened.get(key) for key in before} == before
        before = opened


@pytest.mark.parametrize("seed", range(12, 18))
def test_a_day_gives_the_same_answer_without_all_that_became_known_later(seed: int):
    acme = year(seed)
    zoned = World(**{**vars(acme), "zone": "UTC"})
    for day in DAYS[::4]:
        ends_at = at(f"{day + timedelta(days=1)}")
        assert loops_as_of(cut(zoned, ends_at), day) == loops_as_of(zoned, day)


@pytest.mark.parametrize("seed", range(18, 24))
def test_of_closing_and_withdrawal_one_stands_at_most_and_none_before_the_opening(seed: int):
    acme = year(seed)
    for one in loops_as_of(acme, DAYS[-1]).values():
        ends = [each for each in (one.closed_at, one.withdrawn_at) if each]
        assert len(ends) <= 1 and all(one.opened_at <= each for each in ends)
        assert (one.state in {"open", "overdue"}) is not bool(ends)
