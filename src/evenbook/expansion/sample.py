"""What was opened at the sample company's customers, by whom, and what became of it; what was tried there.

Most sales of the last months began with somebody who saw it: an onboarding, a ticket, a call, the product
itself. The newest openings are still under way; a few wait too long for an answer, a few were dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import contracts, sales
from evenbook.sources.sample.axis import NEVER, Flags, Floats, Ints
from evenbook.sources.sample.company import More, Piece
from evenbook.sources.sample.names import PRODUCTS, pick
from evenbook.sources.sample.team import PLACE
from evenbook.sources.sample.world import Block, World, constant, ids, keys

CLOSER = "chidi"
BACK_DAYS = 330.0
SEEN_FIRST = 0.7
"""Share of the sales that somebody opened before."""

ROLES = ("implementation", "support", "csm", "prompt", "cadence", "review")
SOURCE_OF = ("call", "ticket", "account", "product", "mail", "review")
ROLE_SHARES = (0.16, 0.22, 0.30, 0.16, 0.09, 0.07)
HUMAN_ROLES = 3
NOTES = (
    "They asked during the go-live call whether it also covers the second site.",
    "Third ticket about exporting by hand; this would spare them the hour.",
    "Their new head of operations wants the numbers for her own team.",
    "Clicked “tell me more” twice this week.",
    "Answered the mail about planning: who can show it to us?",
    "Raised the hand on the slide about what is new.",
)
REASONS_LOST = (
    "No budget before the new year.",
    "They build it themselves.",
    "Too much at once for the team.",
)
REASONS_DROPPED = ("Asked by mistake.", "The same as an opening of last month.", "The contact has left.")
OPENED_NOW = 0.05
"""Share of the active accounts of tiers 1 to 3 with an opening of the last days."""

TRIED, TRIAL_DAYS, KEPT = 0.09, 30, 0.72
TRIED_PRODUCTS = ("Mobile", "Audit")
"""Share of the active accounts of tiers 2 to 4 with a trial, its days, and how many keep what they tried."""

POLICY = {
    "expansion_ladder": {
        "ladder": [
            {"product": "Forecast", "rung": "initial_sale"},
            {"product": "Connect", "rung": "implementation"},
            {"product": "Audit", "rung": "after_value"},
            {"product": "Studio", "rung": "after_value"},
            {"product": "Mobile", "rung": "in_product"},
        ]
    },
    "expansion_list": {
        "mentions": [
            {
                "signal": "requests",
                "product": "Studio",
                "at_least": 2,
                "who": "support",
                "says": "Say with the answer that Studio builds such reports, and offer to show it.",
            },
            {
                "signal": "seats",
                "product": "Audit",
                "at_least": 0.9,
                "who": "csm",
                "says": "Ask who answers for access now that nearly everybody has it; Audit shows it.",
            },
            {
                "signal": "growth",
                "product": "Connect",
                "at_least": 0.25,
                "who": "implementation",
                "says": "Ask which system the new users come from before the next step; Connect joins it.",
            },
        ]
    },
}
"""What the sample's policy says of its own products."""


@dataclass(frozen=True)
class _Opened:
    """Openings of a company, oldest first. Days are ``NEVER`` where it has not happened."""

    account: Ints
    role: Ints
    product: Ints
    opened: Floats
    answered: Floats
    talks: Floats
    closed: Floats
    end: Ints
    amount: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.account)


WON, LOST, DROPPED = 0, 1, 2
ENDS = ("won", "lost", "dropped")


def pieces(block: Block, written: Mapping[str, int]) -> Iterator[Piece]:
    """Yield the openings of a block's accounts, the events of each, and the trials."""
    rng = block.stream("openings")
    found = _joined(_of_sales(block, rng), _of_today(block, rng))
    numbers = np.arange(found.count) + written.get(OPENING, 0) + 1
    yield OPENING, _rows(block.world, found, numbers)
    yield EVENT, _events(block.world, found, numbers)
    yield TRIAL, _trials(block)


OPENING, EVENT, TRIAL = "expansion_opening", "expansion_openingevent", "expansion_trial"
MORE = More((OPENING, EVENT, TRIAL), pieces)
"""What this slice adds to the sample company."""


