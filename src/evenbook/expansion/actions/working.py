"""Taking an opening to yes or no: answer it, bring it into talks, close it, give it on, release it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.actions.writing import Written
from evenbook.book.known import teammates
from evenbook.expansion.actions.opening import NoSuchOpening, OpeningRefused, thing_of
from evenbook.expansion.actions.telling import tell_owner
from evenbook.expansion.models import LONGEST_NAME, LONGEST_REASON, Opening, OpeningEvent
from evenbook.expansion.queries.openings import may_lead, may_work, visible
from evenbook.expansion.rules.moving import ENDS, Move, fault_of
from evenbook.kit.keys import storable
from evenbook.people.audit import record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest

Kind = OpeningEvent.Kind


def move(number: int, wanted: Move, *, by: Viewer, now: datetime) -> bool:
    """Move an opening on; return whether that is new. What it is already changes nothing.

    Args:
        number: of the opening.
        wanted: to which state, for how much, and why.
        by, now: its owner, a leader who opens the account, or operations; when.

    Raises:
        NoSuchOpening: there is none that they may see.
        OpeningRefused: it is not theirs, or the move can't be made.
    """
    wanted = Move(wanted.to, wanted.amount_cents, wanted.currency.strip().upper(), _line(wanted.reason))
    with transaction.atomic():
        row = _held(number, by)
        if row.state == wanted.to:
            return False
        what, fix = fault_of(row.state, wanted, is_held=is_held(row), currencies=currencies())
        if what:
            raise OpeningRefused(what, fix=fix)
        before = {"state": row.state}
        _moved(row, wanted, now)
        _event(row, Kind(wanted.to), wanted, by=by, now=now)
        after = {"state": row.state, "amount_cents": row.amount_cents, "reason": row.reason}
        record(by, f"opening.{wanted.to}", thing_of(row), at=now, before=before, after=after)
    return True


def give(number: int, person: str, reason: str, *, by: Viewer, now: datetime) -> bool:
    """Give an opening to another closer; return whether that is new.

    Args:
        number: of the opening.
        person: the key of whoever takes it to yes or no from now on.
        reason: why, never empty.
        by, now: a leader who opens the account, or operations; when.

    Raises:
        NoSuchOpening: there is none that they may see.
        OpeningRefused: it is not theirs, it has ended, there is nobody of this key, or no reason.
    """
    reason = _reason(reason)
    with transaction.atomic():
        row = _led(number, by)
        people = {each.key: each for each in teammates(by, here_from=now.date(), here_until=now.date())}
        who = people.get(person)
        if who is None:
            raise OpeningRefused(f"There is nobody '{person[:40]}' in the team today.", fix="Give a key.")
        if row.owner_id == who.id:
            return False
        before = {"owner": row.owner.key if row.owner else ""}
        row.owner_id, row.routed = who.id, reason
        row.save(update_fields=["owner", "routed"])
        _event(row, Kind.ROUTED, Move("", reason=reason), by=by, now=now)
        record(by, "opening.given", thing_of(row), at=now, before=before, after={"owner": who.key})
    tell_owner(row.pk, now=now)
    return True


def release(number: int, reason: str, *, by: Viewer, now: datetime) -> bool:
    """Let outreach begin though the account is still being saved; return whether it was held.

    Raises:
        NoSuchOpening: there is none that they may see.
        OpeningRefused: it is not theirs, it has ended, or there is no reason.
    """
    reason = _reason(reason)
    with transaction.atomic():
        row = _led(number, by)
        if not is_held(row):
            return False
        row.released_at = now
        row.save(update_fields=["released_at"])
        _event(row, Kind.RELEASED, Move("", reason=reason), by=by, now=now)
        record(by, "opening.released", thing_of(row), at=now, after={"reason": reason})
    return True


def is_held(row: Opening) -> bool:
    """Return whether nobody reaches out because the account is being saved."""
    return row.held_at is not None and row.released_at is None


def currencies() -> tuple[str, ...]:
    """Return the organization's currency and those that the policy has a rate for."""
    numbers = latest().policy.of(OrganizationNumbers)
    return (numbers.currency, *(each.currency for each in numbers.exchange_rates))


def _moved(row: Opening, wanted: Move, now: datetime) -> None:
    row.state = wanted.to
    if wanted.to in ENDS:
        row.closed_at, row.reason = now, wanted.reason
    if wanted.amount_cents is not None:
        row.amount_cents, row.currency = wanted.amount_cents, wanted.currency
    if row.answered_at is None and wanted.to != Opening.State.DROPPED:
        row.answered_at = now
    row.save(update_fields=["state", "closed_at", "reason", "amount_cents", "currency", "answered_at"])


def _event(row: Opening, kind: OpeningEvent.Kind, said: Move, *, by: Viewer, now: datetime) -> None:
    OpeningEvent.objects.create(
        opening=row,
        kind=kind,
        at=now,
        by=by.name[:LONGEST_NAME],
        owner_id=row.owner_id,
        amount_cents=said.amount_cents,
        currency=said.currency if said.amount_cents is not None else "",
        reason=said.reason,
    )
    written = Written()
    written.add(OpeningEvent, [now])
    written.flush(now)


def _seen(number: int, by: Viewer) -> Opening:
    row = visible(by).select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise NoSuchOpening("There is no such opening that you may see.", fix="Look at Expansion again.")
    return row


def _held(number: int, by: Viewer) -> Opening:
    row = _seen(number, by)
    if not may_work(by, row.owner_id, row.account_id):
        raise OpeningRefused("Its owner takes it to yes or no.", fix="Ask them, or a leader.")
    return row


def _led(number: int, by: Viewer) -> Opening:
    row = _seen(number, by)
    if not may_lead(by, row.account_id):
        raise OpeningRefused("This is for a leader or operations.", fix="Ask them.")
    if row.state in ENDS:
        raise OpeningRefused("It has come to its end.", fix="Open a new one.")
    return row


def _line(text: str) -> str:
    said = " ".join(storable(text).split())
    if len(said) > LONGEST_REASON:
        raise OpeningRefused(f"The reason has more than {LONGEST_REASON} characters.", fix="Say it shorter.")
    return said


def _reason(text: str) -> str:
    said = _line(text)
    if not any(sign.isalnum() for sign in said):
        raise OpeningRefused("It has no reason.", fix="Say why, for whoever reads it later.")
    return said
