"""The seven written records, at the pace of each tier and as far as their authors got to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import Axis, Floats, Ints
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.talks import REVIEW, Talks
from evenbook.sources.sample.team import NOBODY
from evenbook.sources.sample.world import Block, ids, keys, known_rows, versioned

KINDS = (
    "check_in_note",
    "health_review_log",
    "renewal_risk_brief",
    "escalation_handoff",
    "silence_record",
    "decision_record",
    "transfer_brief",
)
CHECK_IN, HEALTH, BRIEF, HANDOFF, SILENCE, DECISIONS, TRANSFER = range(7)
SUMMARIES = (
    "Rollout goes on as planned; they want the export before their board meets.",
    "Score looked at with the owner of the process; nothing that needs work before next time.",
    "Budget holder named, usage as expected, one open defect to be closed before the talk on price.",
    "Engineering owns the fix; we tell the customer each Tuesday until it is out.",
    "Two mails and a call without an answer; the administrator is asked next.",
    "They decided to add the second site in autumn and to keep the training in house.",
    "State, people and open promises handed over; the customer was told by mail.",
)
FORMS = (
    '{"follow_up": {"what": "Send the audit export", "by": "@"}, "next_touchpoint": "@"}',
    '{"band": "green", "moved": false, "action": "acknowledged stable", "next_review": "@"}',
    '{"level": "medium", "action": "Talk with the budget holder", "by": "@", "seen_by_leader": true}',
    '{"outside_owner": "Engineering", "path": "Fix in the next release", "own_part": "closed", "by": "@"}',
    '{"tried": ["mail", "call"], "verdict": "risk confirmed", "next_look": "@"}',
    '{"decisions": ["Second site in autumn"], "by": "@", "next_review": "@"}',
    '{"promises_open": 1, "told_customer": true, "confirmed": true, "by": "@"}',
)
"""What the fields of each kind hold; ``@`` is the day two weeks later."""


@dataclass(frozen=True)
class Wanted:
    """Records that somebody should have written: when, and how often people do."""

    account: Ints
    at: Floats
    kind: int
    chance: float


def artifacts(block: Block, said: Talks, escalated: tuple[Ints, Floats]) -> pa.Table:
    """Return the records of a block's accounts."""
    world, rng = block.world, block.stream("artifacts")
    wanted = [
        _check_ins(rng, said),
        _health_reviews(block, rng),
        *_briefs(block, rng),
        _handoffs(block, rng, escalated),
        _silences(block, said, rng),
        _decisions(rng, said),
        _transfers(block, rng),
    ]
    account = np.concatenate([each.account for each in wanted])
    at = np.concatenate([each.at for each in wanted])
    kind = np.concatenate([np.full(len(each.account), each.kind) for each in wanted])
    chance = np.concatenate([np.full(len(each.account), each.chance) for each in wanted])
    past = (at >= 0) & (at < world.axis.cut)
    account, at, kind, chance = account[past], at[past], kind[past], chance[past]
    author = world.owners.at(account, at)
    chance = chance * np.where(world.is_overloaded(author, at), shape.OVERLOADED_WRITES, 1.0)
    kept = (rng.random(len(at)) < chance) & (author != NOBODY) & world.team.is_person[author]
    account, at, kind, author = account[kept], at[kept], kind[kept], author[kept]
    order = np.lexsort((at, account))
    account, at, kind, author = account[order], at[order], kind[order], author[order]
    number = np.arange(len(account)) - np.searchsorted(account, account)
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "kind": pick(KINDS, kind),
            "author_id": ids(_present(block, author, at)),
            "summary": pick(SUMMARIES, kind),
            "fields": _fields(world.axis, kind, at),
            "closes": pa.array([""] * len(at)),
            **versioned(
                world.axis, at, at, source="evenbook", external_id=keys("R", account + 1, number + 1)
            ),
        },
        at,
    )


def _present(block: Block, author: Ints, at: Floats) -> Ints:
    cover = block.world.cover_on[author, np.floor(at).astype(int)]
    return np.where(cover == NOBODY, author, cover)


def _fields(axis: Axis, kind: Ints, at: Floats) -> pa.Array:
    due = pc.cast(axis.dates(at + 14), pa.string())
    filled = pa.array([""] * len(kind), pa.string())
    for number, form in enumerate(FORMS):
        pieces: list[pa.Array | pa.Scalar] = [pa.scalar(form.split("@")[0])]
        for rest in form.split("@")[1:]:
            pieces += [due, pa.scalar(rest)]
        filled = pc.if_else(pa.array(kind == number), pc.binary_join_element_wise(*pieces, ""), filled)
    return filled


