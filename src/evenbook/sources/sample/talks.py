"""Contacts with customers and work on their accounts: when, what, by whom, and how it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import NEVER, Flags, Floats, Ints, at_work, stream
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.team import NOBODY
from evenbook.sources.sample.world import Block, constant, ids, keys, known_rows, told, versioned

KINDS = (
    "meeting", "call", "strategic", "business_review", "onboarding", "escalation",
    "reply", "mail", "bulk", "internal", "admin",
)  # fmt: skip
REVIEW, ONBOARDING, ESCALATION, REPLY, MAIL, BULK, INTERNAL, ADMIN = range(3, 11)
STATUSES = ("completed", "cancelled", "no_show", "booked")
COMPLETED, CANCELLED, NO_SHOW, BOOKED = range(4)
MEANINGFUL_MINUTES = 15
THINNED_KEEPS = 1 / 3
OVERLOADED_KEEPS = 0.68
COVERED = 0.3
"""Share of the talks during a leave that the cover takes; the others wait."""

SUBJECTS = {
    "meeting": ("Roadmap and priorities", "Rollout of the second site", "Working session on reports"),
    "call": ("Monthly call", "Questions before the upgrade", "Follow-up on open points"),
    "strategic": ("Goals for the next half-year", "Executive alignment", "Plan for new teams"),
    "business_review": ("Business review", "Quarterly business review", "Yearly review"),
    "onboarding": ("Kick-off", "Set-up session", "Training for administrators"),
    "escalation": ("Outage follow-up", "Escalation call", "Status of the open defect"),
    "reply": ("Re: open points", "Re: dates for the training", "Re: offer"),
    "mail": ("Summary and next steps", "New release notes", "Dates for our next call"),
    "bulk": ("Monthly tips", "Product news", "Invitation to the webinar"),
    "internal": ("Preparation", "Solution design", "Hand-over with support"),
    "admin": ("CRM upkeep", "Renewal paperwork", "Reporting"),
}


@dataclass(frozen=True)
class Talks:
    """What happened, sorted by account and time.

    ``person`` and ``contact`` count from 0, ``NOBODY`` for none.
    """

    account: Ints
    at: Floats
    kind: Ints
    status: Ints
    minutes: Floats
    person: Ints
    contact: Ints

    @property
    def is_meaningful(self) -> Flags:
        """Return which count as contact with the customer, as a plain team would say."""
        held = (self.status == COMPLETED) & (self.kind <= ESCALATION)
        return np.asarray(held & ((self.minutes >= MEANINGFUL_MINUTES) | (self.kind >= REVIEW)))


def talks(block: Block, escalated: tuple[Ints, Floats]) -> Talks:
    """Return a block's talks and work, from the account, day of each escalated ticket too."""
    rng, world = block.stream("talks"), block.world
    parts: list[Part] = [
        *_cadence(block, rng),
        *_reviews(block, rng),
        _onboarding(block),
        _escalations(block, rng, escalated),
        *_at_random(block, rng),
        _bulk(block),
    ]
    account, day, kind = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = _lives_on(block, rng, (account, day, kind))
    account, day, kind = account[kept], day[kept], kind[kept]
    at = at_work(day, world.lives.region[account], rng)
    person, works = _who(block, rng, (account, at, kind))
    future = at >= world.axis.cut
    kept = works & (~future | ((kind <= ONBOARDING) & (rng.random(len(at)) < 0.75)))
    account, at, kind, person = account[kept], at[kept], kind[kept], person[kept]
    order = np.lexsort((at, account))
    account, at, kind, person = account[order], at[order], kind[order], person[order]
    status = _status(rng, kind, at >= world.axis.cut)
    low, high = np.asarray([shape.MINUTES[name] for name in KINDS])[kind].T
    minutes = np.round(rng.uniform(low, high + 1))
    minutes = np.where((status == CANCELLED) | (status == NO_SHOW), NEVER, minutes)
    return Talks(account, at, kind, status, minutes, person, _contact(block, rng, (account, at, kind)))


Part = tuple[Ints, Floats, Ints]


def _window(block: Block, mine: Ints) -> tuple[Floats, Floats]:
    """Return from when to when accounts can be talked with."""
    life, axis = block.world.lives, block.world.axis
    ends = np.where(np.isnan(life.churned[mine]), axis.cut + shape.BOOKED_DAYS, life.churned[mine])
    return np.maximum(life.started[mine], 0.0), ends


