"""Proposals that were kept, as far as the viewer sees everybody whom they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evenbook.balance.models import Proposal, ProposalMove
from evenbook.balance.rules.asking import MODES
from evenbook.balance.rules.books import REASONS
from evenbook.balance.rules.pools import POOL, Held
from evenbook.book.access import may_move_accounts, people_ids_seen_by
from evenbook.book.queries import Queue
from evenbook.people.viewer import Viewer

State = Proposal.State


@dataclass(frozen=True)
class MoveRow:
    """An account that a proposal gives to somebody; without a name where there is nobody.

    The key of a pool begins with ``pool:``; ``receiver`` is who it goes to, by id.
    """

    account_id: int
    account_key: str
    account_name: str
    giver_key: str
    giver_name: str
    receiver_key: str
    receiver_name: str
    receiver: Held
    reason: str
    improves: Mapping[str, float]
    by_hand: bool
    applied_at: datetime | None

    @property
    def reason_text(self) -> str:
        """Why it moves, in words."""
        return REASONS[self.reason]

    @property
    def gain(self) -> float:
        """What undoing it alone would cost, in points."""
        return sum(self.improves.values())


@dataclass(frozen=True)
class ProposalRow:
    """A proposal; ``contents`` as ``rules.document`` writes it. ``may_decide`` is of the viewer."""

    id: int
    as_of: date
    mode: str
    asked: Mapping[str, Any]
    contents: Mapping[str, Any]
    seconds: float
    seed: int
    made_at: datetime
    made_by: str
    state: str
    state_text: str
    note: str
    decided_at: datetime | None
    decided_by: str
    undone_at: datetime | None
    may_decide: bool

    @property
    def title(self) -> str:
        """What was asked for, in words."""
        return MODES[self.mode]

    @property
    def is_open(self) -> bool:
        """Whether it waits to be decided."""
        return self.state == State.OPEN

    @property
    def is_in_force(self) -> bool:
        """Whether it was approved and not undone."""
        return self.state == State.APPROVED


def proposals(viewer: Viewer, *, offset: int = 0, limit: int | None = None) -> tuple[ProposalRow, ...]:
    """Return the proposals that the viewer may see, the newest first."""
    rows = _seen(viewer)
    return tuple(_row(row, viewer) for row in rows[offset : None if limit is None else offset + limit])


def how_many_proposals(viewer: Viewer) -> int:
    """Return how many proposals the viewer may see."""
    return len(_seen(viewer))


def proposal(viewer: Viewer, number: int) -> ProposalRow | None:
    """Return one proposal, None where there is none that the viewer may see."""
    found = [row for row in _seen(viewer) if row.pk == number]
    return _row(found[0], viewer) if found else None


def moves(viewer: Viewer, number: int) -> tuple[MoveRow, ...]:
    """Return the moves of a proposal that the viewer may see, those that gain the most first."""
    if proposal(viewer, number) is None:
        return ()
    rows = ProposalMove.objects.filter(proposal=number).select_related(
        "account", "giver", "receiver", "giver_pool", "receiver_pool"
    )
    found = [
        MoveRow(
            account_id=row.account_id,
            account_key=row.account.key,
            account_name=row.account.name,
            **_called("giver", row.giver, row.giver_pool),
            **_called("receiver", row.receiver, row.receiver_pool),
            receiver=(row.receiver_id, row.receiver_pool_id),
            reason=row.reason,
            improves=row.improves,
            by_hand=row.by_hand,
            applied_at=row.applied_at,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (-each.gain, each.account_key)))


def _called(side: str, person: Any, pool: Any) -> dict[str, str]:
    """Return the key and the name of a person or a pool; empty ones of nobody."""
    if pool is not None:
        queue = Queue(pool.pk, pool.key, pool.name)
        return {f"{side}_key": f"{POOL}{queue.key}", f"{side}_name": queue.title}
    named = (person.key, person.name) if person is not None else ("", "")
    return {f"{side}_key": named[0], f"{side}_name": named[1]}


def _seen(viewer: Viewer) -> list[Proposal]:
    seen = people_ids_seen_by(viewer)
    rows = Proposal.objects.order_by("-pk")
    return [row for row in rows if row.asked["people"] and set(row.asked["people"]) <= seen]


def _row(row: Proposal, viewer: Viewer) -> ProposalRow:
    return ProposalRow(
        id=row.pk,
        as_of=row.as_of,
        mode=row.mode,
        asked=row.asked,
        contents=row.contents,
        seconds=row.seconds,
        seed=row.seed,
        made_at=row.made_at,
        made_by=row.made_by,
        state=row.state,
        state_text=State(row.state).label,
        note=row.note,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        undone_at=row.undone_at,
        may_decide=may_move_accounts(viewer, row.asked["people"]),
    )
