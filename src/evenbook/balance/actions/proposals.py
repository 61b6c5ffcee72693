"""Keeping a proposal, approving it in whole or in part, changing it by hand, undoing it within a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from evenbook.balance.models import Proposal, ProposalMove
from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.queries.asking import Proposed
from evenbook.balance.rules.books import BY_HAND, REASONS
from evenbook.balance.rules.pools import held_by
from evenbook.book.access import gone_now, may_move_accounts, members_now, owning_now
from evenbook.book.actions.owners import NOBODY, Held, OwnerChange, change_owners
from evenbook.book.among import Ids
from evenbook.book.queries import pools_seen
from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest

State = Proposal.State
LONGEST_NOTE = 500


class ProposalNotYours(EvenbookError):
    """Somebody who does not lead these people tried to move accounts between them."""

    kind = "proposal-not-yours"
    status = 403


class ProposalGone(EvenbookError):
    """There is no such proposal, or the viewer may not see it."""

    kind = "proposal-gone"
    status = 404


class ProposalRefused(EvenbookError):
    """A proposal can't be decided so: it was decided before, moves nothing, or its day is over."""

    kind = "proposal-refused"
    status = 409


@dataclass(frozen=True)
class Applied:
    """What an approval did: how many accounts went, and those that somebody had changed in the meantime."""

    gone: int
    skipped: tuple[str, ...]


@transaction.atomic
def keep(found: Proposed, *, seed: int, by: Viewer, now: datetime) -> int:
    """Keep a proposal so that it can be looked at and decided; return its number.

    Raises:
        ProposalNotYours: ``by`` may not move accounts among these people.
    """
    asked = _asked(found)
    _require(by, asked["people"], asked["pools"])
    row = Proposal.objects.create(
        as_of=found.gathered.week.run.as_of,
        mode=found.question.mode,
        asked=asked,
        contents=found.document,
        seconds=found.seconds,
        seed=seed,
        made_at=now,
        made_by=by.name[:120],
    )
    left = _left_behind(found)
    ProposalMove.objects.bulk_create(
        ProposalMove(
            proposal=row,
            account_id=each.account,
            **_sides(left.get(each.account, held_by(each.giver)), held_by(each.receiver)),
            reason=each.reason,
            improves=dict(each.improves),
            is_forced=each.is_forced,
        )
        for each in found.answer.moves
    )
    said = {"mode": row.mode, "moves": len(found.answer.moves), "feasible": found.answer.feasible}
    audit.record(by, "proposal.made", _thing(row), at=now, after=said)
    return int(row.pk)


@transaction.atomic
def approve(
    number: int, *, by: Viewer, now: datetime, note: str = "", accounts: Iterable[int] | None = None
) -> Applied:
    """Let the moves of a proposal take place, all of them or those of some accounts.

    What somebody has given to somebody else since stays as it is, and is named.

    Raises:
        ProposalGone, ProposalNotYours, ProposalRefused: see there.
    """
    row = _open(number, by)
    moves = list(row.moves.select_related("account").order_by("pk"))
    if accounts is not None:
        wanted = set(accounts)
        moves = [each for each in moves if each.account_id in wanted]
    if not moves:
        raise ProposalRefused("No account would move.", fix="Choose at least one, or drop the proposal.")
    sides = [side for each in moves for side in (_giver(each), _receiver(each))]
    gone = gone_now(by, (person for person, _ in sides))
    _require(by, {person for person, _ in sides} - gone, (pool for _, pool in sides))
    changes = [
        OwnerChange(each.account_id, _giver(each), _receiver(each), REASONS[each.reason]) for each in moves
    ]
    went = set(change_owners(changes, by=by, now=now))
    ProposalMove.objects.filter(proposal=row, account__in=went).update(applied_at=now)
    _decided(row, State.APPROVED, note, by=by, now=now)
    skipped = tuple(each.account.key for each in moves if each.account_id not in went)
    said = {"accounts": sorted({each.account.key for each in moves} - set(skipped)), "note": row.note}
    audit.record(by, "proposal.approved", _thing(row), at=now, after=said, rows=len(went))
    return Applied(len(went), skipped)


@transaction.atomic
def drop(number: int, *, by: Viewer, now: datetime, note: str) -> None:
    """Decide against a proposal, with a reason.

    Raises:
        ProposalGone, ProposalNotYours, ProposalRefused: see there; also without a reason.
    """
    row = _open(number, by)
    if not note.strip():
        raise ProposalRefused("A proposal is dropped for a reason.", fix="Say why in a few words.")
    _decided(row, State.DROPPED, note, by=by, now=now)
    audit.record(by, "proposal.dropped", _thing(row), at=now, after={"note": row.note})