def _of_sales(block: Block, rng: np.random.Generator) -> _Opened:
    """Return openings that became sales: most of the expansions of the last year."""
    axis = block.world.axis
    sold = sales.expansions(block)
    account, opened, closes, won, amount, product = sold
    kept = (opened > axis.cut - BACK_DAYS) & (rng.random(len(account)) < SEEN_FIRST)
    account, opened, closes, won, amount, product = (each[kept] for each in sold)
    count = len(account)
    begun = opened - rng.uniform(1.5, 9.0, count)
    answered = np.minimum(begun + rng.exponential(1.1, count), opened)
    end = np.where(np.isnan(closes), -1, np.where(won, WON, LOST))
    return _Opened(account, _roles(rng, count), product, begun, answered, opened, closes, end, amount)


def _of_today(block: Block, rng: np.random.Generator) -> _Opened:
    """Return what was opened in the last weeks: waiting, answered, a few dropped."""
    world, mine = block.world, block.accounts
    active = world.lives.active_at(world.axis.cut)[mine] & (world.lives.tier[mine] < 3)
    active &= world.lives.started[mine] < world.axis.cut - 90
    account = mine[active & (rng.random(len(mine)) < OPENED_NOW)]
    count = len(account)
    opened = world.axis.cut - rng.uniform(0.3, 14.0, count)
    fate = rng.random(count)
    answered = np.where(fate < 0.45, opened + rng.exponential(1.0, count), NEVER)
    closed = np.where(fate > 0.9, opened + rng.uniform(0.5, 6.0, count), NEVER)
    answered, closed = (np.where(each < world.axis.cut, each, NEVER) for each in (answered, closed))
    end = np.where(np.isnan(closed), -1, DROPPED)
    product = 1 + rng.integers(len(PRODUCTS) - 1, size=count)
    never = np.full(count, NEVER)
    return _Opened(account, _roles(rng, count), product, opened, answered, never, closed, end, never)


def _roles(rng: np.random.Generator, count: int) -> Ints:
    return np.asarray(rng.choice(len(ROLES), size=count, p=ROLE_SHARES))


def _joined(*parts: _Opened) -> _Opened:
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _Opened.__dataclass_fields__
    }
    order = np.lexsort((columns["account"], columns["opened"]))
    return _Opened(**{name: column[order] for name, column in columns.items()})


def _rows(world: World, found: _Opened, numbers: Ints) -> pa.Table:
    axis, count = world.axis, found.count
    owner = world.owners.at(found.account, found.opened)
    human = (found.role < HUMAN_ROLES) & (owner >= 0)
    opener = np.where(human, owner, -1)
    names = np.array([member.name for member in world.team.members], dtype=object)
    by = np.where(human, names[np.maximum(owner, 0)], "Evenbook")
    is_won = found.end == WON
    closer = np.full(count, PLACE[CLOSER])
    return pa.table(
        {
            "id": pa.array(numbers),
            "account_id": ids(found.account),
            "key": keys("X", numbers),
            "role": pick(ROLES, found.role),
            "source": pick(SOURCE_OF, found.role),
            "wants": constant("expansion", count),
            "product": pick(PRODUCTS, found.product),
            "note": pick(NOTES, found.role),
            "contact": constant("", count),
            "about": constant("", count),
            "opener_id": ids(opener),
            "opened_by": pa.array(by.tolist(), pa.string()),
            "opened_at": axis.instants(found.opened),
            "owner_id": ids(closer),
            "routed": constant("Staffed to expansion the longest.", count),
            "state": pa.array(_states(found), pa.string()),
            "held_at": pa.nulls(count, pa.timestamp("us")),
            "released_at": pa.nulls(count, pa.timestamp("us")),
            "answered_at": axis.instants(found.answered),
            "closed_at": axis.instants(found.closed),
            "amount_cents": _cents(found, is_won),
            "currency": pa.array(np.where(is_won, "USD", "").tolist(), pa.string()),
            "reason": pa.array(
                [_reason(*each) for each in zip(found.end, numbers, strict=True)], pa.string()
            ),
        }
    )


def _states(found: _Opened) -> list[str]:
    state = np.where(np.isnan(found.answered), "opened", "answered")
    state = np.where(np.isnan(found.talks), state, "talks")
    state = np.where(found.end >= 0, np.array(ENDS)[found.end], state)
    return [str(each) for each in state]


def _cents(found: _Opened, kept: Flags) -> pa.Array:
    amount = np.where(np.isnan(found.amount), 0.0, found.amount)
    return pa.array(np.round(amount * 100).astype(np.int64), mask=~kept)


def _reason(end: int, number: int) -> str:
    texts = {LOST: REASONS_LOST, DROPPED: REASONS_DROPPED}.get(int(end), ("",))
    return texts[int(number) % len(texts)]