def _cadence(block: Block, rng: np.random.Generator) -> list[Part]:
    """Return the regular talks: one every so many days, more or less."""
    life, parts = block.world.lives, []
    for tier, every in enumerate(shape.TALK_DAYS):
        mine = block.accounts[life.tier[block.accounts] == tier]
        if not every or not len(mine):
            continue
        opens, ends = _window(block, mine)
        many = int(np.ceil((ends.max() + every) / (0.75 * every))) + 2
        pace = every * rng.lognormal(0, 0.12, size=len(mine))
        gaps = rng.gamma(12, 1 / 12, size=(len(mine), many)) * pace[:, None]
        days = (
            opens[:, None]
            + rng.uniform(0, 1, len(mine))[:, None] * pace[:, None]
            + np.cumsum(gaps, axis=1)
            - gaps
        )
        shares = np.cumsum(shape.TALK_KIND_SHARES[tier])
        kinds = np.searchsorted(shares, rng.random(days.shape) * shares[-1])
        held = days < ends[:, None]
        parts.append((np.nonzero(held)[0], days[held], kinds[held]))
        parts[-1] = (mine[parts[-1][0]], *parts[-1][1:])
    return parts


def _reviews(block: Block, rng: np.random.Generator) -> list[Part]:
    life, parts = block.world.lives, []
    for tier, every in enumerate(shape.REVIEW_DAYS):
        mine = block.accounts[life.tier[block.accounts] == tier]
        if not every or not len(mine):
            continue
        opens, ends = _window(block, mine)
        turns = np.arange(int(np.ceil(ends.max() / every)) + 2)
        first = np.where(
            life.started[mine] < 0, rng.uniform(0, every, len(mine)), life.started[mine] + 0.8 * every
        )
        days = first[:, None] + turns * every + rng.normal(0, 6, size=(len(mine), len(turns)))
        held = (days > opens[:, None]) & (days < ends[:, None])
        place = np.nonzero(held)[0]
        parts.append((mine[place], days[held], np.full(len(place), REVIEW)))
    return parts


def _onboarding(block: Block) -> Part:
    life, mine = block.world.lives, block.accounts
    days = life.started[mine][:, None] + np.asarray(shape.ONBOARDING_ON)
    sessions = np.asarray((7, 7, 3, 0))[life.tier[mine]]
    _, ends = _window(block, mine)
    held = (days > 0) & (days < ends[:, None]) & (np.arange(7) < sessions[:, None])
    place = np.nonzero(held)[0]
    return mine[place], days[held], np.full(len(place), ONBOARDING)


def _escalations(block: Block, rng: np.random.Generator, escalated: tuple[Ints, Floats]) -> Part:
    account, day = escalated
    answered = (rng.random(len(account)) < 0.75) & (block.world.lives.tier[account] < 3)
    at = day[answered] + rng.uniform(0.5, 3, int(answered.sum()))
    return account[answered], at, np.full(len(at), ESCALATION)


def _at_random(block: Block, rng: np.random.Generator) -> list[Part]:
    """Return replies, mails, internal work and administration: so many a day on average."""
    life, axis = block.world.lives, block.world.axis
    mine = block.accounts
    opens, ends = _window(block, mine)
    ends = np.minimum(ends, axis.cut)
    rates = (
        (REPLY, shape.REPLIES_A_DAY),
        (MAIL, shape.MAILS_A_DAY),
        (INTERNAL, shape.INTERNAL_A_DAY),
        (ADMIN, shape.ADMIN_A_DAY),
    )
    parts = []
    for kind, by_tier in rates:
        times = rng.poisson(np.asarray(by_tier)[life.tier[mine]] * np.maximum(ends - opens, 0))
        place = np.repeat(np.arange(len(mine)), times)
        parts.append((mine[place], rng.uniform(opens[place], ends[place]), np.full(len(place), kind)))
    return parts


def _bulk(block: Block) -> Part:
    """Return the messages to all smaller accounts, sent on the same days."""
    life = block.world.lives
    mine = block.accounts[life.tier[block.accounts] >= 2]
    opens, ends = _window(block, mine)
    days = np.arange(12.0, block.world.axis.cut - 3, shape.BULK_EVERY_DAYS)
    sent = (days > opens[:, None]) & (days < ends[:, None])
    place, when = np.nonzero(sent)
    return mine[place], days[when], np.full(len(place), BULK)


def _lives_on(block: Block, rng: np.random.Generator, part: Part) -> Flags:
    """Return what is left where contact thinned out or stopped."""
    life, (account, day, kind) = block.world.lives, part
    thinned = (day > life.contact_thinned[account]) & (kind < MAIL)
    silent = (day > life.silent_since[account]) & (kind != BULK)
    return np.asarray(~silent & (~thinned | (rng.random(len(day)) < THINNED_KEEPS)))


