"""Announcing a handoff, giving one of its accounts to somebody else, and calling it off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from evenbook.book.access import may_act_for, may_move_accounts
from evenbook.book.actions.handovers import (
    announce_handovers,
    arrange_leave,
    call_off_handovers,
    call_off_leave,
    redirect_handover,
)
from evenbook.briefings.actions.passing_on import keep_roles
from evenbook.briefings.actions.telling import tell_receivers
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.briefings.queries.handoffs import visible
from evenbook.briefings.queries.plans import (
    HandoffNotYours,
    HandoffRefused,
    HandoffWanted,
    Plan,
    plan,
    receiver_for,
    today_of,
)
from evenbook.briefings.rules.window import BRIEFS, LEAVE, ROLE_PASSED
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import happened
from evenbook.screens.shown import day_text


class NoSuchHandoff(EvenbookError):
    """A handoff, or an account in one, that is not there or that who asks may not see."""

    kind = "no-such-handoff"
    status = 404


class HandoffOver(EvenbookError):
    """A handoff that was called off, or an account in it that is confirmed."""

    kind = "handoff-over"
    status = 409


def announce(wanted: HandoffWanted, *, by: Viewer, now: datetime) -> int:
    """Announce a handoff of what somebody owns and has a role on now, and return its number.

    Loops that ask for the transfer briefs open with the next refresh. A leave is written into the book
    with its cover, to whom loops pass meanwhile. No account gets another owner, and no role another holder.

    Raises:
        HandoffNotYours: who asks is neither the giver nor leads them.
        HandoffRefused: it can't be; see ``queries.plans``.
    """
    found = plan(by, wanted, now=now)
    try:
        with transaction.atomic():
            return _announced(found, by=by, now=now)
    except IntegrityError:
        raise HandoffRefused(
            f"A handoff of {found.giver.name} from {day_text(found.first_on)} is announced already.",
            fix="Look at the list of handoffs.",
        ) from None


def redirect(number: int, account: str, receiver: str, *, by: Viewer, now: datetime) -> None:
    """Let somebody else receive one account of a handoff, as long as nobody has confirmed it.

    Raises:
        NoSuchHandoff: there is none of this number, or no such account in it.
        HandoffNotYours: who asks is neither the giver nor leads them.
        HandoffOver: it was called off, or the account is confirmed.
        HandoffRefused: the new receiver can't receive it.
    """
    with transaction.atomic():
        handoff = arranged(number, by=by)
        if handoff.reason == ROLE_PASSED:
            raise HandoffRefused(
                f"It is decided that {handoff.receiver} receives this role.",
                fix="Call the handoff off, then give the role to somebody else on the account's page.",
            )
        row = account_in(handoff, account)
        if row.confirmed_at is not None:
            raise HandoffOver(
                f"{row.handover.receiver} has confirmed this account already.",
                fix="They take it back first, where it is to go to somebody else.",
            )
        person = receiver_for(by, receiver, giver_id=handoff.giver_id, first_on=handoff.first_on)
        before = row.handover.receiver
        if person.id == before.pk:
            return
        redirect_handover(row.handover_id, person.id)
        told = {"account": account, "receiver": person.key}
        tell_receivers(handoff, [(person.id, person.name)], now=now)
        record(
            by, "handoff.redirected", thing_of(handoff), at=now, before={"receiver": before.key}, after=told
        )


def call_off(number: int, *, by: Viewer, now: datetime) -> None:
    """Call a handoff off: its open loops are withdrawn, and a leave that it wrote goes. Twice does no harm.

    A role that was to pass on later stays with whoever has it; one that has passed on is not given back.

    Raises:
        NoSuchHandoff: there is none of this number.
        HandoffNotYours: who asks is neither the giver nor leads them.
    """
    with transaction.atomic():
        handoff = arranged(number, by=by, may_be_over=True)
        if handoff.called_off_at is not None:
            return
        if handoff.reason == ROLE_PASSED:
            _must_lead(handoff, by=by)
            keep_roles(handoff, by=by, now=now)
        handoff.called_off_at, handoff.called_off_by = now, by.name[:120]
        handoff.save(update_fields=["called_off_at", "called_off_by"])
        rows = list(handoff.accounts.values_list("handover", "handover__account"))
        call_off_handovers((handover for handover, _ in rows), now=now)
        if handoff.made_leave:
            call_off_leave(handoff.giver_id, handoff.first_on, today=today_of(by, now), now=now)
        record(by, "handoff.called-off", thing_of(handoff), at=now, rows=len(rows))
        happened("handoff.called-off", accounts=[account for _, account in rows], by=by.name, now=now)


def held(number: int, *, by: Viewer) -> Handoff:
    """Return a handoff that the viewer may see, locked until the transaction ends.

    Raises:
        NoSuchHandoff: there is none.
    """
    found = visible(by).filter(pk=number).select_for_update(of=("self",)).first()
    if found is None:
        raise NoSuchHandoff(
            f"There is no handoff {number} that you may see.", fix="List them: evenbook handoff list"
        )
    return found


def must_be_on(handoff: Handoff) -> None:
    """Refuse a handoff that was called off.

    Raises:
        HandoffOver: it was.
    """
    if handoff.called_off_at is not None:
        raise HandoffOver(
            f"This handoff was called off on {day_text(handoff.called_off_at.date())} "
            f"by {handoff.called_off_by}.",
            fix="Announce a new one where it is needed after all.",
        )


def arranged(number: int, *, by: Viewer, may_be_over: bool = False) -> Handoff:
    """Return a handoff, locked, that the viewer may change; see ``held`` and ``must_be_on``.

    Raises:
        HandoffNotYours: they are neither its giver nor lead them.
    """
    handoff = held(number, by=by)
    if not may_act_for(by, handoff.giver_id):
        raise HandoffNotYours(
            f"The handoff of {handoff.giver} is not yours to change.",
            fix="They do it themselves, or who leads them, or operations.",
        )
    if not may_be_over:
        must_be_on(handoff)
    return handoff


def _must_lead(handoff: Handoff, *, by: Viewer) -> None:
    """Refuse who may not take a decided role back: its giver did not decide it.

    Raises:
        HandoffNotYours: they neither lead the giver nor are in operations.
    """
    if not may_move_accounts(by, [handoff.giver_id]):
        raise HandoffNotYours(
            f"That a role of {handoff.giver} passes on was decided, and is not yours to call off.",
            fix="Ask who leads them, or operations.",
        )


def account_in(handoff: Handoff, account: str) -> HandoffAccount:
    """Return an account of a handoff by its key.

    Raises:
        NoSuchHandoff: it is not in it.
    """
    called = Q(handover__account__key=account) | Q(handover__account__merged_into__key=account)
    rows = handoff.accounts.select_related("handover__receiver", "handover__account")
    found = rows.filter(called).first() if "\x00" not in account else None
    if found is None:
        raise NoSuchHandoff(
            f"The account '{account[:80]}' is not in this handoff.", fix="Look at its list of accounts."
        )
    return found


def thing_of(handoff: Handoff) -> Thing:
    """Return a handoff as the audit trail names it."""
    return Thing("handoff", str(handoff.pk), str(handoff))


def _announced(found: Plan, *, by: Viewer, now: datetime) -> int:
    made_leave = False
    if found.reason == LEAVE and found.back_on is not None:
        last_on, cover = found.back_on - timedelta(days=1), found.receiver.id
        made_leave = arrange_leave(found.giver.id, found.first_on, last_on, cover=cover, now=now)
    handoff = Handoff.objects.create(
        giver_id=found.giver.id,
        receiver_id=found.receiver.id,
        reason=found.reason,
        first_on=found.first_on,
        back_on=found.back_on,
        asks=found.asks,
        made_leave=made_leave,
        announced_at=now,
        announced_by=by.name[:120],
    )
    handovers = announce_handovers(
        {account: person.id for account, person in found.receivers.items()},
        giver=found.giver.id,
        first_on=found.first_on,
        back_on=found.back_on,
        asks_brief=found.asks == BRIEFS,
        now=now,
        roles=found.roles,
    )
    HandoffAccount.objects.bulk_create(
        HandoffAccount(handoff=handoff, handover_id=handover) for handover in handovers
    )
    told = {
        "reason": found.reason,
        "first_on": found.first_on.isoformat(),
        "back_on": found.back_on.isoformat() if found.back_on else None,
        "receiver": found.receiver.key,
        "asks": found.asks,
    }
    record(by, "handoff.announced", thing_of(handoff), at=now, after=told, rows=len(handovers))
    tell_receivers(handoff, [(each.id, each.name) for each in found.receivers.values()], now=now)
    happened("handoff.announced", accounts=found.receivers, by=by.name, now=now)
    return handoff.pk