def _check_ins(rng: np.random.Generator, said: Talks) -> Wanted:
    held = said.is_meaningful & (said.kind != REVIEW)
    at = said.at[held] + rng.uniform(0.05, 2.5, int(held.sum()))
    return Wanted(said.account[held], at, CHECK_IN, shape.CHECK_IN_WRITTEN)


def _decisions(rng: np.random.Generator, said: Talks) -> Wanted:
    held = said.is_meaningful & (said.kind == REVIEW)
    at = said.at[held] + rng.uniform(0.2, 3.0, int(held.sum()))
    return Wanted(said.account[held], at, DECISIONS, shape.DECISIONS_WRITTEN)


def _health_reviews(block: Block, rng: np.random.Generator) -> Wanted:
    life, axis = block.world.lives, block.world.axis
    mine = block.accounts[life.tier[block.accounts] < 3]
    every = np.asarray(shape.HEALTH_REVIEW_DAYS)[life.tier[mine]]
    opens = np.maximum(life.started[mine], 0) + 7
    turns = np.arange(int(np.ceil(axis.cut / min(shape.HEALTH_REVIEW_DAYS[:3]))) + 1)
    days = opens[:, None] + every[:, None] * (turns + rng.uniform(0, 1, len(mine))[:, None])
    days += rng.normal(0, 0.04, days.shape) * every[:, None]
    ends = np.where(np.isnan(life.churned[mine]), axis.cut, life.churned[mine])
    place = np.nonzero(days < ends[:, None])
    return Wanted(mine[place[0]], days[place], HEALTH, 1 - shape.HEALTH_REVIEW_SKIPPED)


def _briefs(block: Block, rng: np.random.Generator) -> list[Wanted]:
    """Return the renewal briefs and their refreshes, until the renewal is booked."""
    world = block.world
    terms, mine = world.terms, block.mine(world.terms.account)
    account, due = terms.account[mine], terms.due[mine]
    booked = np.where(np.isnan(terms.renewed[mine]), due, terms.renewed[mine])
    found = []
    for early, late in shape.BRIEF_DAYS_BEFORE:
        at = due - rng.uniform(late, early, len(due))
        kept = (at < booked) & (world.lives.tier[account] < 3) & (at > world.lives.started[account] + 90)
        found.append(Wanted(account[kept], at[kept], BRIEF, shape.BRIEF_WRITTEN))
    return found


def _handoffs(block: Block, rng: np.random.Generator, escalated: tuple[Ints, Floats]) -> Wanted:
    account, day = escalated
    named = block.world.lives.tier[account] < 3
    at = day[named] + rng.uniform(0.3, 2.5, int(named.sum()))
    return Wanted(account[named], at, HANDOFF, shape.HANDOFF_WRITTEN)


def _silences(block: Block, said: Talks, rng: np.random.Generator) -> Wanted:
    """Return what is written of accounts of the first two tiers that nobody has spoken with for long."""
    life, cut = block.world.lives, block.world.axis.cut
    held = said.is_meaningful & (life.tier[said.account] < 2)
    account, at = said.account[held], said.at[held]
    order = np.lexsort((at, account))
    account, at = account[order], at[order]
    ends = np.where(np.isnan(life.churned[account]), cut, life.churned[account])
    is_last = np.append(account[1:] != account[:-1], True)
    after = np.where(is_last, ends, np.append(at[1:], cut))
    turns = np.arange(1, 1 + int(np.ceil(cut / shape.SILENT_DAYS)))
    days = at[:, None] + shape.SILENT_DAYS * turns + rng.uniform(0.5, 4, (len(at), 1))
    place = np.nonzero(days < after[:, None])
    return Wanted(account[place[0]], days[place], SILENCE, shape.SILENCE_WRITTEN)


def _transfers(block: Block, rng: np.random.Generator) -> Wanted:
    since = block.world.owners.since[block.accounts, 1:]
    place = np.nonzero(~np.isnan(since) & (since > 0))
    account, at = block.accounts[place[0]], since[place]
    return Wanted(account, at + rng.uniform(0.05, 1.5, len(at)), TRANSFER, shape.TRANSFER_WRITTEN)