@transaction.atomic
def undo(number: int, *, by: Viewer, now: datetime) -> Applied:
    """Give the accounts of an approved proposal back, within a day; what has moved on since stays.

    Raises:
        ProposalGone, ProposalNotYours, ProposalRefused: see there.
    """
    row = _found(number, by)
    if row.state != State.APPROVED or row.decided_at is None:
        raise ProposalRefused("It is not in force, so there is nothing to undo.", fix="Look at its state.")
    hours = latest().policy.of(BalanceNumbers).undo_hours
    if now > row.decided_at + timedelta(hours=hours):
        raise ProposalRefused(
            f"It was approved more than {hours} hours ago; customers may have been told.",
            fix="Propose anew, and move single accounts back.",
        )
    moves = list(row.moves.exclude(applied_at=None).select_related("account").order_by("pk"))
    back = [
        OwnerChange(each.account_id, _receiver(each), _giver(each), "the proposal was undone")
        for each in moves
    ]
    gone = set(change_owners(back, by=by, now=now))
    row.state, row.undone_at, row.undone_by = State.UNDONE, now, by.name[:120]
    row.save(update_fields=["state", "undone_at", "undone_by"])
    audit.record(by, "proposal.undone", _thing(row), at=now, after={"state": row.state}, rows=len(gone))
    return Applied(len(gone), tuple(each.account.key for each in moves if each.account_id not in gone))


@transaction.atomic
def move_by_hand(number: int, account: int, receiver: Held, *, by: Viewer, now: datetime) -> None:
    """Give an account of an open proposal to somebody else than it proposed; to its owner takes it out.

    Args:
        receiver: a person or a pool, by its id.

    Raises:
        ProposalGone, ProposalNotYours, ProposalRefused: see there; also for whom it is not about.
    """
    row = _open(number, by)
    person, pool = receiver
    if person not in row.asked["people"] and pool not in row.asked.get("pools", ()):
        raise ProposalRefused("This proposal is not about them.", fix="Choose somebody on its list.")
    move = row.moves.filter(account=account).first()
    owner = owning_now(SYSTEM, Ids.of([account])).get(account, NOBODY)
    giver = owner if move is None else _giver(move)
    if giver == receiver:
        row.moves.filter(account=account).delete()
    else:
        changed = {"reason": BY_HAND, "improves": {}, "by_hand": True}
        ProposalMove.objects.update_or_create(
            proposal=row, account_id=account, defaults=_sides(giver, receiver) | changed
        )
    said = {"account": account, "receiver": person} if pool is None else {"account": account, "pool": pool}
    audit.record(by, "proposal.changed", _thing(row), at=now, after=said)


def _asked(found: Proposed) -> dict[str, Any]:
    """Return what was asked, and whom it is about, as it is kept."""
    person, pool = held_by(found.question.person)
    return {
        "moves": found.question.moves,
        "person": person,
        "pool": pool,
        "account": found.question.account,
        "people": list(found.gathered.people),
        "pools": [-each for each in found.gathered.pools],
    }


def _left_behind(found: Proposed) -> dict[int, Held]:
    """Return who gives what nobody in the books owns, where they have left or never were there."""
    accounts = Ids.of(each.account for each in found.answer.moves if each.giver is None)
    held = owning_now(SYSTEM, accounts)
    gone = gone_now(SYSTEM, (person for person, _ in held.values()))
    return {account: (person, None) for account, (person, _) in held.items() if person in gone}


def _giver(move: ProposalMove) -> Held:
    return move.giver_id, move.giver_pool_id


def _receiver(move: ProposalMove) -> Held:
    return move.receiver_id, move.receiver_pool_id


def _sides(giver: Held, receiver: Held) -> dict[str, Any]:
    """Return from whom to whom, as a move is kept."""
    return {
        "giver_id": giver[0],
        "giver_pool_id": giver[1],
        "receiver_id": receiver[0],
        "receiver_pool_id": receiver[1],
    }


def _found(number: int, by: Viewer) -> Proposal:
    row = Proposal.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise ProposalGone(f"There is no proposal {number}.", fix="See `evenbook book list`.")
    _require(by, row.asked["people"], row.asked.get("pools", ()))
    return row


def _open(number: int, by: Viewer) -> Proposal:
    row = _found(number, by)
    if row.state != State.OPEN:
        raise ProposalRefused(
            f"This proposal was {State(row.state).label.lower()} already.", fix="Propose anew."
        )
    return row


def _decided(row: Proposal, state: str, note: str, *, by: Viewer, now: datetime) -> None:
    row.state, row.note = state, note.strip()[:LONGEST_NOTE]
    row.decided_at, row.decided_by = now, by.name[:120]
    row.save(update_fields=["state", "note", "decided_at", "decided_by"])


def _require(by: Viewer, people: Iterable[int | None], pools: Iterable[int | None]) -> None:
    """Let pass whoever leads these people, and all who are in these pools now."""
    some = {each for each in pools if each is not None}
    concerned = {each for each in people if each is not None} | members_now(by, some)
    if not may_move_accounts(by, concerned) or not some <= {each.id for each in pools_seen(by)}:
        raise ProposalNotYours(
            "Accounts are moved by operations, and by those who lead everybody concerned.",
            fix="Ask one of them, or use --as with their mail.",
        )


def _thing(row: Proposal) -> audit.Thing:
    return audit.Thing("proposal", str(row.pk), str(row))