def _who(block: Block, rng: np.random.Generator, part: Part) -> tuple[Ints, Flags]:
    """Return who did it, and whether it was done at all: leave and overload leave gaps."""
    world, (account, at, kind) = block.world, part
    chance = rng.random(len(at))
    owner = world.owners.at(account, at)
    cover = np.where(owner == NOBODY, NOBODY, world.cover_on[owner, np.floor(at).astype(int)])
    away = cover != NOBODY
    works = ~away | ((chance < COVERED) & (kind <= ESCALATION))
    too_much = world.is_overloaded(owner, at) & (kind < MAIL) & (kind != ESCALATION)
    works &= ~too_much | (chance < OVERLOADED_KEEPS)
    nobody = (owner == NOBODY) | ~world.team.is_person[owner]
    works &= ~nobody | (kind == BULK) | (kind == REPLY)
    return np.where(nobody, NOBODY, np.where(away, cover, owner)), works


def _status(rng: np.random.Generator, kind: Ints, future: Flags) -> Ints:
    drawn = np.searchsorted(np.cumsum(shape.KEPT)[:-1], rng.random(len(kind)), side="right")
    planned = kind <= ONBOARDING
    return np.where(future, BOOKED, np.where(planned, drawn, COMPLETED))


def _contact(block: Block, rng: np.random.Generator, part: Part) -> Ints:
    """Return which of the customer's people took part; the champion most often, until they leave."""
    life, (account, at, kind) = block.world.lives, part
    many = life.contacts[account]
    place = np.floor(many * rng.random(len(at)) ** 1.6).astype(int)
    gone = (place == 0) & (at > life.champion_left[account])
    place = np.where(gone, np.minimum(1, many - 1), place)
    return np.where((kind >= BULK) | (life.tier[account] == 3), NOBODY, place)


def interactions(block: Block, said: Talks) -> pa.Table:
    """Return the talks as an application table."""
    world, rng = block.world, block.stream("said")
    count = len(said.account)
    with_customer = (said.kind <= ESCALATION) & (said.status == COMPLETED)
    number = np.arange(count) - np.searchsorted(said.account, said.account)
    contact = keys("K", said.account + 1, said.contact + 1)
    known = _known(block, rng, said)
    source = pc.if_else(pa.array(said.kind <= ESCALATION), "calendar", "crm")
    items = pa.array(rng.poisson(1.7, count), mask=~with_customer)
    return known_rows(
        world.axis,
        {
            "account_id": ids(said.account),
            "person_id": ids(said.person),
            "contact_id_text": pc.if_else(pa.array(said.contact == NOBODY), "", contact),
            "kind": pick(KINDS, said.kind),
            "status": pick(STATUSES, said.status),
            "minutes": pa.array(said.minutes, from_pandas=True),
            "customer_present": pa.array(with_customer),
            "carries_answer": pa.array((said.kind == REPLY) & (rng.random(count) < 0.45)),
            "action_items": items,
            "sentiment": _sentiment(block, rng, said, with_customer),
            "quality": _quality(block, rng, said, with_customer),
            "subject": _subjects(rng, said.kind),
            "custom": constant("{}", count),
            **versioned(
                world.axis, said.at, known, source=source, external_id=keys("I", said.account + 1, number + 1)
            ),
        },
        known,
    )


def _known(block: Block, rng: np.random.Generator, said: Talks) -> Floats:
    """Return when each was told: held ones when over, planned ones when the invitation went out."""
    cut = block.world.axis.cut
    over = said.at + np.nan_to_num(said.minutes) / 1440
    planned = np.minimum(said.at - rng.uniform(0.2, 10, len(over)), cut - rng.uniform(0, 4, len(over)))
    return np.where(said.status == BOOKED, planned, told(rng, "calendar", over))


def _sentiment(block: Block, rng: np.random.Generator, said: Talks, with_customer: Flags) -> pa.Array:
    life = block.world.lives
    fell = np.clip((said.at - life.sentiment_fell[said.account]) / 28, 0, 1)
    value = life.mood[said.account] - 0.55 * np.nan_to_num(fell) + rng.normal(0, 0.2, len(said.at))
    scored = with_customer & (life.tier[said.account] < 3) & (rng.random(len(value)) < 0.6)
    return pa.array(np.round(np.clip(value, -1, 1), 2), mask=~scored)


def _quality(block: Block, rng: np.random.Generator, said: Talks, with_customer: Flags) -> pa.Array:
    world = block.world
    habit = 75 + stream(world.seed, "quality").normal(0, 4, len(world.team.members))
    tired = 9.0 * world.is_overloaded(said.person, said.at)
    value = habit[said.person] - tired + rng.normal(0, 8, len(said.at))
    scored = with_customer & (said.person != NOBODY) & (rng.random(len(value)) < 0.5)
    return pa.array(np.round(np.clip(value, 0, 100)), mask=~scored)


def _subjects(rng: np.random.Generator, kind: Ints) -> pa.Array:
    words = [subject for name in KINDS for subject in SUBJECTS[name]]
    return pick(words, kind * 3 + rng.integers(3, size=len(kind)))
