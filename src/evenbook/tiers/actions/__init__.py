"""What a run keeps of tiers: the moves that it found, grounds and hindrances, and who holds what."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.runs.actions import Keeping
from evenbook.tiers.models import Move
from evenbook.tiers.numbers import TiersNumbers
from evenbook.tiers.numbers.moves import MovesNumbers
from evenbook.tiers.rules.told import Found, Hindrance, Words, figures, hindered, reasons

KEPT = ("tier_move", "tier_hindrance", "tier_share")
"""The tables whose rows of the run's day are kept."""

MOVES = "select * exclude (as_of) from tier_move where as_of = $as_of order by account"
HINDRANCES = "select account, kind, since_on, until_on from tier_hindrance where as_of = $as_of"
SHARES = """
select
  $run as run_id, person as person_id, pool as pool_id,
  tier, segment, accounts, assumed, known, arr_cents, staff
from tier_share
where as_of = $as_of
order by tier, segment, person, pool
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store the moves as of the run's day, and what each owner holds; return how many rows."""
    day = {"as_of": keeping.as_of}
    words = words_of(in_force(keeping.as_of).policy)
    hindrances: dict[int, list[Hindrance]] = defaultdict(list)
    for row in session.rows(HINDRANCES, day).to_pylist():
        hindrances[row["account"]].append(Hindrance(row["kind"], row["since_on"], row["until_on"]))
    found = session.rows(MOVES, day).to_pylist()
    moves = [_move(row, hindrances[row["account"]], words, keeping.run) for row in found]
    Move.objects.bulk_create(moves, batch_size=500)
    return len(moves) + bulk.insert("tiers_share", session.stream(SHARES, {**day, "run": keeping.run}))


def words_of(policy: Policy) -> Words:
    """Return how the organization says amounts and tiers."""
    numbers = policy.of(MovesNumbers)
    return Words(
        policy.of(OrganizationNumbers).currency,
        {row.tier: row.title for row in policy.of(TiersNumbers).tiers},
        numbers.margin_share,
        numbers.stable_weeks,
    )


def _move(row: dict[str, Any], given: list[Hindrance], words: Words, run: int) -> Move:
    found = Found(
        grounds=tuple(row["grounds"].split(",")),
        **{name: row[name] for name in Found.__dataclass_fields__ if name != "grounds"},
    )
    ordered, until = hindered(given)
    return Move(
        run_id=run,
        account_id=row["account"],
        person_id=row["person"],
        pool_id=row["pool"],
        direction=found.direction,
        from_tier=found.from_tier,
        to_tier=found.to_tier,
        grounds=row["grounds"],
        arr_cents=found.arr_cents,
        reasons=list(reasons(found, words)),
        evidence=[dict(each) for each in figures(found)],
        hindrances=[
            {"kind": each.kind, "text": each.said, "until_on": each.until_on and each.until_on.isoformat()}
            for each in ordered
        ],
        is_hindered=bool(ordered),
        free_on=until,
    )