def _events(world: World, found: _Opened, numbers: Ints) -> pa.Table:
    """Return what became of each opening, in order of time."""
    rows = _happened(world, found, numbers)
    of = {int(number): place for place, number in enumerate(numbers)}
    place = np.array([of[row[0]] for row in rows], dtype=np.int64)
    is_won = np.array([row[2] == "won" for row in rows], dtype=bool)
    amount = np.nan_to_num(found.amount[place])
    why = [_reason(found.end[of[row[0]]], row[0]) if row[2] in ENDS else "" for row in rows]
    return pa.table(
        {
            "opening_id": pa.array([row[0] for row in rows], pa.int64()),
            "kind": pa.array([row[2] for row in rows], pa.string()),
            "at": world.axis.instants(np.array([row[3] for row in rows], dtype=np.float64)),
            "by": pa.array([row[4] for row in rows], pa.string()),
            "owner_id": ids(np.full(len(rows), PLACE[CLOSER])),
            "amount_cents": pa.array(np.round(amount * 100).astype(np.int64), mask=~is_won),
            "currency": pa.array(["USD" if each else "" for each in is_won], pa.string()),
            "reason": pa.array(why, pa.string()),
        }
    )


def _happened(world: World, found: _Opened, numbers: Ints) -> list[tuple[int, int, str, float, str]]:
    """Return opening, place, kind, day and who of each event, in order of time."""
    closer = world.team.members[PLACE[CLOSER]].name
    parts = [
        (numbers, "opened", found.opened, "Evenbook"),
        (numbers, "routed", found.opened, "Evenbook"),
        (numbers, "answered", found.answered, closer),
        (numbers, "talks", found.talks, closer),
    ]
    for place, end in enumerate(ENDS):
        parts.append((np.where(found.end == place, numbers, -1), end, found.closed, closer))
    rows = [
        (int(number), place, kind, float(day), by)
        for place, (which, kind, days, by) in enumerate(parts)
        for number, day in zip(which, days, strict=True)
        if number >= 0 and not np.isnan(day)
    ]
    return sorted(rows, key=lambda row: (row[0], row[3], row[1]))


def _trials(block: Block) -> pa.Table:
    """Return opt-out trials of the last half year: most kept, some opted out of, the newest under way."""
    world, mine, rng = block.world, block.accounts, block.stream("trials")
    active = world.lives.active_at(world.axis.cut)[mine] & (world.lives.tier[mine] > 0)
    active &= world.lives.started[mine] < world.axis.cut - 200
    account = mine[active & (rng.random(len(mine)) < TRIED)]
    product = rng.integers(len(TRIED_PRODUCTS), size=len(account))
    is_theirs = _have(block, account, np.array([PRODUCTS.index(each) for each in TRIED_PRODUCTS])[product])
    account, product = account[~is_theirs], product[~is_theirs]
    count = len(account)
    begun = np.floor(world.axis.cut - rng.uniform(3.0, 180.0, count))
    is_over = begun + TRIAL_DAYS < world.axis.cut
    kept = rng.random(count) < KEPT
    last = begun + TRIAL_DAYS
    ended = np.where(is_over, np.where(kept, last, begun + np.floor(rng.uniform(5, 25, count))), NEVER)
    owner = world.owners.at(account, begun)
    names = np.array([member.name for member in world.team.members], dtype=object)
    by = np.where(owner >= 0, names[np.maximum(owner, 0)], "Evenbook").tolist()
    outcome = np.where(is_over, np.where(kept, "kept", "opted_out"), "")
    note = np.where(outcome == "opted_out", "Nobody there had the time to try it.", "")
    return pa.table(
        {
            "account_id": ids(account),
            "product": pick(TRIED_PRODUCTS, product),
            "first_on": world.axis.dates(begun),
            "last_on": world.axis.dates(last),
            "outcome": pa.array(outcome.tolist(), pa.string()),
            "ended_on": world.axis.dates(ended),
            "note": pa.array(note.tolist(), pa.string()),
            "recorded_by": pa.array(by, pa.string()),
            "recorded_at": world.axis.instants(begun + 0.4),
            "decided_by": pa.array([each if done else "" for each, done in zip(by, is_over, strict=True)]),
            "decided_at": world.axis.instants(ended + 0.5),
        }
    )


def _have(block: Block, account: Ints, product: Ints) -> Flags:
    """Return which accounts have a product already."""
    held = contracts.holdings(block.world)
    known = set(zip(held.account.tolist(), held.product.tolist(), strict=True))
    pairs = zip(account.tolist(), product.tolist(), strict=True)
    return np.fromiter((pair in known for pair in pairs), dtype=bool, count=len(account))
