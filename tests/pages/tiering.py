"""What the stored week of the invented team says of tiers: moves that wait, moves that may not be made yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from evenbook.book.models import Account
from evenbook.capacity.models import AccountWeek
from evenbook.runs.models import Run
from evenbook.tiers.models import Move, Share

UP_OF_BEN, DOWN_OF_BEN, DOWN_OF_CHIDI, UP_OF_POOL, HELD_OF_BEN, HELD_OF_CHIDI = 2, 4, 5, 7, 0, 1
"""The places of the accounts that should move."""

MOVES = {
    UP_OF_BEN: (3, 2, "arr", ()),
    DOWN_OF_BEN: (1, 2, "arr", ()),
    DOWN_OF_CHIDI: (2, 3, "arr", ()),
    UP_OF_POOL: (4, 3, "expansion", ()),
    HELD_OF_BEN: (1, 2, "arr", (("contraction", "its revenue was cut", date(2026, 5, 1)),)),
    HELD_OF_CHIDI: (2, 3, "arr", (("escalation_open", "an escalation is open", None),)),
}


def keep_tiers(run: Run, accounts: Sequence[Account]) -> None:
    """Store the moves and what each owner holds, as the account weeks have it."""
    weeks = {row.account_id: row for row in AccountWeek.objects.filter(run=run)}
    Move.objects.bulk_create(
        _move(run, weeks[accounts[place].pk], *each) for place, each in MOVES.items() if place < len(accounts)
    )
    held: dict[tuple[Any, ...], list[AccountWeek]] = defaultdict(list)
    for row in weeks.values():
        held[row.person_id, row.pool_id, row.tier, row.segment].append(row)
    Share.objects.bulk_create(
        Share(
            run=run,
            person_id=person,
            pool_id=pool,
            tier=tier,
            segment=segment,
            accounts=len(rows),
            assumed=sum(row.tier_assumed for row in rows),
            known=sum(row.arr_cents is not None for row in rows),
            arr_cents=sum(row.arr_cents or 0 for row in rows),
            staff=1 if pool else None,
        )
        for (person, pool, tier, segment), rows in held.items()
    )


def _move(run: Run, row: AccountWeek, before: int, after: int, grounds: str, held: Any) -> Move:
    return Move(
        run=run,
        account_id=row.account_id,
        person_id=row.person_id,
        pool_id=row.pool_id,
        direction="up" if after < before else "down",
        from_tier=before,
        to_tier=after,
        grounds=grounds,
        arr_cents=row.arr_cents,
        reasons=["ARR has been past the border of the tier."],
        evidence=[{"name": "Border", "value": 9_000_000, "unit": "money"}],
        hindrances=[
            {"kind": kind, "text": text, "until_on": until and until.isoformat()}
            for kind, text, until in held
        ],
        is_hindered=bool(held),
        free_on=held[0][2] if held else None,
    )
